// Where something lies, chosen on a map beside two number fields: each follows the other. Without script the fields stay.
import { mapOf } from "./map.js";

const NEAR = 4; // times enlarged, once there is somewhere to look at

for (const part of document.querySelectorAll("[data-place]")) {
  const { frame, starts } = JSON.parse(part.querySelector("script[type='application/json']").textContent);
  const lon = document.getElementById(part.dataset.lon);
  const lat = document.getElementById(part.dataset.lat);
  const said = part.querySelector("[data-place-said]");
  const map = mapOf(part.querySelector("[data-map]"), frame, {
    chosen(east, north) {
      [lon.value, lat.value] = [east.toFixed(5), north.toFixed(5)]; // about a metre
      said.textContent = said.dataset.text.replace("{lon}", lon.value).replace("{lat}", lat.value);
    },
  });

  /** What stands in the fields, shown; nothing where they are empty or lie elsewhere. */
  function follow() {
    const typed = [lon.valueAsNumber, lat.valueAsNumber];
    if (typed.some(Number.isNaN) || !map.holds(...typed)) return map.forget();
    map.choose(...typed, { quietly: true });
    if (map.zoom === 1) map.look(NEAR);
  }
  lon.addEventListener("change", follow);
  lat.addEventListener("change", follow);
  part.querySelector("select").addEventListener("change", (event) => {
    const start = starts.find((each) => each.key === event.target.value);
    if (!start) return map.look(1);
    map.choose(start.lon, start.lat);
    map.look(NEAR);
  });
  follow();
}

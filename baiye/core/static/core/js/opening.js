// A page of something that opens at a minute: counts down by the server's clock, lets the button go in time, and has
// the live number asked for once it is open, while someone looks. Without this file the button answers by itself.
//
//   <p data-opens-in="93" data-text="还有 {left} 开放" data-over="现在开放了" data-units="{n} 天|{n} 小时|{n} 分|{n} 秒">…</p>
//   <button data-when-open>预约</button>
//   <span data-live hx-get="…/free/" hx-trigger="every 2s" hx-swap="outerHTML">余 6</span>

const SIZES = [86400, 3600, 60, 1];
const clocks = [...document.querySelectorAll("[data-opens-in]")].map((element) => ({
  element,
  end: Date.now() + 1000 * Number(element.dataset.opensIn),
  units: element.dataset.units.split("|"),
}));
const buttons = document.querySelectorAll("[data-when-open]");
let timer;

/** 93 seconds → 1 分 33 秒: the two largest units. */
function words(seconds, units) {
  const first = Math.max(SIZES.findIndex((size) => seconds >= size), 0);
  let rest = seconds;
  const parts = SIZES.slice(first, first + 2).map((size, index) => {
    const n = Math.floor(rest / size);
    rest -= n * size;
    return units[first + index].replace("{n}", n);
  });
  return parts.join(" ");
}

function tick() {
  let waiting = false;
  for (const { element, end, units } of clocks) {
    const seconds = Math.ceil((end - Date.now()) / 1000);
    waiting ||= seconds > 0;
    element.textContent = seconds > 0 ? element.dataset.text.replace("{left}", words(seconds, units)) : element.dataset.over;
  }
  for (const button of buttons) button.disabled = waiting;
  if (!waiting) clearInterval(timer);
}

document.addEventListener("htmx:configRequest", (event) => {
  const idle = document.hidden || [...buttons].some((button) => button.disabled); // nobody looks, or it has not opened
  if (idle && event.detail.elt.matches("[data-live]")) event.preventDefault();
});
if (clocks.length) {
  timer = setInterval(tick, 1000);
  tick();
}

// What a child reaches on foot from a point chosen here. The point is kept in this browser alone (localStorage): it is
// never sent. The page gets every public point once and reckons the walk itself, by the formula the server hands over.
import { mapOf } from "./map.js";

const KEPT = "baiye.near";
const APART = 21; // two pins touch at this distance
const SVG = "http://www.w3.org/2000/svg";
const root = document.querySelector("[data-near]");
const part = (name) => root.querySelector(`[data-${name}]`);
const { walk, frame } = JSON.parse(document.getElementById("near-settings").textContent);
const form = root.querySelector("form");
const said = part("said");
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, key) => values[key]);

let data = { places: [], starts: [] };
let from = null; // {lon, lat, name}
let shown = []; // [place, number] as they stand in the list

/** The straight line in metres, flat: registry.queries.register.metres. */
function metres(a, b) {
  const east = (b.lon - a.lon) * walk.m_a_degree * Math.cos((a.lat * Math.PI) / 180);
  return Math.hypot(east, (b.lat - a.lat) * walk.m_a_degree);
}
const minutesTo = (far) => Math.ceil((far * walk.detour) / walk.m_a_minute);

const map = root.querySelector("[data-map]")
  ? mapOf(root.querySelector("[data-map]"), frame, {
      chosen: (lon, lat) => start({ lon, lat, name: part("from").dataset.point }),
      drawn: drawPins,
      settled: () => part("heading").focus(),
    })
  : null;

// ── where one starts ──
function start(point, { keep = true } = {}) {
  from = point;
  part("forget").hidden = false;
  part("trouble").hidden = true;
  if (keep) store({ ...point, minutes: form.elements.minutes.value, kind: form.elements.kind.value });
  list();
}

/** Go there, and let the map show it large enough to tell places apart. */
function go(point, options) {
  if (map && !map.holds(point.lon, point.lat)) return trouble("outside");
  map?.choose(point.lon, point.lat, { quietly: true });
  if (map?.zoom === 1) map.look(4);
  start(point, options);
}

function store(value) {
  try {
    if (value) localStorage.setItem(KEPT, JSON.stringify(value));
    else localStorage.removeItem(KEPT);
  } catch {
    // a browser that keeps nothing: the page works, and forgets
  }
}

function stored() {
  try {
    const value = JSON.parse(localStorage.getItem(KEPT));
    return Number.isFinite(value?.lon) && Number.isFinite(value?.lat) ? value : null;
  } catch {
    return null;
  }
}

function trouble(name, values = {}) {
  said.textContent = fill(said.dataset[name], values);
  part("trouble").textContent = said.textContent;
  part("trouble").hidden = false;
}

// ── the list ──
function list() {
  const minutes = Number(form.elements.minutes.value);
  const kind = form.elements.kind.value;
  const timed = data.places
    .filter((place) => !kind || place.things.some((thing) => thing.kind === kind))
    .map((place) => ({ place, far: metres(from, place) }))
    .sort((a, b) => a.far - b.far || (a.place.name < b.place.name ? -1 : 1))
    .map(({ place, far }) => ({ place, minutes: minutesTo(far) }));
  const near = timed.filter((row) => row.minutes <= minutes).map((row, index) => ({ ...row, number: index + 1 }));
  const far = timed.filter((row) => row.minutes > minutes).slice(0, walk.farther);

  part("list").replaceChildren(...near.map(line));
  part("farther").replaceChildren(...far.map(line));
  part("farther-heading").hidden = far.length === 0;
  root.querySelector("div[data-none]").hidden = near.length > 0;
  part("results").hidden = false;
  part("start").hidden = true;
  part("heading").textContent = fill(part("heading").dataset.text, { minutes, n: near.length });
  part("from").textContent = fill(part("from").dataset.text, { name: from.name });
  said.textContent = near.length
    ? fill(said.dataset.found, { n: near.length, first: near[0].minutes })
    : fill(said.dataset.none, { minutes });
  shown = near;
  drawPins();
}

function line({ place, minutes, number }) {
  const row = part("place-pattern").content.cloneNode(true).querySelector("li");
  const put = (name, text) => (row.querySelector(`[data-${name}]`).textContent = text);
  put("number", number ?? "");
  put("minutes", fill(row.querySelector("[data-minutes]").dataset.text, { n: minutes }));
  put("street", place.street);
  link(row.querySelector("[data-name]"), place.name, place.url);
  if (!place.street) row.querySelector("[data-street]").parentElement.remove();
  row.querySelector("[data-things]").replaceChildren(...place.things.map(what));
  return row;
}

function what(thing) {
  const row = part("thing-pattern").content.cloneNode(true).querySelector("li");
  row.dataset.kind = thing.kind;
  link(row.querySelector("[data-title]"), thing.title, thing.url);
  row.querySelector("[data-note]").textContent = thing.note;
  if (!thing.is_example) row.querySelector("[data-example]").remove();
  return row;
}

function link(holder, text, url) {
  if (!url) return (holder.textContent = text);
  const anchor = document.createElement("a");
  [anchor.href, anchor.textContent] = [url, text];
  holder.replaceChildren(anchor);
}

// ── the map ──
function drawPins() {
  if (!map) return;
  const near = apart(shown.map((row) => map.place(row.place.lon, row.place.lat)));
  const others = data.places.filter((place) => !shown.some((row) => row.place === place));
  const marks = others.map((place) => circle("crowd", ...map.place(place.lon, place.lat), 3));
  if (from) {
    const reach = (Number(form.elements.minutes.value) * walk.m_a_minute) / walk.detour;
    marks.unshift(circle("walk", ...map.place(from.lon, from.lat), map.length(reach, walk.m_a_degree)));
  }
  near.forEach(([x, y], index) => marks.push(pin(x, y, index + 1)));
  map.marks.replaceChildren(...marks);
}

function draw(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}
const circle = (css, cx, cy, r) => draw("circle", { class: css, cx, cy, r });

function pin(x, y, number) {
  const group = draw("g", { class: "pin" });
  const text = draw("text", { x, y, dy: 4, "text-anchor": "middle" });
  text.textContent = number;
  group.append(draw("circle", { cx: x, cy: y, r: 10 }), text);
  return group;
}

/** Pushed apart until none covers another, as registry.sketch.apart. */
function apart(points) {
  const moved = points.map((point) => [...point]);
  for (let round = 0; round < 40; round += 1) {
    let met = false;
    for (let a = 1; a < moved.length; a += 1) {
      for (let b = 0; b < a; b += 1) {
        const gap = Math.hypot(moved[a][0] - moved[b][0], moved[a][1] - moved[b][1]);
        if (gap >= APART) continue;
        met = true;
        const way = gap ? [0, 1].map((axis) => (moved[a][axis] - moved[b][axis]) / gap) : [0, 1];
        for (const axis of [0, 1]) {
          moved[a][axis] += (way[axis] * (APART - gap)) / 2;
          moved[b][axis] -= (way[axis] * (APART - gap)) / 2;
        }
      }
    }
    if (!met) break;
  }
  return moved;
}

// ── asking ──
const names = () => [...data.starts, ...data.places];

/** What the words mean: a name, a name that begins so, or one that holds them. */
function meant(text) {
  const is = [(name) => name === text, (name) => name.startsWith(text), (name) => name.includes(text)];
  for (const fits of is) {
    const found = names().find((each) => fits(each.name));
    if (found) return { lon: found.lon, lat: found.lat, name: found.name };
  }
  return null;
}

form.addEventListener("submit", (event) => {
  if (!part("nojs").hidden) return; // no points came: the server answers
  event.preventDefault();
  const text = document.getElementById("near-place").value.trim();
  const point = text ? meant(text) : from;
  if (text && !point) return trouble("unknown", { text });
  if (!point) return document.getElementById("near-place").focus();
  if (text) go(point);
  else start(point);
  part("heading").focus();
});
form.addEventListener("change", (event) => {
  if (event.target.name && from) start(from); // minutes, kind
});
part("locate").addEventListener("click", () => {
  if (!navigator.geolocation) return trouble("denied");
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => go({ lon: coords.longitude, lat: coords.latitude, name: part("from").dataset.here }),
    () => trouble("denied"),
    { timeout: 10000 },
  );
});
part("forget").addEventListener("click", () => {
  store(null);
  from = null;
  shown = [];
  document.getElementById("near-place").value = "";
  part("results").hidden = true;
  part("start").hidden = false;
  part("forget").hidden = true;
  map?.forget();
  document.getElementById("near-place").focus();
});

/** No points came: no map either, for it would find nothing. */
function without() {
  root.querySelector("[data-map]")?.closest("[data-js]").toggleAttribute("hidden", true);
}

async function begin() {
  const answer = await fetch(root.dataset.points).catch(() => null);
  if (!answer?.ok) return without(); // the page of the server stands, and its form asks the server
  data = await answer.json();
  part("nojs").hidden = true;
  root.querySelectorAll("[data-ready]").forEach((element) => (element.hidden = false));
  document.getElementById("near-names").replaceChildren(
    ...[...new Set(names().map((each) => each.name))].map((name) => Object.assign(document.createElement("option"), { value: name })),
  );
  const asked = data.starts.find((each) => each.key === form.elements.start.value);
  const kept = stored();
  if (asked) return go(asked, { keep: false });
  if (!kept) return drawPins();
  for (const name of ["minutes", "kind"]) {
    const field = form.elements[name];
    if ([...field.options].some((option) => option.value === kept[name])) field.value = kept[name];
  }
  go(kept);
}
begin();

// A schematic map on which one chooses a point. What is chosen stays on the page: this file sends and stores nothing.
//
//   <div data-map tabindex="0" role="application"> <svg> <g data-map-ground>…</g> <g data-map-towns><text x y>…</text></g>
//     <g data-map-marks></g> <g data-map-cross>…</g> </svg> <button data-map-in> <button data-map-out> </div>
//
// Three kinds of places: WGS84 (lon, lat) · the picture, as the server drew it · the screen, which is the picture seen
// through a window: enlarged `zoom` times around `middle`. Names and pins keep their size, only their places change.

const STEP = 10; // of the screen, for an arrow key
const ZOOMS = [1, 2, 4, 8, 16];

/**
 * The map in `box`; `frame` is registry.sketch.Frame.data(). `chosen(lon, lat)` hears of each choice, `drawn()` of each
 * new window, `settled()` of Enter, by which a choice made with arrow keys is done.
 */
export function mapOf(box, frame, { chosen = () => {}, drawn = () => {}, settled = () => {} } = {}) {
  const svg = box.querySelector("svg");
  const part = (name) => svg.querySelector(`[data-map-${name}]`);
  const towns = [...part("towns").children].map((text) => [text, Number(text.getAttribute("x")), Number(text.getAttribute("y"))]);
  const centre = [frame.width / 2, frame.height / 2];
  let zoom = 1;
  let middle = centre;
  let point = null; // in the picture

  const toPicture = (lon, lat) => [
    (lon - frame.west) * frame.across * frame.scale + frame.margin,
    (frame.north - lat) * frame.scale + frame.margin,
  ];
  const toWorld = ([x, y]) => [
    (x - frame.margin) / (frame.across * frame.scale) + frame.west,
    frame.north - (y - frame.margin) / frame.scale,
  ];
  const toScreen = ([x, y]) => [(x - middle[0]) * zoom + centre[0], (y - middle[1]) * zoom + centre[1]];
  const fromScreen = ([x, y]) => [(x - centre[0]) / zoom + middle[0], (y - centre[1]) / zoom + middle[1]];
  const within = ([x, y]) => [Math.min(Math.max(x, 0), frame.width), Math.min(Math.max(y, 0), frame.height)];

  function draw() {
    const [x, y] = toScreen([0, 0]);
    part("ground").setAttribute("transform", `translate(${x} ${y}) scale(${zoom})`);
    for (const [text, ...at] of towns) {
      const [left, top] = toScreen(at);
      text.setAttribute("x", left);
      text.setAttribute("y", top);
    }
    const cross = part("cross");
    if (point) cross.setAttribute("transform", `translate(${toScreen(point).join(" ")})`);
    cross.toggleAttribute("display", false);
    if (!point) cross.setAttribute("display", "none");
    drawn();
  }

  /** Look from so high, at what is chosen or at the whole. */
  function look(to) {
    zoom = ZOOMS.reduce((best, each) => (Math.abs(each - to) < Math.abs(best - to) ? each : best));
    middle = zoom === 1 || !point ? centre : point;
    draw();
  }

  function take(at) {
    point = within(at);
    look(zoom);
    chosen(...toWorld(point));
  }

  box.addEventListener("click", (event) => {
    if (event.target.closest("[data-map-in]")) return look(zoom * 2);
    if (event.target.closest("[data-map-out]")) return look(zoom / 2);
    if (event.target.closest("a, button")) return;
    const place = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    take(fromScreen([place.x, place.y]));
  });

  box.addEventListener("keydown", (event) => {
    if (event.target !== box || event.ctrlKey || event.altKey || event.metaKey) return;
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (way) {
      const far = ((event.shiftKey ? 4 : 1) * STEP) / zoom;
      const from = point ?? centre;
      take(point ? [from[0] + way[0] * far, from[1] + way[1] * far] : from); // the first press shows the cross-hair
    } else if (event.key === "+" || event.key === "=") look(zoom * 2);
    else if (event.key === "-") look(zoom / 2);
    else if (event.key === "Enter" && point) settled();
    else return;
    event.preventDefault();
  });

  return {
    /** Where a place lies on the screen now. */
    place: (lon, lat) => toScreen(toPicture(lon, lat)),
    /** So many metres on the screen now; `m_a_degree` of latitude. */
    length: (metres, m_a_degree) => (metres / m_a_degree) * frame.scale * zoom,
    /** Whether a place lies on the map at all. */
    holds: (lon, lat) => toPicture(lon, lat).every((value, axis) => value >= 0 && value <= [frame.width, frame.height][axis]),
    /** Put the cross-hair there, as if it had been chosen by hand, or quietly. */
    choose(lon, lat, { quietly = false } = {}) {
      point = within(toPicture(lon, lat));
      look(zoom);
      if (!quietly) chosen(lon, lat);
    },
    /** Take the cross-hair away. */
    forget() {
      point = null;
      look(1);
    },
    look,
    get zoom() {
      return zoom;
    },
    marks: part("marks"),
  };
}

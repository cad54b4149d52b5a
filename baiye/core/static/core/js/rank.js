// Ranking by ↑↓ and by dragging the grip. Without this file each arrow is a submit that the server answers.
//
//   <form method="post" data-rank [data-rank-save="/address/"]>   saved by itself after each move, if there is an address
//     <input type="hidden" name="version" value="…">   optional: the answer's X-Version takes its place; 409 = changed elsewhere
//     <p class="vh" role="status" data-rank-said data-text="{name}现在是第 {n} 志愿"></p>
//     <ol><li data-rank-item data-name="面点"> <input type="hidden" name="course" value="7">
//       <span data-rank-grip hidden>…</span> <span data-rank-no>1</span>
//       <button name="up" value="7" data-rank-up data-label="把{name}上移到第 {n} 志愿">…</button>
//       <button name="down" value="7" data-rank-down data-label="把{name}下移到第 {n} 志愿">…</button></li></ol>
//     <small data-rank-saved data-text="已自动保存 {time}" data-failed="还没存上，联网后再试"></small>

for (const form of document.querySelectorAll("form[data-rank]")) rank(form);

function rank(form) {
  const items = () => [...form.querySelectorAll("[data-rank-item]")];
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, key) => values[key]);
  const saved = form.querySelector("[data-rank-saved]");
  let unsaved = 0;
  let queue = Promise.resolve(); // one save after the other: each says which list it was made from

  function number() {
    items().forEach((item, index, all) => {
      item.querySelector("[data-rank-no]").textContent = index + 1;
      for (const [selector, place] of [["[data-rank-up]", index], ["[data-rank-down]", index + 2]]) {
        const button = item.querySelector(selector);
        button.disabled = place < 1 || place > all.length;
        button.setAttribute("aria-label", fill(button.dataset.label, { name: item.dataset.name, n: place }));
      }
    });
  }

  /** One place up (-1) or down (1). The others move, so that the one in hand keeps pointer and focus. */
  function step(item, way) {
    const other = items()[items().indexOf(item) + way];
    if (other && way < 0) item.after(other);
    else if (other) item.before(other);
  }

  function moved(item, focus) {
    number();
    const said = form.querySelector("[data-rank-said]");
    if (said) said.textContent = fill(said.dataset.text, { name: item.dataset.name, n: items().indexOf(item) + 1 });
    const buttons = [focus, item.querySelector("[data-rank-up]"), item.querySelector("[data-rank-down]")];
    buttons.find((button) => button && !button.disabled)?.focus();
    save();
  }

  function save() {
    if (!form.dataset.rankSave) return;
    const turn = ++unsaved;
    queue = queue.then(() => (turn === unsaved ? send(turn) : undefined)); // a newer order follows: only that one
  }

  async function send(turn) {
    try {
      const answer = await fetch(form.dataset.rankSave, { method: "POST", body: new FormData(form), redirect: "manual" });
      if (answer.status === 409) return location.reload(); // changed elsewhere meanwhile: the page says so
      if (answer.status >= 400) throw new Error(String(answer.status));
      const version = answer.headers.get("X-Version");
      if (version !== null && form.elements.version) form.elements.version.value = version;
      if (turn !== unsaved || !saved) return;
      const time = new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });
      saved.textContent = fill(saved.dataset.text, { time });
    } catch {
      if (saved) saved.textContent = saved.dataset.failed;
      addEventListener("online", save, { once: true });
    }
  }

  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-rank-up], [data-rank-down]");
    if (!button) return;
    event.preventDefault();
    const item = button.closest("[data-rank-item]");
    step(item, "rankUp" in button.dataset ? -1 : 1);
    moved(item, button);
  });

  for (const grip of form.querySelectorAll("[data-rank-grip]")) {
    grip.hidden = false;
    const item = grip.closest("[data-rank-item]");
    const follow = (event) => {
      const over = document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-rank-item]");
      if (!over || over === item || !form.contains(over)) return;
      const way = items().indexOf(over) < items().indexOf(item) ? -1 : 1;
      while (items().indexOf(over) * way > items().indexOf(item) * way) step(item, way);
      number();
    };
    grip.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      const before = items().indexOf(item);
      grip.setPointerCapture(event.pointerId);
      grip.addEventListener("pointermove", follow);
      const end = () => {
        grip.removeEventListener("pointermove", follow);
        if (items().indexOf(item) !== before) moved(item);
      };
      for (const name of ["pointerup", "pointercancel"]) grip.addEventListener(name, end, { once: true });
    });
  }
}

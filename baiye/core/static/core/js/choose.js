// A search field with suggestions (a combobox): the address of the form answers choose=<field>&q=<words>. Without this
// script, or where it does not answer, the words are sent with the form and what was found comes back to be ticked.
const WAIT = 180; // ms after the last letter
const $ = (selector, root) => root.querySelector(selector);

// By POST where the form is posted: the words may be somebody's name, and a name stands in no address.
async function ask(form, field, words) {
  const address = new URL(form.getAttribute("action") || location.href, location.href);
  const said = new URLSearchParams({ choose: field, q: words });
  const token = form.querySelector("input[name=csrfmiddlewaretoken]")?.value;
  const posts = form.method === "post";
  if (!posts) address.search = said;
  const headers = { Accept: "application/json", ...(posts && { "X-CSRFToken": token }) };
  const answer = await fetch(address, { method: posts ? "POST" : "GET", body: posts ? said : undefined, headers });
  if (!answer.ok || !answer.headers.get("Content-Type")?.includes("json")) throw new Error("no suggestions here");
  return answer.json();
}

function line(row, id) {
  const item = document.createElement("li");
  item.id = id;
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", "false");
  item.append(row.label);
  if (row.note) item.append(Object.assign(document.createElement("small"), { textContent: row.note }));
  return item;
}

class Choose {
  constructor(box) {
    this.box = box;
    this.name = box.dataset.choose;
    this.input = $("input[type=text]", box);
    this.at = -1;
    this.rows = [];
    this.key = Object.assign(document.createElement("input"), { type: "hidden", name: this.name });
    const ticked = $("input[type=radio]:checked", box);
    const fits = ticked?.closest("label").querySelector("span").firstChild.textContent === this.input.value;
    this.key.value = ticked && fits ? ticked.value : "";
    this.list = Object.assign(document.createElement("ul"), { className: "choose__list", id: `${this.input.id}_list` });
    this.list.hidden = true;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", $("label", box).textContent.trim());
    this.said = Object.assign(document.createElement("p"), { className: "hint" });
    this.said.setAttribute("role", "status");
    this.take();
  }

  // The list to tick is left as it is until the page has answered once: then it knows that it may be replaced.
  take() {
    const { input } = this;
    for (const [name, value] of Object.entries({
      role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id,
    })) input.setAttribute(name, value);
    $(".choose__row", this.box).append(this.list);
    this.box.append(this.said);
    if (!$("input[type=radio]:not(:checked)", this.box)) this.replace();
    input.addEventListener("input", () => this.typed());
    input.addEventListener("keydown", (event) => this.pressed(event));
    input.addEventListener("blur", () => setTimeout(() => this.close(), 150));
    this.list.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
    this.list.addEventListener("click", (event) => {
      const item = event.target.closest("li");
      if (item) this.choose([...this.list.children].indexOf(item));
    });
  }

  replace() {
    $("[data-choose-rows]", this.box)?.remove();
    this.offersFind(false);
    if (!this.key.isConnected) this.box.append(this.key);
  }

  // A hidden button would still be what Enter in another field presses, so it stops to submit.
  offersFind(is) {
    const button = $("[data-choose-find]", this.box);
    button.hidden = !is;
    button.type = is ? "submit" : "button";
  }

  typed() {
    this.key.value = "";
    clearTimeout(this.timer);
    const words = this.input.value.trim();
    if (!words) return this.close();
    this.timer = setTimeout(() => this.look(words), WAIT);
  }

  async look(words) {
    try {
      const found = await ask(this.box.closest("form"), this.name, words);
      if (words !== this.input.value.trim()) return;
      this.replace();
      this.show(found);
    } catch {
      this.close();
      this.offersFind(true);
    }
  }

  show({ rows, more }) {
    this.rows = rows;
    this.at = -1;
    this.list.replaceChildren(...rows.map((row, n) => line(row, `${this.list.id}_${n}`)));
    this.list.hidden = rows.length === 0;
    this.input.setAttribute("aria-expanded", String(rows.length > 0));
    this.input.removeAttribute("aria-activedescendant");
    const { saidNone, saidMore, saidFound } = this.box.dataset;
    this.said.textContent = !rows.length ? saidNone : saidFound.replace("{n}", rows.length) + (more ? saidMore : "");
  }

  move(to) {
    const items = [...this.list.children];
    items[this.at]?.setAttribute("aria-selected", "false");
    this.at = (to + items.length) % items.length;
    items[this.at].setAttribute("aria-selected", "true");
    items[this.at].scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", items[this.at].id);
  }

  pressed(event) {
    const isOpen = !this.list.hidden;
    if (event.isComposing) return; // Enter ends a word of an input method, not the choice
    if (isOpen && event.key === "ArrowDown") this.move(this.at + 1);
    else if (isOpen && event.key === "ArrowUp") this.move(this.at < 0 ? -1 : this.at - 1);
    else if (isOpen && event.key === "Enter") this.choose(Math.max(this.at, 0));
    else if (isOpen && event.key === "Escape") this.close();
    else if (event.key === "Enter" && this.input.value.trim() && !this.key.value) this.typed();
    else return;
    event.preventDefault();
  }

  choose(n) {
    const row = this.rows[n];
    if (!row) return;
    this.key.value = row.key;
    this.input.value = row.label;
    this.said.textContent = row.note;
    this.close();
    this.key.dispatchEvent(new Event("change", { bubbles: true }));
  }

  close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}

for (const box of document.querySelectorAll("[data-choose]")) new Choose(box);

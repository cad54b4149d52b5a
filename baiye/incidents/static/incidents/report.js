// A report is never lost: what is typed stays for this tab, and a report that finds no network waits on this phone
// (IndexedDB, photos included) until it has been taken. Its id was made with the form, so sending twice is one report.

import { paintBar, post, sender, shelf } from "../core/js/offline.js";

const DRAFT = "baiye.report.draft";
const LEFT_OUT = new Set(["csrfmiddlewaretoken", "photos", "request", "who"]);

const form = document.querySelector("form[data-outbox]");
const $ = (selector) => document.querySelector(selector);
const kept = shelf("baiye.reports", "reports");

/** "sent", "refused" with sentences, or "later". */
async function deliver(report) {
  const data = new FormData();
  for (const [name, value] of report.fields) data.append(name, value);
  const answer = await post(report.url, data, { "X-Baiye-Outbox": "1" });
  if (answer?.status === 201) return { outcome: "sent", ...(await answer.json()) };
  if (answer?.status === 422) return { outcome: "refused", ...(await answer.json()) };
  return { outcome: "later" };
}

/** What this person's reports are that wait here: on a shared phone nobody sends what another wrote. */
const mine = async () => (await kept.all()).filter((report) => report.who === form.elements.who.value);

/** Sends what waits; one that is refused stays and holds up no other. */
async function work() {
  for (const report of await mine()) {
    const said = await deliver(report);
    if (said.outcome === "later") return;
    if (said.outcome === "refused") refuse(said.errors);
    else {
      await kept.drop(report.id);
      tell(form.dataset.outboxSent);
    }
  }
}

const count = async () => (await mine()).length;

async function paint() {
  const number = await count();
  paintBar(number);
  $("[data-outbox-kept]").hidden = number === 0;
}

function refuse(errors) {
  const place = $("[data-outbox-refused]");
  place.querySelector("div").textContent = errors.join(" ");
  place.hidden = false;
}

function tell(text) {
  const place = $("[data-messages]");
  if (!place) return;
  const note = document.createElement("div");
  note.className = "note note--ok";
  note.textContent = text;
  place.replaceChildren(note);
}

// ── the form ──

function draft() {
  const fields = [...new FormData(form)].filter(([name, value]) => !LEFT_OUT.has(name) && typeof value === "string");
  sessionStorage.setItem(DRAFT, JSON.stringify(fields));
}

function refill() {
  const fields = JSON.parse(sessionStorage.getItem(DRAFT) ?? "[]");
  for (const [name, value] of fields) {
    const control = form.elements[name];
    if (!control) continue;
    const boxes = control instanceof RadioNodeList ? [...control] : [control];
    for (const box of boxes) {
      if (box.type === "radio" || box.type === "checkbox") box.checked ||= box.value === value;
      else if (box.value === "" || name === "what" || name === "done") box.value = value;
    }
  }
}

function hint() {
  const kind = form.elements.kind?.value;
  for (const note of document.querySelectorAll("[data-when-kind]")) note.hidden = note.dataset.whenKind !== kind;
}

async function submit() {
  const data = new FormData(form);
  const fields = [...data].filter(([name, value]) => name !== "csrfmiddlewaretoken" && !(value instanceof File && !value.size));
  const report = { id: data.get("request"), who: data.get("who"), url: form.dataset.outbox, fields };
  try {
    await kept.put(report);
  } catch {
    return form.submit(); // nothing can be kept here, as in some private windows: the form sends itself
  }
  const said = await deliver(report);
  if (said.outcome === "refused") {
    await kept.drop(report.id);
    refuse(said.errors);
    $("[data-outbox-refused]").scrollIntoView({ block: "center" });
    return;
  }
  sessionStorage.removeItem(DRAFT);
  if (said.outcome === "sent") {
    await kept.drop(report.id);
    location.assign(said.url);
    return;
  }
  form.hidden = true;
  await paint();
  $("[data-outbox-kept]").scrollIntoView({ block: "center" });
}

if (form && globalThis.indexedDB) {
  if (!form.querySelector("[aria-invalid]")) refill();
  hint();
  form.addEventListener("input", draft);
  form.addEventListener("change", (event) => {
    draft();
    hint();
    if (event.target.name === "visit") location.search = event.target.value ? `?visit=${event.target.value}` : "";
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  kept.all().then(() => sender({ work, count, paint })(), () => {}); // where nothing is kept, nothing waits
}

// A report is never lost: what is typed stays for this tab, and a report that finds no network waits on this phone
// (IndexedDB, photos included) until it has been taken. Its id was made with the form, so sending twice is one report.

const DB = "baiye.reports";
const DRAFT = "baiye.report.draft";
const RETRY_MS = 15000;
const LEFT_OUT = new Set(["csrfmiddlewaretoken", "photos", "request"]);

const form = document.querySelector("form[data-outbox]");
const page = document.querySelector("[data-outbox-page]");
const $ = (selector) => document.querySelector(selector);

const opened = () =>
  new Promise((resolve, reject) => {
    const asked = indexedDB.open(DB, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("reports", { keyPath: "id" });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });

async function store(mode, act) {
  const db = await opened();
  try {
    return await new Promise((resolve, reject) => {
      const change = db.transaction("reports", mode);
      const asked = act(change.objectStore("reports"));
      change.oncomplete = () => resolve(asked?.result);
      change.onerror = () => reject(change.error);
    });
  } finally {
    db.close();
  }
}

const waiting = () => store("readonly", (reports) => reports.getAll());
const keep = (report) => store("readwrite", (reports) => reports.put(report));
const drop = (id) => store("readwrite", (reports) => reports.delete(id));

/** "sent", "refused" with sentences, or "later". */
async function send(report) {
  const data = new FormData();
  for (const [name, value] of report.fields) data.append(name, value);
  const token = $("input[name=csrfmiddlewaretoken]").value;
  data.set("csrfmiddlewaretoken", token);
  let answer;
  try {
    answer = await fetch(report.url, { method: "POST", body: data, redirect: "manual", headers: { "X-Baiye-Outbox": "1", "X-CSRFToken": token } });
  } catch {
    return { outcome: "later" };
  }
  if (answer.status === 201) return { outcome: "sent", ...(await answer.json()) };
  if (answer.status === 422) return { outcome: "refused", ...(await answer.json()) };
  return { outcome: "later" };
}

let sending = false;
async function empty() {
  if (sending) return;
  sending = true;
  try {
    for (const report of await waiting()) {
      const said = await send(report);
      if (said.outcome === "later") break;
      if (said.outcome === "refused") {
        refuse(said.errors);
        break;
      }
      await drop(report.id);
      tell(form?.dataset.outboxSent ?? "");
    }
  } finally {
    sending = false;
    await paint();
  }
}

async function paint() {
  const number = (await waiting()).length;
  const bar = $("[data-netbar]");
  if (bar) bar.hidden = number === 0;
  const said = $("[data-outbox-n]");
  if (said) said.textContent = number;
  const kept = $("[data-outbox-kept]");
  if (kept) kept.hidden = number === 0;
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

if (form && globalThis.indexedDB) {
  const erred = form.querySelector("[aria-invalid]");
  if (!erred) refill();
  hint();
  form.addEventListener("input", draft);
  form.addEventListener("change", (event) => {
    draft();
    hint();
    if (event.target.name === "visit") location.search = event.target.value ? `?visit=${event.target.value}` : "";
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const data = new FormData(form);
    const fields = [...data].filter(([name, value]) => name !== "csrfmiddlewaretoken" && !(value instanceof File && !value.size));
    const report = { id: data.get("request"), url: form.dataset.outbox, fields };
    await keep(report);
    const said = await send(report);
    if (said.outcome === "sent") {
      await drop(report.id);
      sessionStorage.removeItem(DRAFT);
      location.assign(said.url);
      return;
    }
    if (said.outcome === "refused") {
      await drop(report.id);
      refuse(said.errors);
      form.querySelector("[aria-busy]")?.removeAttribute("aria-busy");
      delete form.dataset.sent;
      $("[data-outbox-refused]").scrollIntoView({ block: "center" });
      return;
    }
    sessionStorage.removeItem(DRAFT);
    form.hidden = true;
    await paint();
    $("[data-outbox-kept]").scrollIntoView({ block: "center" });
  });
}
if (page && globalThis.indexedDB) {
  addEventListener("online", empty);
  setInterval(empty, RETRY_MS);
  empty();
}

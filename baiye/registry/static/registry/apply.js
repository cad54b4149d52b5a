// Applying to become a host: what was typed and not sent stays in this browser, and the way back to the draft too.

const PLACE = "baiye-apply";
const PAGES = "baiye-apply-page-";
const read = (key) => {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null");
  } catch {
    return null;
  }
};
const write = (key, value) => {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // A browser that keeps nothing: the server's draft is enough.
  }
};

// ── the page of the application: while it may be changed, this browser remembers its address ──
const page = document.querySelector("[data-apply-open]");
if (page) write(PLACE, page.dataset.applyOpen ? location.pathname : null);

// ── the first page: back to what was begun ──
const kept = document.querySelector("[data-apply-kept]");
const place = read(PLACE);
if (kept && typeof place === "string" && place.startsWith("/apply/")) {
  kept.querySelector("[data-apply-link]").setAttribute("href", place);
  kept.hidden = false;
}

// ── a page of questions: each field as it is typed, until the server has answered that it has it ──
const form = document.querySelector("[data-apply-keep]");
const own = form ? PAGES + form.dataset.applyKeep : "";
const refused = Boolean(form?.querySelector("[aria-invalid]"));
for (const key of Object.keys(globalThis.localStorage ?? {})) {
  if (key.startsWith(PAGES) && read(key)?.sent && !(key === own && refused)) write(key, null);
}
if (form) {
  const fields = [...form.elements].filter(
    (field) => field.name && !field.matches("[type=hidden], [type=file], button, [data-nokeep]"),
  );
  const value = (field) => (field.type === "checkbox" ? field.checked : field.value);
  const keep = (sent) => write(own, { sent, values: Object.fromEntries(fields.map((field) => [field.name, value(field)])) });
  const unsent = refused ? {} : (read(own)?.values ?? {});
  for (const field of fields) {
    if (!(field.name in unsent)) continue;
    if (field.type === "checkbox") field.checked = unsent[field.name];
    else field.value = unsent[field.name];
  }
  const said = form.querySelector("[data-apply-said]");
  form.addEventListener("input", () => {
    keep(false);
    if (said) said.textContent = said.dataset.text;
  });
  form.addEventListener("submit", () => keep(true));
}

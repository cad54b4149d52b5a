// On every page: what forms and parts do beyond plain HTML. Without it everything still works by links and submits.

const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const tell = (text) => {
  const place = document.querySelector("[data-messages]");
  if (!place) return;
  const note = document.createElement("div");
  note.className = "note note--due";
  note.textContent = text;
  place.replaceChildren(note);
};
const words = (name) => document.body.dataset[name] ?? "";

// ── htmx: the token for what is no form, and what the network does ──
document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector("input[name=csrfmiddlewaretoken]");
  if (token) event.detail.headers["X-CSRFToken"] = token.value;
});
document.addEventListener("htmx:sendError", () => tell(words("saidOffline")));
document.addEventListener("htmx:responseError", () => tell(words("saidError")));
const slow = new WeakMap();
document.addEventListener("htmx:beforeRequest", (event) => {
  slow.set(event.detail.elt, setTimeout(() => tell(words("saidSlow")), 8000));
});
document.addEventListener("htmx:afterRequest", (event) => clearTimeout(slow.get(event.detail.elt)));

// ── submits: busy, and not twice; a page taken back from the cache is not busy any more ──
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("[data-nobusy]") || form.method === "dialog" || event.defaultPrevented) return;
  if (form.dataset.sent) return event.preventDefault();
  const button = event.submitter ?? form.querySelector("button:not([type=button])");
  form.dataset.sent = "1";
  button?.setAttribute("aria-busy", "true");
  setTimeout(() => free(form), 10000); // a download, or an answer that never came
});
const free = (form) => {
  delete form.dataset.sent;
  $$("[aria-busy=true]", form).forEach((button) => button.removeAttribute("aria-busy"));
};
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt.closest?.("form");
  if (form) free(form);
});
addEventListener("pageshow", (event) => event.persisted && $$("form").forEach(free));

// ── clicks: dialogs (a link to the same question without script), and closing them ──
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  const dialog = opener && document.getElementById(opener.dataset.dialog);
  if (dialog?.showModal) {
    event.preventDefault();
    dialog.showModal();
  }
  const closer = event.target.closest("[data-close]");
  if (closer) {
    event.preventDefault();
    closer.closest("dialog")?.close();
  }
  if (!event.target.closest("details.menu")) $$("details.menu[open]").forEach((menu) => (menu.open = false));
});

// ── changes: submit by themselves where that is what is meant; count chosen rows ──
document.addEventListener("change", (event) => {
  const own = event.target.closest("[data-autosubmit]");
  if (own) (own.form ?? own).requestSubmit();
  const form = event.target.closest("form");
  if (event.target.matches("[data-bulk-all]")) $$("[data-bulk-row]", form).forEach((box) => (box.checked = event.target.checked));
  if (event.target.matches("[data-bulk-all], [data-bulk-row]")) count(form);
});

function count(form) {
  const bar = form.querySelector("[data-bulk]");
  const rows = $$("[data-bulk-row]", form);
  const chosen = rows.filter((box) => box.checked).length;
  const said = bar?.querySelector("[data-bulk-said]");
  if (said) said.textContent = chosen ? said.dataset.some.replace("{n}", chosen) : said.dataset.none;
  if (bar) $$(".btn", bar).forEach((button) => (button.disabled = chosen === 0));
  const all = form.querySelector("[data-bulk-all]");
  if (all) {
    all.checked = chosen > 0 && chosen === rows.length;
    all.indeterminate = chosen > 0 && chosen < rows.length;
  }
}

// ── at the start, and in what htmx brings ──
function start(root) {
  $$("[data-js]", root).forEach((element) => (element.hidden = false));
  $$("[data-bulk-all]", root).forEach((box) => (box.hidden = false));
  $$("[data-bulk]", root).forEach((bar) => bar.closest("form") && count(bar.closest("form")));
  root.querySelector("[data-focus]")?.focus();
}
document.addEventListener("htmx:load", (event) => start(event.detail.elt));
if (!globalThis.htmx) start(document); // htmx says htmx:load for the whole page by itself

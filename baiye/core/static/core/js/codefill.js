// The class card's QR leads here with the code behind #: fill it in, and take it out of the address bar.
const code = decodeURIComponent(location.hash.slice(1));
const field = document.querySelector("[data-code-fill]");
if (field && /^[0-9A-Za-z]{8}$/.test(code)) {
  field.value = code.replace(/^(.{4})/, "$1 ");
  history.replaceState(null, "", location.pathname + location.search);
  field.form.querySelector("button").focus();
}

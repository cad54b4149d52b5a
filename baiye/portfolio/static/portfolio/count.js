// How many characters are written so far; the page says what is enough.
for (const area of document.querySelectorAll("[data-count]")) {
  const said = document.getElementById(area.dataset.count);
  if (!said) continue;
  const show = () => (said.textContent = said.dataset.words.replace("{n}", [...area.value.trim()].length));
  area.addEventListener("input", show);
  show();
  said.hidden = false;
}

// A button that prints the page; without script the browser's own does.
document.addEventListener("click", (event) => event.target.closest("[data-print]") && print());

// Keeps opened inspections and what they need, so that the page opens without a network. From the network where there is one.

const SHELF = "baiye-inspections";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

const own = (url) => new URL(url).origin === self.location.origin;
const page = (url) => /^\/inspections\/\d+\/$/.test(new URL(url).pathname);
const part = (url) => new URL(url).pathname.startsWith("/static/");

async function keep(url) {
  const response = await fetch(url, { credentials: "same-origin" });
  if (response.ok && !response.redirected) await (await caches.open(SHELF)).put(url, response);
}

self.addEventListener("message", (event) => {
  const urls = (event.data.keep ?? []).filter((url) => own(url) && (page(url) || part(url)));
  event.waitUntil(Promise.allSettled(urls.map(keep)));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || !own(request.url) || !(page(request.url) || part(request.url))) return;
  event.respondWith(answer(request));
});

async function answer(request) {
  const shelf = await caches.open(SHELF);
  try {
    const response = await fetch(request);
    // Whoever is signed out finds no page of theirs here.
    if (response.redirected || response.type === "opaqueredirect") await shelf.delete(request.url);
    else if (response.ok) await shelf.put(request.url, response.clone());
    return response;
  } catch (offline) {
    const found = await shelf.match(request.url, { ignoreVary: true });
    if (found) return found;
    throw offline;
  }
}

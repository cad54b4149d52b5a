// What pages that work without a network share: ids made here, what this machine keeps, how it is sent, and the bar that says
// how much waits. A page imports what it needs and says what is kept, what is sent and how an answer is shown.

const RETRY_MS = 10000;

/** An id for something new: sent twice under it, it is one. */
export function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID(); // only in secure contexts
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

// ── what this machine keeps ──

/** Whether localStorage keeps anything here. */
export function storable() {
  try {
    localStorage.setItem("baiye.try", "1");
    localStorage.removeItem("baiye.try");
    return true;
  } catch {
    return false;
  }
}

/** One value in localStorage, `empty()` at first; read anew each time, so that two tabs share it. */
export function stored(key, empty) {
  const read = () => {
    try {
      return JSON.parse(localStorage.getItem(key)) ?? empty();
    } catch {
      return empty();
    }
  };
  const write = (value) => localStorage.setItem(key, JSON.stringify(value));
  const change = (how) => {
    const value = read();
    how(value);
    write(value);
  };
  return { read, write, change };
}

/** Things with an `id` in IndexedDB, files included; each call is done once the browser has written it. */
export function shelf(db, name) {
  let opened;
  const open = () => (opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(db, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(name, { keyPath: "id" });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  }));
  async function act(mode, how) {
    const change = (await open()).transaction(name, mode);
    const asked = how(change.objectStore(name));
    return new Promise((resolve, reject) => {
      change.oncomplete = () => resolve(asked.result);
      change.onabort = () => reject(change.error);
    });
  }
  return {
    all: () => act("readonly", (things) => things.getAll()),
    put: (thing) => act("readwrite", (things) => things.put(thing)),
    drop: (id) => act("readwrite", (things) => things.delete(id)),
  };
}

// ── how it is sent ──

/** What one knows of the network: "waiting" for an answer, "offline", or "signedout". */
export let state = navigator.onLine ? "waiting" : "offline";

/** The server's answer; null, and `state` says why, where there is no network or nobody is signed in any more. */
export async function post(url, body, headers = {}) {
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  try {
    const answer = await fetch(url, { method: "POST", redirect: "manual", body, headers: { "X-CSRFToken": token, ...headers } });
    state = answer.type === "opaqueredirect" || answer.status === 403 ? "signedout" : "waiting";
    return state === "signedout" ? null : answer;
  } catch {
    state = "offline";
    return null;
  }
}

/** Does `work` when it is called, when the network is back, and every so often while `count()` says that something waits; never
 * twice at a time. `paint()` shows what became of it. */
export function sender({ work, count, paint }) {
  let busy = false;
  async function send() {
    if (busy) return;
    busy = true;
    try {
      await work();
    } finally {
      busy = false;
      paint();
    }
  }
  addEventListener("online", () => ((state = "waiting"), send()));
  addEventListener("offline", () => ((state = "offline"), paint()));
  setInterval(async () => (await count()) && send(), RETRY_MS);
  return send;
}

/** Shows how much waits, and why; hidden where nothing does and there is a network. */
export function paintBar(number) {
  const now = navigator.onLine ? state : "offline";
  const bar = document.querySelector("[data-netbar]");
  bar.hidden = !number && now !== "offline";
  bar.querySelector("[data-netbar-count]").textContent = number;
  const said = bar.querySelector("[data-net-said]");
  said.textContent = said.dataset[now];
}

// The door works without a network: marks are kept on this machine first, painted at once, and sent when they can be.
//
// What is kept: where to send it, an id made here (so that sending twice is the same mark), in or out, when, and a seat's
// number, a scanned pass or a typed code. No name is stored. Without this module every button sends its own form.

const KEY = "baiye.door";
const POLL_MS = 5000;
const RETRY_MS = 10000;

/** The queue in localStorage; reads anew each time, so that two tabs share it. */
const queue = {
  read() {
    try {
      return JSON.parse(localStorage.getItem(KEY) ?? "[]");
    } catch {
      return [];
    }
  },
  write(items) {
    localStorage.setItem(KEY, JSON.stringify(items));
  },
  add(item) {
    this.write([...this.read(), item]);
  },
  drop(ids) {
    this.write(this.read().filter((item) => !ids.has(item.id)));
  },
};

function storable() {
  try {
    localStorage.setItem(`${KEY}.try`, "1");
    localStorage.removeItem(`${KEY}.try`);
    return true;
  } catch {
    return false;
  }
}

function door(root) {
  const { url, way } = root.dataset;
  let sending = false;
  let state = navigator.onLine ? "waiting" : "offline";

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-mark]");
    if (!form) return;
    event.preventDefault();
    const data = new FormData(form);
    const code = data.get("code")?.trim();
    if (form.elements.code) {
      if (code) keep(code.includes(":") ? { token: code } : { code });
      form.elements.code.value = "";
    } else {
      keep({ seat: Number(data.get("seat")) }, data.get("id"));
    }
  });

  document.addEventListener("baiye:scan", (event) => {
    event.preventDefault(); // the camera stays on for the next one
    const text = event.detail.text.trim();
    if (!/^BY:[0-9A-Z]+:[0-9A-Z]+$/i.test(text)) return say(root.dataset.unknown);
    keep({ token: text });
  });

  function keep(named, id = null) {
    const item = { url, id: id ?? uuid(), kind: way, at: new Date().toISOString(), ...named };
    queue.add(item);
    const row = rowOf(item);
    const name = row?.querySelector("[data-name]")?.textContent ?? item.code ?? "";
    say(`${root.dataset.kept} ${name} ${clock(item.at)}`);
    paint();
    send();
  }

  async function send() {
    if (sending) return;
    sending = true;
    try {
      let items;
      while ((items = queue.read()).length) {
        const address = (items.find((item) => item.url === url) ?? items[0]).url;
        const batch = items.filter((item) => item.url === address).slice(0, 200);
        if (!(await deliver(address, batch))) break;
      }
    } finally {
      sending = false;
      paint();
    }
  }

  /** Whether these were answered for; otherwise they stay, and `state` says why. */
  async function deliver(address, batch) {
    const marks = batch.map(({ url: _url, ...mark }) => mark);
    let response;
    try {
      response = await fetch(address, {
        method: "POST",
        redirect: "manual",
        headers: { "Content-Type": "application/json", "X-CSRFToken": root.querySelector("[name=csrfmiddlewaretoken]").value },
        body: JSON.stringify({ sent: new Date().toISOString(), marks }),
      });
    } catch {
      state = "offline";
      return false;
    }
    if (!response.ok) {
      state = response.type === "opaqueredirect" || response.status === 403 ? "signedout" : "waiting";
      return false;
    }
    state = "waiting";
    const { outcomes } = await response.json();
    queue.drop(new Set(outcomes.map((outcome) => outcome.id)));
    outcomes.filter((outcome) => outcome.status === "refused").forEach((outcome) => refuse(outcome, batch));
    const hint = outcomes.find((outcome) => outcome.status === "new" && outcome.sentence);
    if (hint) say(hint.sentence);
    document.body.dispatchEvent(new CustomEvent("baiye:marks"));
    poll();
    return true;
  }

  function refuse(outcome, batch) {
    const list = document.querySelector("[data-door-refused]");
    const item = batch.find((one) => one.id === outcome.id);
    const line = document.createElement("li");
    line.className = "note note--due";
    line.textContent = `${item?.code ?? ""} ${clock(item?.at)} ${outcome.sentence}`.trim();
    list.append(line);
    list.hidden = false;
    say(outcome.sentence);
  }

  // ── what one sees ──

  function paint() {
    const items = queue.read();
    const mine = items.filter((item) => item.url === url);
    for (const item of mine) mark(rowOf(item), item);
    const bar = document.querySelector("[data-netbar]");
    bar.hidden = !items.length && navigator.onLine && state !== "offline";
    bar.querySelector("[data-netbar-count]").textContent = items.length;
    const said = bar.querySelector("[data-net-said]");
    said.textContent = said.dataset[navigator.onLine ? state : "offline"];
    const fresh = new Set(mine.filter((item) => item.kind === "in").map((item) => seatOf(item) ?? item.id)).size;
    const counts = document.querySelector("[data-counts]");
    if (!counts) return;
    const arrived = Number(counts.dataset.arrived);
    counts.querySelector("[data-counts-arrived]").textContent = Math.min(arrived + fresh, Number(counts.dataset.expected));
    counts.querySelector("[data-counts-waiting]").hidden = fresh === 0;
    counts.querySelector("[data-counts-waiting-n]").textContent = fresh;
    stretch(counts, arrived, fresh);
  }

  function stretch(counts, arrived, fresh) {
    const svg = counts.querySelector("svg.bar");
    if (!svg) return;
    svg.querySelector(".waiting")?.remove();
    const total = Number(counts.dataset.expected) || 1;
    if (!fresh) return;
    const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    rect.setAttribute("class", "waiting");
    rect.setAttribute("height", "8");
    rect.setAttribute("x", (100 * arrived) / total + 0.6);
    rect.setAttribute("width", (100 * Math.min(fresh, total - arrived)) / total);
    svg.append(rect);
  }

  function mark(row, item) {
    const place = row?.querySelector("[data-state]");
    if (!place || place.querySelector(`[data-waiting="${item.kind}"]`)) return;
    const tag = document.querySelector("[data-door-waiting]").content.firstElementChild.cloneNode(true);
    tag.dataset.waiting = item.kind;
    tag.querySelector("[data-word]").textContent = root.dataset.word;
    tag.querySelector("[data-time]").textContent = clock(item.at);
    place.querySelector("form")?.remove();
    place.append(tag);
  }

  const seatOf = (item) => item.seat ?? (item.token ? parseInt(item.token.split(":")[1], 36) : null);
  const rowOf = (item) => document.querySelector(`[data-seat="${seatOf(item)}"]`);
  const say = (text) => (document.querySelector("[data-door-said]").textContent = text);

  // ── when ──

  function poll() {
    const counts = document.getElementById("counts");
    if (counts && navigator.onLine && state !== "offline" && !document.hidden) counts.dispatchEvent(new CustomEvent("baiye:poll"));
  }
  document.addEventListener("htmx:sendError", (event) => event.target.closest("#counts, #roll") && event.stopImmediatePropagation(), true);
  document.addEventListener("htmx:afterSettle", paint);
  addEventListener("online", () => ((state = "waiting"), send()));
  addEventListener("offline", () => ((state = "offline"), paint()));
  setInterval(poll, POLL_MS);
  setInterval(() => queue.read().length && send(), RETRY_MS);
  paint();
  send();
}

const clock = (iso) => (iso ? new Date(iso).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Shanghai" }) : "");

function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID(); // only in secure contexts
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

const root = document.querySelector("[data-door]");
if (root && storable()) door(root);

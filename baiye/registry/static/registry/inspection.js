// An inspection works without a network: each change is kept on this machine at once and sent when it can be.
//
// What is kept: the verdict, points and note of an indicator, an id made here (so that sending twice is the same change),
// and the version it was made from (so that two devices do not overwrite each other). Photos: photos.js. The page itself:
// worker.js. Without this module one form sends everything.

import { photos } from "./photos.js";

const RETRY_MS = 10000;
const WAIT_MS = 600; // after the last key
const root = document.querySelector("[data-inspection]");

/** What this machine knows of one inspection; read anew each time, so that two tabs share it. */
function store(key) {
  const read = () => {
    try {
      return { edits: {}, known: {}, ...JSON.parse(localStorage.getItem(key) ?? "{}") };
    } catch {
      return { edits: {}, known: {} };
    }
  };
  return {
    read,
    change(how) {
      const now = read();
      how(now);
      localStorage.setItem(key, JSON.stringify(now));
    },
  };
}

function inspection() {
  const kept = store(`baiye.inspection.${root.dataset.inspection}`);
  const timers = new Map();
  let state = navigator.onLine ? "waiting" : "offline";
  let sending = false;
  const pictures = photos(root, { say, paint, token, stateIs, uuid });

  // ── what is typed ──
  for (const card of root.querySelectorAll("[data-indicator]")) {
    recall(card);
    card.addEventListener("input", (event) => {
      if (!event.target.form?.matches("[data-findings]")) return;
      clearTimeout(timers.get(card));
      timers.set(card, setTimeout(() => keep(card), event.target.type === "radio" ? 0 : WAIT_MS));
    });
  }
  document.querySelector("[data-findings]").addEventListener("submit", (event) => {
    event.preventDefault();
    flush();
    send();
  });
  document.querySelector("[data-sign]").addEventListener("submit", (event) => {
    flush();
    if (!waiting()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    say(root.dataset.saidUnsent);
    send();
  }, true);
  addEventListener("pagehide", flush);

  function flush() {
    for (const [card, timer] of timers) {
      clearTimeout(timer);
      keep(card);
    }
    timers.clear();
  }

  function keep(card) {
    timers.delete(card);
    const id = card.dataset.indicator;
    const now = kept.read();
    const base = now.edits[id]?.base ?? versionOf(card, now);
    kept.change((it) => (it.edits[id] = { edit: uuid(), base, ...typed(card) }));
    clear(card);
    paint();
    send();
  }

  /** What stood here when the page was left, or came in later than the page that the browser kept. */
  function recall(card) {
    const now = kept.read();
    const id = card.dataset.indicator;
    const known = now.known[id];
    if (known && known.version > Number(card.dataset.version)) fill(card, known);
    if (now.edits[id]) fill(card, now.edits[id]);
  }

  function typed(card) {
    const points = card.querySelector("[name^=points-]").value.trim();
    return {
      verdict: card.querySelector("[name^=verdict-]:checked")?.value ?? "pending",
      points: points === "" ? null : Number(points),
      note: card.querySelector("[name^=note-]").value,
    };
  }

  function fill(card, said) {
    const radio = card.querySelector(`[name^=verdict-][value=${CSS.escape(said.verdict)}]`);
    if (radio) radio.checked = true;
    card.querySelector("[name^=points-]").value = said.points ?? "";
    card.querySelector("[name^=note-]").value = said.note ?? "";
  }

  const versionOf = (card, now) => Math.max(Number(card.dataset.version), now.known[card.dataset.indicator]?.version ?? 0);

  // ── what is sent ──
  async function send() {
    if (sending) return;
    sending = true;
    try {
      const due = Object.entries(kept.read().edits).filter(([, edit]) => !edit.held);
      if (due.length && !(await deliver(due))) return;
      await pictures.send();
    } finally {
      sending = false;
      paint();
    }
    if (Object.values(kept.read().edits).some((edit) => !edit.held) && state === "waiting") setTimeout(send, WAIT_MS);
  }

  async function deliver(due) {
    const findings = due.map(([indicator, edit]) => ({ indicator: Number(indicator), ...edit }));
    const response = await post(root.dataset.url, JSON.stringify({ findings }), { "Content-Type": "application/json" });
    if (!response) return false;
    if (response.status === 409) {
      say((await response.json()).sentence);
      return false;
    }
    if (!response.ok) return false;
    (await response.json()).outcomes.forEach(settle);
    return true;
  }

  function settle(outcome) {
    const id = String(outcome.indicator);
    const card = root.querySelector(`[data-indicator="${id}"]`);
    const mine = kept.read().edits[id];
    if (!mine) return;
    const is_last = mine.edit === outcome.edit;
    if (outcome.status === "new" || outcome.status === "same") {
      kept.change((it) => {
        it.known[id] = outcome;
        if (is_last) delete it.edits[id];
        else it.edits[id].base = outcome.version;
      });
      if (is_last) tell(card, root.dataset.saidSent);
    } else if (is_last) {
      kept.change((it) => (it.edits[id].held = true));
      tell(card, outcome.sentence);
      if (outcome.status === "conflict") choose(card, outcome);
      say(outcome.sentence);
    }
  }

  /** Two devices judged the same: who holds this one decides. */
  function choose(card, theirs) {
    const place = card.querySelector("[data-state]");
    const id = card.dataset.indicator;
    const button = (text, then) => {
      const made = document.createElement("button");
      made.type = "button";
      made.className = "btn";
      made.textContent = text;
      made.addEventListener("click", () => {
        then();
        clear(card);
        paint();
        send();
      });
      place.append(" ", made);
    };
    button(root.dataset.saidMine, () =>
      kept.change((it) => (it.edits[id] = { ...it.edits[id], edit: uuid(), base: theirs.version, held: false })));
    button(root.dataset.saidTheirs, () => {
      kept.change((it) => {
        delete it.edits[id];
        it.known[id] = theirs;
      });
      fill(card, theirs);
    });
  }

  /** The answer, or null with `state` saying why there is none. */
  async function post(url, body, headers = {}) {
    let response;
    try {
      response = await fetch(url, { method: "POST", redirect: "manual", body, headers: { "X-CSRFToken": token(), ...headers } });
    } catch {
      state = "offline";
      return null;
    }
    stateIs(response);
    return state === "signedout" ? null : response;
  }

  function stateIs(response) {
    if (response === null) state = "offline";
    else state = response.type === "opaqueredirect" || response.status === 403 ? "signedout" : "waiting";
    return state;
  }

  // ── what one sees ──
  const waiting = () => Object.keys(kept.read().edits).length + pictures.count();
  function paint() {
    const n = waiting();
    const bar = document.querySelector("[data-netbar]");
    bar.hidden = !n && navigator.onLine && state !== "offline";
    bar.querySelector("[data-netbar-count]").textContent = n;
    const said = bar.querySelector("[data-net-said]");
    said.textContent = said.dataset[navigator.onLine ? state : "offline"];
    for (const id of Object.keys(kept.read().edits)) {
      const card = root.querySelector(`[data-indicator="${id}"]`);
      if (card && !card.querySelector("[data-state]").textContent) tell(card, root.dataset.saidKept);
    }
  }
  const tell = (card, text) => (card.querySelector("[data-state]").textContent = text);
  const clear = (card) => tell(card, "");
  function say(text) {
    root.querySelector("[data-said]").textContent = text;
  }
  function token() {
    return root.querySelector("[name=csrfmiddlewaretoken]").value;
  }

  addEventListener("online", () => ((state = "waiting"), send()));
  addEventListener("offline", () => ((state = "offline"), paint()));
  setInterval(() => waiting() && send(), RETRY_MS);
  pictures.ready.then(() => {
    paint();
    send();
  });
}

function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID(); // only in secure contexts
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** Have the browser keep this page and what it needs, for the next time without a network. */
async function keepPage() {
  if (!navigator.serviceWorker) return; // plain http: the open page works, a reload needs the network
  await navigator.serviceWorker.register(root.dataset.worker);
  const ready = await navigator.serviceWorker.ready;
  const used = performance.getEntriesByType("resource").map((entry) => entry.name);
  ready.active.postMessage({ keep: [location.href.split("#")[0], ...used] });
}

function storable() {
  try {
    localStorage.setItem("baiye.try", "1");
    localStorage.removeItem("baiye.try");
    return true;
  } catch {
    return false;
  }
}

if (root && storable()) {
  inspection();
  addEventListener("load", () => keepPage().catch(() => {}));
}

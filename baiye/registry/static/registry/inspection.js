// An inspection works without a network: each change is kept on this machine at once and sent when it can be.
//
// What is kept: the verdict, points and note of an indicator, an id made here (so that sending twice is the same change),
// and the version it was made from (so that two devices do not overwrite each other). Photos: photos.js. The page itself:
// worker.js. Without this module one form sends everything.

import { paintBar, post, sender, storable, stored, uuid } from "../core/js/offline.js";
import { photos } from "./photos.js";

const WAIT_MS = 600; // after the last key
const root = document.querySelector("[data-inspection]");

function inspection() {
  const kept = stored(`baiye.inspection.${root.dataset.inspection}`, () => ({ edits: {}, known: {} }));
  const timers = new Map();
  const send = sender({ work, paint, count: waiting });
  const pictures = photos(root, { say, paint, send });

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
  const due = () => Object.entries(kept.read().edits).filter(([, edit]) => !edit.held);

  async function work() {
    const edits = due();
    if (edits.length && !(await deliver(edits))) return;
    if (!(await pictures.deliver())) return;
    if (due().length || pictures.due().length) setTimeout(send, WAIT_MS); // came in meanwhile
  }

  async function deliver(edits) {
    const findings = edits.map(([indicator, edit]) => ({ indicator: Number(indicator), ...edit }));
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

  // ── what one sees ──
  function waiting() {
    return Object.keys(kept.read().edits).length + pictures.count();
  }
  function paint() {
    paintBar(waiting());
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

  pictures.ready.then(() => {
    paint();
    send();
  });
}

/** Have the browser keep this page and what it needs, for the next time without a network. */
async function keepPage() {
  if (!navigator.serviceWorker) return; // plain http: the open page works, a reload needs the network
  await navigator.serviceWorker.register(root.dataset.worker);
  const ready = await navigator.serviceWorker.ready;
  const used = performance.getEntriesByType("resource").map((entry) => entry.name);
  ready.active.postMessage({ keep: [location.href.split("#")[0], ...used] });
}

if (root && storable()) {
  inspection();
  addEventListener("load", () => keepPage().catch(() => {}));
}

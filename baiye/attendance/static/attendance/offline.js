// The door works without a network: marks are kept on this machine first, painted at once, and sent when they can be.
//
// What is kept: where to send it, an id made here (so that sending twice is the same mark), in or out, when, and a seat's
// number, a scanned pass or a typed code. No name is stored. Without this module every button sends its own form.

import { paintBar, post, sender, state, storable, stored, uuid } from "../core/js/offline.js";

const POLL_MS = 5000;
const queue = stored("baiye.door", () => []);

function door(root) {
  const { url, way } = root.dataset;
  const send = sender({ work, paint, count: () => queue.read().length });

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
    queue.change((items) => items.push(item));
    const row = rowOf(item);
    const name = row?.querySelector("[data-name]")?.textContent ?? item.code ?? "";
    say(`${root.dataset.kept} ${name} ${clock(item.at)}`);
    paint();
    send();
  }

  async function work() {
    let items;
    while ((items = queue.read()).length) {
      const address = (items.find((item) => item.url === url) ?? items[0]).url;
      const batch = items.filter((item) => item.url === address).slice(0, 200);
      if (!(await deliver(address, batch))) break;
    }
  }

  /** Whether these were answered for; otherwise they stay. */
  async function deliver(address, batch) {
    const marks = batch.map(({ url: _url, ...mark }) => mark);
    const body = JSON.stringify({ sent: new Date().toISOString(), marks });
    const response = await post(address, body, { "Content-Type": "application/json" });
    if (!response?.ok) return false;
    const { outcomes } = await response.json();
    const answered = new Set(outcomes.map((outcome) => outcome.id));
    queue.write(queue.read().filter((item) => !answered.has(item.id)));
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
    paintBar(items.length);
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
  setInterval(poll, POLL_MS);
  paint();
  send();
}

const clock = (iso) => (iso ? new Date(iso).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Shanghai" }) : "");

const root = document.querySelector("[data-door]");
if (root && storable()) door(root);

// Photos of an inspection: kept in IndexedDB until the server has them, then forgotten here.

import { post, shelf, uuid } from "../core/js/offline.js";

/** The photos of one page: taken in, shown, sent. `page` says words, shows how much waits, and sends. */
export function photos(root, page) {
  const own = root.dataset.inspection;
  const kept = shelf("baiye.inspections", "photos");
  let waiting = [];
  let keeps = false; // private windows of some browsers do not: each photo is then sent by its own form

  const ready = kept.all().then(
    (all) => {
      keeps = true;
      waiting = all.filter((photo) => photo.inspection === own);
      waiting.forEach(show);
    },
    () => {},
  );

  root.addEventListener("submit", async (event) => {
    const form = event.target.closest("[data-photo]");
    if (!form || !keeps) return;
    event.preventDefault();
    const file = form.elements.photo.files[0];
    if (!file) return page.say(root.dataset.saidPick);
    if (!form.elements.no_faces.checked) return page.say(root.dataset.saidFaces);
    const photo = { id: form.elements.id.value, inspection: own, indicator: form.elements.indicator.value, name: file.name, blob: file };
    await kept.put(photo);
    waiting.push(photo);
    show(photo);
    form.reset();
    form.elements.id.value = uuid();
    page.say(root.dataset.saidKept);
    page.paint();
    page.send();
  });

  const due = () => waiting.filter((photo) => !photo.held);

  /** Whether each was answered for; otherwise they stay. */
  async function deliver() {
    for (const photo of due()) {
      const body = new FormData();
      for (const name of ["id", "indicator"]) body.append(name, photo[name]);
      body.append("no_faces", "1");
      body.append("photo", photo.blob, photo.name);
      const response = await post(root.dataset.photos, body, { Accept: "application/json" });
      if (!response || response.status >= 500) return false;
      const { sentence } = await response.json().catch(() => ({ sentence: "" }));
      if (response.ok) await forget(photo);
      else refuse(photo, sentence);
    }
    return true;
  }

  async function forget(photo) {
    await kept.drop(photo.id);
    waiting = waiting.filter((one) => one.id !== photo.id);
    place(photo)?.querySelector("[data-waiting]")?.remove();
    page.paint();
  }

  function refuse(photo, sentence) {
    photo.held = true; // until the page is opened again
    page.say(sentence);
    const line = place(photo);
    if (!line || line.querySelector("button")) return;
    const drop = document.createElement("button");
    drop.type = "button";
    drop.className = "btn";
    drop.textContent = root.dataset.saidRemove;
    drop.addEventListener("click", async () => {
      await forget(photo);
      line.remove();
    });
    line.append(sentence, drop);
  }

  const place = (photo) => root.querySelector(`[data-photo-id="${photo.id}"]`);

  function show(photo) {
    const line = document.createElement("li");
    line.dataset.photoId = photo.id;
    const image = document.createElement("img");
    image.src = URL.createObjectURL(photo.blob);
    image.alt = photo.name;
    image.width = image.height = 96;
    const word = document.createElement("span");
    word.className = "tag tag--due";
    word.dataset.waiting = "";
    word.textContent = root.dataset.saidKept;
    line.append(image, word);
    root.querySelector(`[data-indicator="${photo.indicator}"] [data-photo-list]`)?.append(line);
  }

  return { ready, deliver, due, count: () => waiting.length };
}

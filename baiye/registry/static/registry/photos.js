// Photos of an inspection: kept in IndexedDB until the server has them, then forgotten here.

const DB = "baiye.inspections";
const SHELF = "photos";

function open() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(DB, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(SHELF, { keyPath: "id" });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** The photos of one page: taken in, shown, sent. `page` says how words, tokens and the state of the network are told. */
export function photos(root, page) {
  const own = root.dataset.inspection;
  let waiting = [];
  let db = null;

  const ready = open()
    .then(async (opened) => {
      db = opened;
      waiting = (await done(shelf("readonly").getAll())).filter((photo) => photo.inspection === own);
      waiting.forEach(show);
    })
    .catch(() => {}); // private windows of some browsers: each photo is then sent by its own form

  function shelf(mode) {
    return db.transaction(SHELF, mode).objectStore(SHELF);
  }

  root.addEventListener("submit", async (event) => {
    const form = event.target.closest("[data-photo]");
    if (!form || !db) return;
    event.preventDefault();
    const file = form.elements.photo.files[0];
    if (!file) return page.say(root.dataset.saidPick);
    if (!form.elements.no_faces.checked) return page.say(root.dataset.saidFaces);
    const photo = { id: form.elements.id.value, inspection: own, indicator: form.elements.indicator.value, name: file.name, blob: file };
    await done(shelf("readwrite").put(photo));
    waiting.push(photo);
    show(photo);
    form.reset();
    form.elements.id.value = page.uuid();
    page.say(root.dataset.saidKept);
    page.paint();
    send();
  });

  async function send() {
    for (const photo of waiting.filter((one) => !one.held)) {
      const body = new FormData();
      for (const name of ["id", "indicator"]) body.append(name, photo[name]);
      body.append("no_faces", "1");
      body.append("photo", photo.blob, photo.name);
      let response;
      try {
        response = await fetch(root.dataset.photos, {
          method: "POST",
          redirect: "manual",
          body,
          headers: { "X-CSRFToken": page.token(), Accept: "application/json" },
        });
      } catch {
        page.stateIs(null);
        return;
      }
      if (page.stateIs(response) === "signedout" || response.status >= 500) return;
      const { sentence } = await response.json().catch(() => ({ sentence: "" }));
      if (response.ok) await forget(photo);
      else refuse(photo, sentence);
    }
  }

  async function forget(photo) {
    await done(shelf("readwrite").delete(photo.id));
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

  return { ready, send, count: () => waiting.length };
}

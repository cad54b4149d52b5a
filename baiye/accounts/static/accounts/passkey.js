/* Passkeys. A form with data-passkey ("get" or "create") asks the device when it is sent, and sends what the device said.
   The options stand in the form as JSON, or are fetched from data-passkey-options. Without script the form stays hidden. */

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const ids = (list) => list?.map((item) => ({ ...item, id: bytes(item.id) }));

async function optionsOf(form) {
  const address = form.dataset.passkeyOptions;
  if (!address) return JSON.parse(form.querySelector("script[type='application/json']").textContent);
  const answer = await fetch(address, { headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" } });
  return (await answer.json()).request_options;
}

async function ask(form) {
  const { publicKey, ...rest } = await optionsOf(form);
  const wanted = { ...publicKey, challenge: bytes(publicKey.challenge) };
  if (form.dataset.passkey === "get") {
    wanted.allowCredentials = ids(publicKey.allowCredentials);
    return navigator.credentials.get({ ...rest, publicKey: wanted });
  }
  wanted.user = { ...publicKey.user, id: bytes(publicKey.user.id) };
  wanted.excludeCredentials = ids(publicKey.excludeCredentials);
  if (form.elements.passwordless?.checked) {
    wanted.authenticatorSelection = { ...publicKey.authenticatorSelection, residentKey: "required", requireResidentKey: true, userVerification: "required" };
  }
  return navigator.credentials.create({ ...rest, publicKey: wanted });
}

function said(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  if (credential.response.getTransports) response.transports = credential.response.getTransports();
  const { id, type, authenticatorAttachment } = credential;
  return { id, rawId: text(credential.rawId), type, authenticatorAttachment, response, clientExtensionResults: credential.getClientExtensionResults() };
}

for (const form of window.PublicKeyCredential ? document.querySelectorAll("form[data-passkey]") : []) {
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    if (form.elements.credential.value) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    try {
      form.elements.credential.value = JSON.stringify(said(await ask(form)));
      form.requestSubmit();
    } catch {
      const line = form.querySelector("[data-passkey-said]");
      line.textContent = line.dataset.passkeySaid;
    }
  }, { capture: true });
}

// Reading a QR code with the camera; typing the code always stands beside it.
//
//   <div data-scan data-scan-target="#id_code" data-scan-lib="{% asset "vendor/jsQR.js" %}">
//     <button type="button" class="btn btn--fire" data-scan-start hidden>扫签到码</button>
//     <video data-scan-video hidden muted playsinline></video>
//     <button type="button" class="btn" data-scan-stop hidden>关掉相机</button>
//     <p role="status" data-scan-said data-asking="…" data-looking="对准二维码" data-refused="相机没打开。可以输入码" …></p></div>
//
// Each code read is an event "baiye:scan" (bubbles, cancelable, detail.text) on that div. If nobody prevents it, the text
// is written into the target and its form is sent. The same code is not reported twice within three seconds.

const EVERY_MS = 180;
const AGAIN_MS = 3000;

for (const root of document.querySelectorAll("[data-scan]")) scanner(root);

function scanner(root) {
  const part = (name) => root.querySelector(`[data-scan-${name}]`);
  const [start, stop, video, said] = ["start", "stop", "video", "said"].map(part);
  if (!navigator.mediaDevices?.getUserMedia || !start || !video) return;
  const say = (name) => said && (said.textContent = said.dataset[name] ?? "");
  let stream = null;
  let last = { text: "", at: 0 };
  start.hidden = false;

  start.addEventListener("click", async () => {
    say("asking");
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      const read = await reader(root.dataset.scanLib);
      video.srcObject = stream;
      video.hidden = false;
      start.hidden = true;
      if (stop) stop.hidden = false;
      await video.play();
      say("looking");
      look(read);
    } catch {
      close();
      say("refused");
    }
  });
  stop?.addEventListener("click", close);
  addEventListener("pagehide", close);

  function close() {
    stream?.getTracks().forEach((track) => track.stop());
    stream = null;
    video.srcObject = null;
    video.hidden = true;
    start.hidden = false;
    if (stop) stop.hidden = true;
    say("closed");
  }

  async function look(read) {
    while (stream) {
      const text = video.readyState >= video.HAVE_CURRENT_DATA ? await read(video) : "";
      if (text && stream) report(text);
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
  }

  function report(text) {
    const now = Date.now();
    if (text === last.text && now - last.at < AGAIN_MS) return;
    last = { text, at: now };
    navigator.vibrate?.(60);
    const mine = root.dispatchEvent(new CustomEvent("baiye:scan", { bubbles: true, cancelable: true, detail: { text } }));
    const target = document.querySelector(root.dataset.scanTarget || null);
    if (!mine || !target) return;
    target.value = text;
    close();
    target.form?.requestSubmit();
  }
}

/** A function from a video to the text of the code in it: the browser's own reader, or jsQR. */
async function reader(address) {
  const formats = (await globalThis.BarcodeDetector?.getSupportedFormats?.()) ?? [];
  if (formats.includes("qr_code")) {
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    return async (video) => (await detector.detect(video).catch(() => []))[0]?.rawValue ?? "";
  }
  await load(address);
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  return async (video) => {
    const scale = Math.min(1, 640 / Math.max(video.videoWidth, video.videoHeight));
    canvas.width = video.videoWidth * scale;
    canvas.height = video.videoHeight * scale;
    context.drawImage(video, 0, 0, canvas.width, canvas.height);
    const { data, width, height } = context.getImageData(0, 0, canvas.width, canvas.height);
    return globalThis.jsQR(data, width, height, { inversionAttempts: "dontInvert" })?.data ?? "";
  };
}

function load(address) {
  if (globalThis.jsQR) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement("script"), { src: address, onload: resolve, onerror: reject });
    document.head.append(script);
  });
}

// Before the app: theme and language on <html>, then the wasm, then the service worker.
const root = document.documentElement;

function stored(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // storage may be forbidden; the system's choice is good enough
  }
}

function preferredLanguage() {
  for (const tag of navigator.languages ?? [navigator.language]) {
    if (/^zh\b.*(hant|tw|hk|mo)/i.test(tag)) return "zh-TW";
    if (/^zh\b/i.test(tag)) return "zh-CN";
    if (/^en\b/i.test(tag)) return "en";
  }
  return "en";
}

function dressPage(theme) {
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  else delete root.dataset.theme;
  // The window's own bar follows the chosen theme, or the system when none is chosen.
  const [light, dark] = document.querySelectorAll('meta[name="theme-color"]');
  light.dataset.own ??= light.content;
  dark.dataset.own ??= dark.content;
  light.content = theme === "dark" ? dark.dataset.own : light.dataset.own;
  dark.content = theme === "light" ? light.dataset.own : dark.dataset.own;
}

// Safari lays its keyboard over the page instead of resizing it.
function followKeyboard() {
  const view = window.visualViewport;
  if (!view) return;
  const measure = () => {
    const covered = view.scale > 1 ? 0 : Math.max(0, innerHeight - view.height - view.offsetTop);
    root.style.setProperty("--keyboard", `${Math.round(covered)}px`);
  };
  view.addEventListener("resize", measure);
  view.addEventListener("scroll", measure);
}

// A waiting version is offered, never forced: the app shows a button that calls window.roundsUpdate().
function offerUpdate(registration) {
  window.roundsUpdate = () => {
    const { waiting } = registration;
    if (!waiting) return location.reload(); // another window has activated it already
    navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
    waiting.postMessage({ type: "activate" });
  };
  window.dispatchEvent(new CustomEvent("rounds:update"));
}

async function registerWorker() {
  if (!window.isSecureContext || !("serviceWorker" in navigator)) return;
  const registration = await navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" });
  const offerIfReady = () => registration.waiting && navigator.serviceWorker.controller && offerUpdate(registration);
  offerIfReady();
  registration.addEventListener("updatefound", () => {
    registration.installing?.addEventListener("statechange", offerIfReady);
  });
  // An installed app stays open for days: look for a new version whenever it comes to the front.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") registration.update().catch(() => {});
  });
}

function showTrouble(error) {
  console.error(error);
  const trouble = document.getElementById("trouble");
  if (!trouble) return; // the app had started and taken the shell away
  dropStill();
  document.getElementById("bones").hidden = true;
  document.querySelector("main").removeAttribute("aria-busy");
  trouble.hidden = false;
  document.getElementById("retry").addEventListener("click", () => {
    if (window.roundsUpdate) window.roundsUpdate();
    else location.reload();
  });
}

// The shell stands until the app has drawn its first page. On Today it shows the still meanwhile: bar and page as they were
// drawn last, which the database forgets as soon as anything changes.
const shell = document.getElementById("shell");
root.dataset.site = "{{version}}";

async function showStill() {
  const database = location.pathname === "/" && stored("rounds.signed_in");
  const keeping = database && keptStill(database);
  await nextTask();
  if (!database) return;
  void shell.offsetHeight;
  await layOutFirstWords();
  const still = await keeping;
  const isOfNow = still?.site === root.dataset.site && still.lang === root.lang && still.from <= Date.now() && Date.now() < still.until;
  if (!isOfNow) return;
  const drawn = new DOMParser().parseFromString(still.html, "text/html");
  const [nav, page] = [".nav", ".page"].map((part) => drawn.querySelector(part));
  page.id = "still";
  // Section by section, so that no task is long: the browser would lay it all out in one.
  const sections = [...page.querySelectorAll(".today > * > *")].map((section) => [section.parentElement, section]);
  sections.forEach(([, section]) => section.remove());
  await nextTask();
  const bones = document.getElementById("bones");
  // It is too late where the app has drawn a page, could not start, or is asked for another one.
  if (!shell.isConnected || bones.hidden || location.pathname !== "/") return;
  shell.querySelector(".nav").replaceWith(nav);
  bones.after(page);
  bones.hidden = true;
  await appended(sections.splice(0, FIRST));
  appended(sections);
}

// So many sections the app waits for: what is next, and the first list.
const FIRST = 2;

async function appended(sections) {
  for (const [place, section] of sections) {
    place.append(section);
    void place.offsetHeight;
    await nextTask();
  }
}

const nextTask = (afterMs = 0) => new Promise((done) => setTimeout(done, afterMs));

// A browser's first text takes it as long as a page of them, and that in another script as long again: they are over before the
// still is here.
async function layOutFirstWords() {
  const words = document.createElement("p");
  Object.assign(words.style, { position: "absolute", visibility: "hidden" });
  shell.append(words);
  for (const script of ["Aa 0", "走"]) {
    await nextTask();
    words.textContent = script;
    void words.offsetHeight;
  }
  words.remove();
}

function dropStill() {
  document.getElementById("still")?.remove();
  document.getElementById("bones").hidden = false;
}

// What the member's database keeps of Today; nothing where there is none of either.
function keptStill(database) {
  return new Promise((done) => {
    const opening = indexedDB.open(database);
    opening.onupgradeneeded = () => opening.transaction.abort(); // there is no such database, and none is to be made here
    opening.onerror = () => done();
    opening.onsuccess = () => {
      const reading = opening.result.transaction("meta");
      const found = reading.objectStore("meta").get("still");
      reading.onabort = () => done();
      reading.oncomplete = () => done(found.result && JSON.parse(found.result));
      opening.result.close();
    };
  });
}

// What is tapped in the still: a link is followed at once, by the app or before it is here; a button is pressed when the app
// has drawn it.
let pressed;
shell.addEventListener("click", (event) => {
  const [link, button] = ["a[href]", "button:not(#retry)"].map((what) => event.target.closest(what));
  if (button) {
    pressed?.removeAttribute("aria-busy");
    pressed = button;
    button.ariaBusy = "true";
  }
  const isPlain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
  if (!link || !isPlain || link.target || link.origin !== location.origin) return;
  if (!("app" in root.dataset)) {
    event.preventDefault();
    history[link.href === location.href ? "replaceState" : "pushState"](null, "", link.href);
  }
  if (link.pathname !== "/") dropStill();
});

// What stands in the app for a link or button of the still.
function inApp(element, within) {
  const [still, app] = [shell, document.getElementById("app")].map((all) => {
    const found = [...all.querySelectorAll(`${within} :is(a[href], button)`)];
    return found.filter((one) => !one.closest(UNSEEN));
  });
  const found = app[still.indexOf(element)];
  return found?.getAttribute("aria-label") === element.getAttribute("aria-label") ? found : undefined;
}

// The app has taken over a part of the shell: it goes on with what was pressed and where the keyboard stood in it.
function takeOver(within, hide) {
  const [button, focused] = [pressed, document.activeElement].map((element) => element && inApp(element, within));
  hide();
  focused?.focus({ preventScroll: true });
  if (!button) return;
  pressed = undefined;
  setTimeout(() => button.click());
}

// The app has drawn a page in its frame, or all of Today.
window.addEventListener("rounds:drawn", async ({ detail }) => {
  if (!("framed" in shell.dataset)) takeOver(".nav", () => (shell.dataset.framed = ""));
  if (document.getElementById("still") && location.pathname === "/") {
    if (detail !== "all") return;
    // The second module, or a long question, may still be on its way.
    for (let times = 0; times < 40 && document.querySelector("#app .today .bones"); times++) await nextTask(50);
  }
  if (!shell.isConnected) return;
  const { scrollTop } = shell.querySelector(".pane");
  takeOver(".pane", () => shell.remove());
  document.querySelector("#app .pane")?.scrollTo(0, scrollTop);
});

// What nobody sees before a tap.
const UNSEEN = "[popover], dialog";

// A drawing of Today, with the bar beside it, as a text.
window.roundsStill = (drawing) => {
  const nav = document.querySelector("#app .nav")?.cloneNode(true);
  const page = drawing.querySelector(".page");
  if (!nav || !page) return undefined;
  nav.querySelectorAll("[aria-current]").forEach((link) => link.removeAttribute("aria-current"));
  nav.querySelector('[href="/"]')?.setAttribute("aria-current", "page");
  for (const part of [nav, page]) {
    part.querySelectorAll(UNSEEN).forEach((unseen) => unseen.remove());
    part.querySelectorAll("[style]").forEach((styled) => styled.removeAttribute("style"));
  }
  return (nav.outerHTML + page.outerHTML).replaceAll("<!---->", "").replaceAll("<!>", "");
};

// Whether notifications are shown: "granted", "denied", or "default" while nobody was asked; `ask` asks.
window.roundsMayNotify = async (ask) => {
  if (!window.Notification) return "denied";
  return ask ? Notification.requestPermission() : Notification.permission;
};

// Shows one where that is allowed, through the worker where there is one: phones know no other way.
window.roundsNotify = async ([title, body, tag, address]) => {
  if (window.Notification?.permission !== "granted") return;
  const options = { body, tag, icon: "/icons/icon-192.png", data: address };
  const registration = await navigator.serviceWorker?.getRegistration();
  if (registration?.active) return void (await registration.showNotification(title, options));
  new Notification(title, options).onclick = () => (window.focus(), follow(address));
};

// A tap on a notification goes on in the page that is open, as a tap on a link in it would.
function follow(address) {
  const link = Object.assign(document.createElement("a"), { href: address, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
}
navigator.serviceWorker?.addEventListener("message", ({ data }) => data?.type === "open" && follow(data.address));

// A panic ends the module for good: the screen stays, but nothing on it answers any more.
function showStopped({ error, reason }) {
  if ((error ?? reason) instanceof WebAssembly.RuntimeError) document.getElementById("stopped")?.showModal?.();
}
window.addEventListener("error", showStopped);
window.addEventListener("unhandledrejection", showStopped);

// The interface's words in one language, as JSON; the app asks for those of another when it is chosen.
const WORDS = {{words}};
window.roundsWords = async (lang) => {
  const answer = await fetch(WORDS[lang]);
  if (!answer.ok) throw new Error(`${WORDS[lang]} answered ${answer.status}`);
  return answer.text();
};

// Photos are kept no larger than a screen shows them, without what a camera writes into them; each with a small one.
const LARGE = 2048;
const SMALL = 160;
const MOST = 25 * 1024 * 1024;

// A file as it is kept, and its thumbnail where it has one: what is known of each as JSON, and its bytes.
window.roundsFile = async (file) => {
  const image = file.type.startsWith("image/") ? await createImageBitmap(file).catch(() => null) : null;
  if (!image) return [file.size > MOST ? [described(file, file.name, ""), new Uint8Array()] : await hashed(file, file.name)];
  const longest = Math.max(image.width, image.height);
  // What is small already stays as it is, but for what may say where and with what it was taken.
  const isPlain = /^image\/(png|gif|webp)$/.test(file.type) && longest <= LARGE;
  const kept = isPlain ? file : await drawn(image, LARGE, 0.85);
  const parts = [await hashed(kept, isPlain ? file.name : file.name.replace(/(\.\w+)?$/, ".jpg"))];
  if (longest > SMALL) parts.push(await hashed(await drawn(image, SMALL, 0.7), "thumbnail.jpg"));
  image.close();
  return parts;
};

function drawn(image, side, quality) {
  const scale = Math.min(1, side / Math.max(image.width, image.height));
  const size = (length) => Math.max(1, Math.round(length * scale));
  const canvas = Object.assign(document.createElement("canvas"), { width: size(image.width), height: size(image.height) });
  const context = canvas.getContext("2d");
  context.fillStyle = "white"; // a JPEG has no transparency
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done, failed) => {
    canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error("no JPEG"))), "image/jpeg", quality);
  });
}

async function hashed(blob, name) {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  return [described(blob, name, await window.roundsHash(bytes)), bytes];
}

// The sha-256 of bytes in hex.
window.roundsHash = async (bytes) => {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
};

function described({ size, type }, name, sha256) {
  return JSON.stringify({ sha256, name: name.slice(-200), size, mime: (type || "application/octet-stream").slice(0, 100) });
}

// An address under which a page of ours shows bytes. Only pictures keep their type: what somebody attached must never run.
window.roundsAddress = (bytes, type) => {
  const shown = /^image\/(jpeg|png|gif|webp)$/.test(type) ? type : "application/octet-stream";
  return URL.createObjectURL(new Blob([bytes], { type: shown }));
};
window.roundsForget = (address) => URL.revokeObjectURL(address);

async function loadModule() {
  const module = await import("{{js}}");
  await module.default({ module_or_path: "{{wasm}}" });
  return module;
}

// What the browser does once, and for longer than a frame, it does while the module is on its way: the first number, date
// and order of names that `Intl` writes.
function warmUp() {
  const first = [
    () => new Intl.NumberFormat(root.lang).format(1),
    () => new Intl.DateTimeFormat(root.lang, { dateStyle: "medium" }).format(),
    () => new Intl.RelativeTimeFormat(root.lang).format(1, "day"),
    () => new Intl.Collator(root.lang, { numeric: true }).compare("a", "b"),
  ];
  first.forEach((make) => setTimeout(make));
}

// So long the app waits for the still: another window may hold up the database, and the app says what to do then.
const PATIENCE_MS = 500;

async function startApp() {
  const still = Promise.race([showStill(), nextTask(PATIENCE_MS)]).catch(console.warn).then(warmUp);
  // Behind the first layout of the shell, which takes the browser a task of its own.
  await nextTask();
  const [module, words] = await Promise.all([loadModule(), window.roundsWords(root.lang), still]);
  module.learn(words);
  // Two tasks are shorter than one: what somebody does meanwhile is answered between them.
  await nextTask();
  module.start();
  root.dataset.app = "";
}

document.getElementById("reload")?.addEventListener("click", () => location.reload());
// What searching knows of Chinese characters is loaded by the app, after its start.
root.dataset.han = "{{han}}";
root.lang = stored("rounds.lang") ?? preferredLanguage();
dressPage(stored("rounds.theme"));
window.addEventListener("rounds:theme", ({ detail }) => dressPage(detail));
followKeyboard();
// The worker comes second: its downloads must not compete with the first start.
startApp()
  .catch(showTrouble)
  .finally(() => registerWorker().catch(console.warn));

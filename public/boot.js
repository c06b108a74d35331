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
  if (!trouble) return; // the app had started and replaced the skeleton
  document.getElementById("bones").hidden = true;
  document.querySelector("main").removeAttribute("aria-busy");
  trouble.hidden = false;
  document.getElementById("retry").addEventListener("click", () => {
    if (window.roundsUpdate) window.roundsUpdate();
    else location.reload();
  });
}

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

async function loadModule() {
  const module = await import("{{js}}");
  await module.default({ module_or_path: "{{wasm}}" });
  return module;
}

async function startApp() {
  const [module, words] = await Promise.all([loadModule(), window.roundsWords(root.lang)]);
  module.start(words);
}

document.getElementById("reload")?.addEventListener("click", () => location.reload());
root.lang = stored("rounds.lang") ?? preferredLanguage();
dressPage(stored("rounds.theme"));
window.addEventListener("rounds:theme", ({ detail }) => dressPage(detail));
followKeyboard();
// The worker comes second: its downloads must not compete with the first start.
startApp()
  .catch(showTrouble)
  .finally(() => registerWorker().catch(console.warn));

// The service worker: one complete version of the site, kept until the next complete one is wanted.
const CACHE = "rounds-{{version}}";
const FILES = {{files}};

self.addEventListener("install", (event) => event.waitUntil(fill()));
self.addEventListener("activate", (event) => event.waitUntil(takeOver()));
self.addEventListener("message", (event) => {
  // Only the person's tap on "new version" lets a waiting worker in.
  if (event.data?.type === "activate") self.skipWaiting();
});

// A reminder leads to its record: in a window that is open, else in a new one.
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(lead(event.notification.data ?? "/"));
});

async function lead(address) {
  const windows = await self.clients.matchAll({ type: "window" });
  const seen = windows.find((one) => one.visibilityState === "visible") ?? windows[0];
  if (!seen) return self.clients.openWindow(address);
  await seen.focus();
  seen.postMessage({ type: "open", address });
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith("/api/") || url.pathname === "/healthz") return;
  if (request.mode === "navigate") event.respondWith(shell(request));
  else if (url.pathname.startsWith("/pkg/")) event.respondWith(hashed(request, url.pathname));
  else if (FILES.includes(url.pathname)) event.respondWith(listed(request, url.pathname));
});

// All or nothing: every answer is in hand and good before the first is stored.
async function fill() {
  const answers = await Promise.all(FILES.map(obtain));
  await checkShell(answers[FILES.indexOf("/")].clone());
  const cache = await caches.open(CACHE);
  try {
    await Promise.all(FILES.map((path, i) => cache.put(path, answers[i])));
  } catch (error) {
    await caches.delete(CACHE); // the disk is full: the version in use stays
    throw error;
  }
}

// A hashed file that an earlier version already has is not downloaded again.
async function obtain(path) {
  const isHashed = path.startsWith("/pkg/");
  const kept = isHashed && (await caches.match(path, { ignoreVary: true }));
  if (kept) return kept;
  const answer = await fetch(path, { cache: isHashed ? "default" : "no-cache" });
  if (!answer.ok || answer.redirected) throw new Error(`${path} answered ${answer.status}`);
  return answer;
}

// The shell could come from a newer deployment than this list; then this install is given up and the next one is right.
async function checkShell(answer) {
  const named = (await answer.text()).match(/\/pkg\/[\w.-]+/g) ?? [];
  const unknown = named.find((path) => !FILES.includes(path));
  if (unknown) throw new Error(`the shell names ${unknown}, which is not of this version`);
}

async function takeOver() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith("rounds-") && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

// Any address inside the app is the one shell.
async function shell(request) {
  return (await stored("/")) ?? fetch(request);
}

// Hashed names never change meaning, so any kept version may answer; a missing one is the server's 404.
async function hashed(request, path) {
  return (await caches.match(path, { ignoreVary: true })) ?? fetch(request);
}

async function listed(request, path) {
  return (await stored(path)) ?? fetch(request);
}

async function stored(path) {
  const cache = await caches.open(CACHE);
  return cache.match(path, { ignoreVary: true });
}

// Keeps the form and what it loads, so that it opens without a line. Sending is the page's matter:
// nothing that is sent passes through here.
const KEPT = "tocsin-VERSION";
const PAGES = ["/report/en", "/report/fr", "/report/ar"];
const FILES = ["pages.css?v=VERSION", "queue.js?v=VERSION", "report.js?v=VERSION", "bell.svg"].map((name) => `/static/${name}`);
const PATIENCE = 4000;

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches.open(KEPT)
      .then((cache) => cache.addAll([...PAGES, ...FILES].map((path) => new Request(path, { cache: "reload" }))))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter((one) => one !== KEPT).map((one) => caches.delete(one))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  const ours = address.origin === self.location.origin && event.request.method === "GET";
  if (ours && PAGES.includes(address.pathname)) {
    event.respondWith(fresh(event.request, address.pathname));
  } else if (ours && address.pathname.startsWith("/static/")) {
    event.respondWith(file(event.request));
  }
});

// A page of a newer version asks for newer files, which are not kept yet; without a line the kept
// ones are better than none.
async function file(request) {
  const kept = await caches.match(request);
  if (kept) return kept;
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(request, { ignoreSearch: true })) || Response.error();
  }
}

async function fresh(request, path) {
  const stop = new AbortController();
  const clock = setTimeout(() => stop.abort(), PATIENCE);
  try {
    const found = await fetch(request, { signal: stop.signal });
    if (found.ok) return found;
  } catch {
    // No line, or a bad one: the kept page serves.
  } finally {
    clearTimeout(clock);
  }
  return (await caches.match(path)) || Response.error();
}

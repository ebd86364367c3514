// Keeps the empty form and its files on the device, so that it opens without a line. It keeps no
// answer that was made for somebody: what stands in KEPT is the same for everybody.
declare const self: ServiceWorkerGlobalScope & {
  KEPT: { version: string; form: string; empty: string; files: string[] };
};

const { version, form, empty, files } = self.KEPT;
const NAME = `submit-${version}`;
const PATIENCE_MS = 8_000;

async function fill(): Promise<void> {
  const cache = await caches.open(NAME);
  await cache.addAll([empty, ...files].map((path) => new Request(path, { cache: "reload" })));
}

async function tidy(): Promise<void> {
  const old = (await caches.keys()).filter((name) => name !== NAME);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

// A line that is there and carries nothing is no line.
async function asked(request: Request, path: string): Promise<Response> {
  const kept = async (): Promise<Response | undefined> =>
    await (await caches.open(NAME)).match(path, { ignoreVary: true });
  const late = new Promise<undefined>((done) => setTimeout(done, PATIENCE_MS));
  const answer = await Promise.race([fetch(request).catch(() => undefined), late]);
  return answer ?? (await kept()) ?? (await fetch(request));
}

self.addEventListener("install", (event) => event.waitUntil(fill().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(tidy()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate") {
    if (pathname === form) event.respondWith(asked(request, empty));
  } else if (files.includes(pathname)) event.respondWith(asked(request, pathname));
});

export {};

// Keeps the shell of the vendor page so that it opens without a network. It never touches /v1: answers about money are
// marked no-store and the page keeps its own last day. `/sw-off.json` with {"off": true} removes it from every phone.
const shell = __SHELL__;
const cacheName = 'cho40-vendor-' + __VERSION__;

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(cacheName).then((cache) => cache.addAll(shell)).then(() => self.skipWaiting()));
});

async function switchedOff() {
  try {
    const answer = await fetch('/sw-off.json', { cache: 'no-store' });
    return answer.ok && (await answer.json()).off === true;
  } catch {
    return false;
  }
}

self.addEventListener('activate', (event) => {
  event.waitUntil((async () => {
    const off = await switchedOff();
    for (const name of await caches.keys()) if (name.startsWith('cho40-vendor-') && (off || name !== cacheName)) await caches.delete(name);
    if (off) await self.registration.unregister();
    else await self.clients.claim();
  })());
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== location.origin || !url.pathname.startsWith('/vendor/')) return;
  if (request.mode === 'navigate') {
    event.respondWith(fetch(request).catch(async () => (await caches.match('/vendor/')) ?? Response.error()));
  } else if (shell.includes(url.pathname)) {
    event.respondWith(caches.match(url.pathname).then((found) => found ?? fetch(request)));
  }
});

// What the pages gain with scripts: the wait page counts down and hears when money comes, account numbers can be copied,
// the receipt printed or sent. Without this file everything still works by forms and reloads.
(() => {
  "use strict";
  const byId = (id) => document.getElementById(id);

  // The clock of the phone may be wrong: count from the server's now.
  const left = byId("left");
  if (left) {
    const total = Date.parse(left.dataset.until) - Date.parse(left.dataset.now);
    const bar = byId("left-bar");
    const began = performance.now();
    const tick = () => {
      const seconds = Math.max(0, Math.floor((total - (performance.now() - began)) / 1000));
      left.textContent = left.dataset.words.replace("@M", Math.floor(seconds / 60)).replace("@S", seconds % 60);
      if (bar) bar.value = seconds;
      if (seconds === 0) { clearInterval(timer); location.reload(); }
    };
    const timer = setInterval(tick, 1000);
    if (total > 0) tick(); else clearInterval(timer);
  }

  for (const button of document.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) break;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const words = button.textContent;
      try {
        await navigator.clipboard.writeText(button.dataset.copy);
        button.textContent = button.dataset.words;
        setTimeout(() => { button.textContent = words; }, 2000);
      } catch { /* the number stands beside the button */ }
    });
  }

  for (const button of document.querySelectorAll("[data-share]")) {
    const print = button.dataset.share === "print";
    if (!print && !navigator.share) continue;
    button.hidden = false;
    button.addEventListener("click", () => {
      if (print) window.print();
      else navigator.share({ title: document.title, url: location.href }).catch(() => {});
    });
  }

  // A second press of a button that pays must not be a second intention; the key in the form guards the server too.
  for (const form of document.querySelectorAll('form[method="post"]')) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "1";
    });
  }
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  // Live state: any event means "look again". The page itself is the answer, so that with and without scripts people see
  // the same words; nothing is lost when events are: after 25 silent seconds it looks anyway.
  const live = byId("live");
  if (live) {
    let looking = false;
    let again = false;  // news came while the page was being fetched: what comes back may be older than it
    const look = async () => {
      if (looking) { again = true; return; }
      looking = true;
      try {
        const answer = await fetch(location.href, { headers: { accept: "text/html" }, cache: "no-store", redirect: "follow" });
        if (answer.redirected || answer.status >= 400) { location.reload(); return; }
        const state = /id="live"[^>]* data-state="([^"]*)"/.exec(await answer.text())?.[1];
        if (state !== live.dataset.state) location.reload();
      } catch { /* no network: the next look tells */ } finally {
        looking = false;
        if (again) { again = false; look(); }
      }
    };
    let silence = setInterval(look, 25000);
    if (window.EventSource) {
      const source = new EventSource(live.dataset.live);
      const heard = () => { clearInterval(silence); silence = setInterval(look, 25000); look(); };
      source.onmessage = heard;
      for (const type of live.dataset.events.split(" ")) source.addEventListener(type, heard);
      addEventListener("pagehide", () => source.close());
    }
    addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
  }
})();

// Keeps the inbox as it is on the server: a stream tells that something changed, and the page is
// asked for again, so that what is shown is decided on and logged there as always.
"use strict";
(() => {
  const box = document.getElementById("live");
  const note = document.getElementById("live_note");
  const wish = document.getElementById("live_wish");
  const fresh = document.getElementById("live_show");
  const words = box.dataset;
  let source = null;
  let soon = 0;

  function say(told) { note.textContent = told; }

  async function load() {
    fresh.hidden = true;
    let text;
    try {
      const found = await fetch(location.pathname, { headers: { accept: "text/html" } });
      if (!found.ok) throw new Error(String(found.status));
      text = await found.text();
    } catch {
      say(words.off);
      return;
    }
    const page = new DOMParser().parseFromString(text, "text/html");
    for (const id of ["warnings", "as_of"]) {
      document.getElementById(id).replaceWith(page.getElementById(id));
    }
    say(words.updated);
  }

  // Who is at work in the list, by keyboard or in a form, is not disturbed.
  function changed() {
    clearTimeout(soon);
    soon = setTimeout(() => {
      if (document.getElementById("warnings").contains(document.activeElement)) {
        fresh.hidden = false;
        say(words.changed);
      } else {
        load();
      }
    }, 300);
  }

  function listen() {
    source = new EventSource(`/api/events?type=warning&after=${encodeURIComponent(words.after)}`);
    source.addEventListener("open", () => say(words.on));
    source.addEventListener("change", (event) => { words.after = event.lastEventId; changed(); });
    source.addEventListener("end", () => { stop(); say(words.end); });
    source.addEventListener("error", () => {
      say(words.off);
      // A browser tries again by itself after a broken line, and gives up after a refusal.
      if (source && source.readyState === EventSource.CLOSED) {
        stop();
        setTimeout(() => { if (wish.checked && !source) listen(); }, 30000);
      }
    });
  }
  function stop() {
    if (source) source.close();
    source = null;
  }

  box.hidden = false;
  wish.checked = localStorage.getItem("tocsin-live") !== "no";
  wish.addEventListener("change", () => {
    localStorage.setItem("tocsin-live", wish.checked ? "yes" : "no");
    stop();
    say("");
    if (wish.checked) listen();
  });
  fresh.addEventListener("click", async () => {
    await load();
    wish.focus();
  });
  addEventListener("pagehide", stop);
  if (wish.checked) listen();
})();

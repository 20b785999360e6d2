// The form's queue. A report is kept on this device before anything is sent, and leaves the queue
// only when the server has answered with a receipt for this very sending. What is sent twice counts
// once, since each sending has a key of its own.
"use strict";
(() => {
  const form = document.getElementById("report");
  const status = document.getElementById("status");
  const list = document.getElementById("queue");
  const words = status.dataset;
  const TIMEOUT = 20000;
  let again = 5000;

  function opened() {
    return new Promise((resolve, reject) => {
      const asked = indexedDB.open("tocsin", 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore("queue", { keyPath: "sending" });
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
  }

  // Resolves when the transaction is on the disk, not when the request is done.
  async function within(mode, act) {
    const base = await opened();
    try {
      return await new Promise((resolve, reject) => {
        const step = base.transaction("queue", mode, { durability: "strict" });
        const asked = act(step.objectStore("queue"));
        step.oncomplete = () => resolve(asked.result);
        step.onerror = step.onabort = () => reject(step.error);
      });
    } finally {
      base.close();
    }
  }
  const waiting = () => within("readonly", (store) => store.getAll());
  const keep = (one) => within("readwrite", (store) => store.put(one));
  const drop = (one) => within("readwrite", (store) => store.delete(one.sending));

  function say(text) { status.textContent = text; }

  // Drawn by the browser's source of chance; randomUUID is missing where there is no TLS.
  function key() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (one) => one.toString(16).padStart(2, "0")).join("");
  }

  function answers() {
    const found = {};
    for (const field of form.elements) {
      if (!field.name || "own" in field.dataset) continue;
      if (field.type === "checkbox") {
        if (field.checked) found[field.name] = [found[field.name], field.value].filter(Boolean).join(" ");
      } else if (field.value.trim()) {
        found[field.name] = field.value.trim();
      }
    }
    return found;
  }

  async function show() {
    const all = await waiting();
    all.sort((one, other) => one.at - other.at);
    list.replaceChildren(...all.map((one) => {
      const item = document.createElement("li");
      const { event_date, country, headline } = one.body.answers;
      item.textContent = [event_date, country, headline].filter(Boolean).join(" · ");
      if (one.trouble) {
        const why = document.createElement("span");
        why.className = "trouble";
        why.textContent = one.trouble;
        item.append(why);
      }
      return item;
    }));
    document.getElementById("keeping").hidden = !all.length;
    return all;
  }

  async function secret() {
    const found = await fetch("/api/session", { signal: AbortSignal.timeout(TIMEOUT) });
    if (found.status === 401) return null;
    if (!found.ok) throw new Error(String(found.status));
    return (await found.json()).csrf;
  }

  async function send(one, csrf) {
    const found = await fetch("/api/reports", {
      method: "POST", signal: AbortSignal.timeout(TIMEOUT), body: JSON.stringify(one.body),
      headers: { "content-type": "application/json", "x-csrf-token": csrf },
    });
    if (found.ok) {
      const receipt = await found.json();
      // An answer that is no receipt of this sending, such as a hotel's sign-in page, is none.
      if (receipt.sending !== one.sending || !receipt.report) throw new Error("no receipt");
      await drop(one);
      return true;
    }
    if (found.status === 422 || found.status === 413) {
      const why = await found.json();
      await keep({ ...one, trouble: [why.where, why.title, why.detail].filter(Boolean).join(" – ") });
      return false;
    }
    throw new Error(String(found.status));
  }

  // One tab sends at a time; a second tab that gets its turn finds the queue empty.
  function flush() {
    const turn = navigator.locks
      ? (act) => navigator.locks.request("tocsin-send", act) : (act) => act();
    return turn(async () => {
      let all = await waiting();
      if (!all.length) { await show(); return; }
      say(words.sending);
      try {
        const csrf = await secret();
        if (csrf === null) { say(words.sign_in); await show(); return; }
        for (const one of all) await send(one, csrf);
        again = 5000;
      } catch {
        say(words.later);
        again = Math.min(again * 2, 300000);
        setTimeout(flush, again);
        await show();
        return;
      }
      all = await show();
      say(all.length ? words.trouble : words.sent);
    });
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!form.reportValidity()) return;
    const button = document.getElementById("keep");
    button.disabled = true;
    const sending = key();
    const body = {
      key: key(), sending, branch: key(), place: 1, trunk: 0, answers: answers(),
      level: form.elements.level.value, blur: form.elements.blur.value,
      withhold: form.elements.withhold.checked,
    };
    try {
      await keep({ sending, body, at: Date.now() });
    } catch {
      // Not kept, so the form keeps what was written.
      say(words.full);
      button.disabled = false;
      return;
    }
    form.reset();
    button.disabled = false;
    say(words.kept);
    await show();
    await flush();
    status.scrollIntoView({ block: "nearest" });
  });

  document.getElementById("here").addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => { form.elements.point.value = `${coords.latitude.toFixed(2)} ${coords.longitude.toFixed(2)}`; },
      () => say(words.no_point), { timeout: TIMEOUT },
    );
  });

  document.getElementById("send").addEventListener("click", flush);
  document.getElementById("export").addEventListener("click", async () => {
    const reports = (await waiting()).map((one) => one.body);
    const file = new Blob([JSON.stringify({ reports }, null, 1)], { type: "application/json" });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = "unsent-reports.json";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  });

  addEventListener("online", flush);
  if (navigator.serviceWorker) navigator.serviceWorker.register("/sw.js").catch(() => {});
  if (navigator.storage && navigator.storage.persist) navigator.storage.persist();
  document.getElementById("event_date").max = new Date().toISOString().slice(0, 10);
  flush();
})();

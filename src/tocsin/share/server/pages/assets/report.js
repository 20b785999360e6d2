// The form for reports. A report is kept on this device before anything is sent, and leaves the
// queue only when the server has answered with a receipt for this very sending. What is sent twice
// counts once, since each sending has a key of its own.
"use strict";
(() => {
  const queue = tocsinQueue;
  const find = (id) => document.getElementById(id);
  const form = find("report");
  const status = find("status");
  const list = find("queue");
  const words = status.dataset;
  const refusals = JSON.parse(words.refusals);
  const TIMEOUT = 20000;
  const AWAY = 300000;
  let again = 5000;
  // A report that the server did not take, and that is being corrected in the form.
  let corrected = null;

  function say(told) { status.textContent = told; }

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

  // Shows the form, or asks for the PIN first.
  async function show() {
    const state = await queue.state();
    const may = state === "open" || state === "unlocked";
    const all = may ? await queue.waiting() : [];
    const kept = await queue.count();
    find("desk").hidden = !may;
    find("gate").hidden = may;
    find("choose").hidden = state !== "undecided";
    find("unlock").hidden = state !== "locked";
    find("wipe").hidden = state === "undecided" && !kept;
    find("lock").hidden = state !== "unlocked";
    find("unguarded").hidden = state !== "open";
    find("held").textContent = state === "locked" && kept ? words.held.replace("{n}", kept) : "";
    list.replaceChildren(...all.map(line));
    find("keeping").hidden = !all.length;
    return may ? all : null;
  }
  function line(one) {
    const item = document.createElement("li");
    const { event_date, country, headline } = one.body.answers;
    item.textContent = [event_date, country, headline].filter(Boolean).join(" · ");
    if (one.trouble) {
      const why = document.createElement("span");
      why.className = "trouble";
      why.textContent = one.trouble;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "second";
      button.textContent = words.correct;
      button.addEventListener("click", () => correct(one));
      item.append(why, button);
    }
    return item;
  }

  // Puts a report back into the form. It stays on the device until another one is kept for it.
  function correct(one) {
    form.reset();
    for (const field of form.elements) {
      const own = "own" in field.dataset;
      const value = (own ? one.body : one.body.answers)[field.name];
      if (!field.name || value === undefined) continue;
      if (field.type === "checkbox") field.checked = own ? value : value.split(" ").includes(field.value);
      else field.value = value;
    }
    corrected = one;
    (find(one.where) || find("event_date")).focus();
  }
  // The question by its words on this page, and the reason in its language where it is a known one.
  function reason({ where, title, detail }) {
    const label = where && document.querySelector(`label[for="${CSS.escape(where)}"]`);
    const told = refusals[title] || [title, detail].filter(Boolean).join(" ");
    return [label ? label.firstChild.textContent.trim() : where, told].filter(Boolean).join(" – ");
  }

  // The page is the same for everybody, and asks to sign in while it is not known who that is.
  const who = document.querySelector(".who a");
  const asks = { text: who.textContent, href: who.getAttribute("href") };
  function shows({ text, href }) { who.textContent = text; who.href = href; who.dir = "auto"; }

  async function secret() {
    const found = await fetch("/api/session", { signal: AbortSignal.timeout(TIMEOUT) });
    if (found.status === 401) { shows(asks); return null; }
    if (!found.ok) throw new Error(String(found.status));
    const { name, csrf } = await found.json();
    if (name) shows({ text: name, href: "/account" });
    return csrf;
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
      await queue.drop(one);
    } else if ([403, 404, 413, 422].includes(found.status)) {
      const why = await found.json();
      await queue.keep({ ...one, trouble: reason(why), where: why.where });
    } else {
      throw new Error(String(found.status));
    }
  }

  // One tab sends at a time; a second tab that gets its turn finds the queue empty.
  async function flush() {
    const turn = navigator.locks
      ? (act) => navigator.locks.request("tocsin-send", act) : (act) => act();
    // Another tab may be sending for long: what is kept here is shown before its turn is waited for.
    await show().catch(() => {});
    return turn(async () => {
      try {
        let all = await show();
        if (!all || !all.length) return;
        say(words.sending);
        const csrf = await secret();
        if (csrf === null) { say(words.sign_in); return; }
        for (const one of all) await send(one, csrf);
        again = 5000;
        all = await show();
        if (all) say(all.length ? words.trouble : words.sent);
      } catch (error) {
        if (error.name === "VersionError") { say(words.newer); return; }
        say(words.later);
        again = Math.min(again * 2, 300000);
        setTimeout(flush, again);
        await show();
      }
    });
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!form.reportValidity()) return;
    const button = find("keep");
    button.disabled = true;
    const sending = queue.draw();
    const body = {
      key: queue.draw(), sending, branch: queue.draw(), place: 1, trunk: 0, answers: answers(),
      level: form.elements.level.value, blur: form.elements.blur.value,
      withhold: form.elements.withhold.checked,
    };
    try {
      await queue.keep({ sending, body, at: Date.now() });
      if (corrected) await queue.drop(corrected);
      corrected = null;
    } catch {
      // Not kept, so the form keeps what was written.
      say(words.full);
      button.disabled = false;
      await show();
      return;
    }
    form.reset();
    button.disabled = false;
    say(words.kept);
    await show();
    await flush();
    status.scrollIntoView({ block: "nearest" });
  });

  find("choose").addEventListener("submit", async (event) => {
    event.preventDefault();
    const { pin, again: repeated } = event.target.elements;
    if (!event.target.reportValidity()) return;
    if (pin.value !== repeated.value) { say(words.pin_differs); repeated.focus(); return; }
    await queue.choose(pin.value);
    event.target.reset();
    say(words.pin_set);
    await flush();
    find("title").focus();
  });
  find("without").addEventListener("click", async () => {
    await queue.goWithout();
    say("");
    await flush();
    find("title").focus();
  });
  find("unlock").addEventListener("submit", async (event) => {
    event.preventDefault();
    const field = event.target.elements.pin;
    const { left } = await queue.unlock(field.value);
    event.target.reset();
    const all = await show();
    if (all) { say(""); find("title").focus(); await flush(); return; }
    say(left ? words.pin_wrong.replace("{n}", left) : words.wiped);
    find(left ? "unlock_pin" : "pin").focus();
  });

  async function close() {
    queue.lock();
    form.reset();
    corrected = null;
    say(words.closed);
    await show();
    find("unlock_pin").focus();
  }
  find("lock").addEventListener("click", close);
  let left = 0;
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) left = Date.now();
    else if (left && Date.now() - left > AWAY && !find("lock").hidden) close();
  });

  find("wipe").addEventListener("click", async () => {
    if (!window.confirm(words.wipe_sure)) return;
    form.reset();
    corrected = null;
    await queue.wipe();
    say(words.wiped);
    await show();
    find("title").focus();
    try {
      const csrf = await secret();
      if (csrf) await fetch("/sign-out", { method: "POST", body: new URLSearchParams({ csrf }) });
    } catch {
      // Without a line the session ends by itself, or at the next wipe.
    }
  });

  find("here").addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => { form.elements.point.value = `${coords.latitude.toFixed(2)} ${coords.longitude.toFixed(2)}`; },
      () => say(words.no_point), { timeout: TIMEOUT },
    );
  });

  find("send").addEventListener("click", flush);
  find("export").addEventListener("click", async () => {
    const reports = (await queue.waiting()).map((one) => one.body);
    const file = new Blob([JSON.stringify({ reports }, null, 1)], { type: "application/json" });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = "unsent-reports.json";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  });

  queue.onNews(() => show());
  addEventListener("online", flush);
  if (navigator.serviceWorker) navigator.serviceWorker.register("/sw.js").catch(() => {});
  if (navigator.storage && navigator.storage.persist) navigator.storage.persist();
  // The day on the reporter's own calendar: east of Greenwich it begins before that of UTC.
  const now = new Date();
  const two = (number) => String(number).padStart(2, "0");
  find("event_date").max = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  secret().catch(() => {});
  flush();
})();

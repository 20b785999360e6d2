// Reports on this device that the server has not confirmed yet, sealed by a PIN where one is set.
// The PIN is never kept. It makes a key (PBKDF2) that opens the key of the reports (AES-GCM), which
// is in memory only while the page stands open. A report says in the clear no more than when it was
// written.
"use strict";
const tocsinQueue = (() => {
  const ROUNDS = 600000;
  const TRIES = 5;
  const GCM = "AES-GCM";
  const text = new TextEncoder();
  const news = "BroadcastChannel" in window ? new BroadcastChannel("tocsin") : null;
  let key = null;
  let mine = "";

  const chance = (size) => crypto.getRandomValues(new Uint8Array(size));
  const hex = (bytes) => Array.from(bytes, (one) => one.toString(16).padStart(2, "0")).join("");

  function opened() {
    return new Promise((resolve, reject) => {
      const asked = indexedDB.open("tocsin", 2);
      asked.onupgradeneeded = ({ oldVersion }) => {
        if (oldVersion < 1) asked.result.createObjectStore("queue", { keyPath: "sending" });
        if (oldVersion < 2) asked.result.createObjectStore("lock", { keyPath: "id" });
      };
      asked.onsuccess = () => {
        asked.result.onversionchange = () => asked.result.close();
        resolve(asked.result);
      };
      asked.onerror = () => reject(asked.error);
    });
  }

  // Resolves when the transaction is on the disk, not when its requests are done.
  async function within(mode, act) {
    const base = await opened();
    try {
      return await new Promise((resolve, reject) => {
        const step = base.transaction(["queue", "lock"], mode, { durability: "strict" });
        const found = act(step.objectStore("queue"), step.objectStore("lock"), step);
        step.oncomplete = () => resolve(found && found.result);
        step.onerror = step.onabort = () => reject(step.error || new Error("changed elsewhere"));
      });
    } finally {
      base.close();
    }
  }

  const lockRow = () => within("readonly", (_, lock) => lock.get("lock"));
  const saltOf = (row) => (row && row.salt ? hex(row.salt) : "");

  // Writes only while the lock is the one that this page knows: another tab may have set a PIN, or
  // wiped the device, in between.
  function whileMine(act) {
    return within("readwrite", (queue, lock, step) => {
      const asked = lock.get("lock");
      asked.onsuccess = () => (saltOf(asked.result) === mine ? act(queue, lock) : step.abort());
    });
  }

  async function state() {
    const row = await lockRow();
    if (saltOf(row) !== mine) { key = null; mine = ""; }
    if (!row) return "undecided";
    if (row.without) return "open";
    return key ? "unlocked" : "locked";
  }

  async function derived(pin, salt, rounds) {
    const base = await crypto.subtle.importKey("raw", text.encode(pin.normalize("NFKC")), "PBKDF2", false, ["deriveKey"]);
    return crypto.subtle.deriveKey(
      { name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds }, base,
      { name: GCM, length: 256 }, false, ["wrapKey", "unwrapKey"],
    );
  }
  const unwrapped = async (pin, row) => crypto.subtle.unwrapKey(
    "raw", row.key, await derived(pin, row.salt, row.rounds), { name: GCM, iv: row.iv },
    GCM, false, ["encrypt", "decrypt"],
  );

  // The sending's own key is bound in, so that no sealed report can stand in another's place.
  async function sealed({ sending, at, ...rest }) {
    const iv = chance(12);
    const how = { name: GCM, iv, additionalData: text.encode(sending) };
    return { sending, at, iv, data: await crypto.subtle.encrypt(how, key, text.encode(JSON.stringify(rest))) };
  }
  async function unsealed(row) {
    const how = { name: GCM, iv: row.iv, additionalData: text.encode(row.sending) };
    const plain = await crypto.subtle.decrypt(how, key, row.data);
    return { sending: row.sending, at: row.at, ...JSON.parse(new TextDecoder().decode(plain)) };
  }

  async function keep(one) {
    const row = key ? await sealed(one) : one;
    await whileMine((queue) => queue.put(row));
  }
  const drop = (one) => within("readwrite", (queue) => queue.delete(one.sending));
  const count = () => within("readonly", (queue) => queue.count());

  // Gives the reports in the order of writing; what still lies open is sealed now.
  async function waiting() {
    const rows = await within("readonly", (queue) => queue.getAll());
    const found = [];
    for (const row of rows) {
      if (!row.data) {
        found.push(row);
        if (key) await replace(row);
      } else if (key) {
        found.push(await unsealed(row));
      }
    }
    return found.sort((one, other) => one.at - other.at);
  }
  async function replace(one) {
    const row = await sealed(one);
    await whileMine((queue) => {
      const asked = queue.get(one.sending);
      // What another tab has sent meanwhile does not come back.
      asked.onsuccess = () => asked.result && queue.put(row);
    });
  }

  async function choose(pin) {
    const fresh = await crypto.subtle.generateKey({ name: GCM, length: 256 }, true, ["encrypt", "decrypt"]);
    const row = { id: "lock", salt: chance(16), iv: chance(12), rounds: ROUNDS, tries: 0 };
    const outer = await derived(pin, row.salt, row.rounds);
    row.key = await crypto.subtle.wrapKey("raw", fresh, outer, { name: GCM, iv: row.iv });
    const inner = await unwrapped(pin, row);
    await whileMine((_, lock) => lock.put(row));
    key = inner;
    mine = saltOf(row);
    await waiting();
    tell();
  }
  async function goWithout() {
    await whileMine((_, lock) => lock.put({ id: "lock", without: true }));
    tell();
  }

  // A try is counted before it is made, so that stopping the page in between gains nothing.
  async function unlock(pin) {
    const row = await within("readwrite", (_, lock) => {
      const asked = lock.get("lock");
      asked.onsuccess = () => asked.result && asked.result.salt && lock.put({ ...asked.result, tries: asked.result.tries + 1 });
      return asked;
    });
    if (!row || !row.salt) return { left: 0 };
    const tries = row.tries + 1;
    try {
      if (tries > TRIES) throw new Error("too often");
      key = await unwrapped(pin, row);
    } catch {
      if (tries >= TRIES) await wipe();
      return { left: Math.max(0, TRIES - tries) };
    }
    mine = saltOf(row);
    await whileMine((_, lock) => lock.put({ ...row, tries: 0 }));
    return { left: TRIES };
  }

  function lock() { key = null; mine = ""; }
  async function wipe() {
    lock();
    await within("readwrite", (queue, kept) => { queue.clear(); kept.clear(); });
    tell();
  }
  function tell() { if (news) news.postMessage("changed"); }
  function onNews(act) { if (news) news.onmessage = act; }

  return { state, choose, goWithout, unlock, lock, wipe, keep, drop, count, waiting, onNews, draw: () => hex(chance(16)) };
})();

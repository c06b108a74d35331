// The floor: IndexedDB itself, a store for each kind, a transaction for each chunk. Saves are strict: on the disk when they return.
import { byDue, byStage, endOfToday, FIRST, firstOf, serve, withOpenDue } from "./page.mjs";

const STORES = { account: "account", contact: "contact", follow_up: "follow_up" };
const storeOf = (kind) => STORES[kind] ?? "other";
/** So many rows in one text, as Rounds keeps them. */
const PAGE = 1_000;

let database;

const done = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

const committed = (transaction) => new Promise((resolve, reject) => {
  transaction.oncomplete = resolve;
  transaction.onabort = () => reject(transaction.error);
});

const read = (name) => database.transaction(name).objectStore(name);

serve({
  async open() {
    const request = indexedDB.open("peer", 1);
    request.onupgradeneeded = () => {
      const made = (name) => request.result.createObjectStore(name, { keyPath: "id" });
      made("account").createIndex("name", "name");
      made("contact").createIndex("account", "account");
      const followUps = made("follow_up");
      followUps.createIndex("account", "account");
      followUps.createIndex("open_due", "open_due");
      made("other");
      request.result.createObjectStore("packed", { autoIncrement: true });
    };
    database = await done(request);
  },

  async load(kind, rows) {
    const transaction = database.transaction(storeOf(kind), "readwrite");
    const store = transaction.objectStore(storeOf(kind));
    for (const row of rows) store.put(withOpenDue(row));
    await committed(transaction);
    return rows.length;
  },

  async loadPacked(_kind, rows) {
    const transaction = database.transaction("packed", "readwrite");
    for (let at = 0; at < rows.length; at += PAGE) transaction.objectStore("packed").add(JSON.stringify(rows.slice(at, at + PAGE)));
    await committed(transaction);
    return rows.length;
  },

  async start() {
    const due = done(read("follow_up").index("open_due").count(IDBKeyRange.upperBound(endOfToday())));
    const accounts = await done(read("account").index("name").getAll(null, FIRST));
    return { accounts, due: await due };
  },

  async search(text) {
    const typed = text.toLowerCase();
    const all = await done(read("account").index("name").getAll());
    return firstOf(all.filter(({ name }) => name.toLowerCase().includes(typed)));
  },

  timeline: async (account) => (await done(read("follow_up").index("account").getAll(account))).sort(byDue),

  async save(followUp) {
    const transaction = database.transaction("follow_up", "readwrite", { durability: "strict" });
    transaction.objectStore("follow_up").put(withOpenDue(followUp));
    await committed(transaction);
  },

  report: async () => byStage(await done(read("account").getAll())),
});

// RxDB on its Dexie storage, the one that comes with it for browsers: rows by bulkInsert, what is due and a timeline by index,
// a part of a name by $regex. An indexed field must be in every row, so an empty text stands for none. Durability is the
// browser's default: relaxed.
import { createRxDatabase } from "rxdb/plugins/core";
import { getRxStorageDexie } from "rxdb/plugins/storage-dexie";
import { byDue, byStage, endOfToday, FIRST, firstOf, serve, withOpenDue } from "./page.mjs";

const text = (maxLength) => ({ type: "string", maxLength });
/** Fields that have an index, with the longest that they may be. */
const INDEXED = { account: { name: 300 }, contact: { account: 36 }, follow_up: { account: 36, open_due: 40 }, other: {} };
const collectionOf = (kind) => (kind in INDEXED ? kind : "other");
const complete = (row) => ({ ...Object.fromEntries(Object.keys(INDEXED[collectionOf(row.kind)]).map((name) => [name, ""])), ...withOpenDue(row) });

let database;
let asked = 0;

serve({
  async open() {
    database = await createRxDatabase({ name: "peer", storage: getRxStorageDexie(), multiInstance: false });
    const schema = (indexed) => ({
      version: 0, primaryKey: "id", type: "object", additionalProperties: true,
      properties: { id: text(36), kind: { type: "string" }, ...Object.fromEntries(Object.entries(indexed).map(([name, most]) => [name, text(most)])) },
      required: ["id", ...Object.keys(indexed)], indexes: Object.keys(indexed),
    });
    await database.addCollections(Object.fromEntries(Object.entries(INDEXED).map(([name, indexed]) => [name, { schema: schema(indexed) }])));
  },

  async load(kind, rows) {
    const { success, error } = await database[collectionOf(kind)].bulkInsert(rows.map(complete));
    if (error.length) throw new Error(JSON.stringify(error[0]));
    return success.length;
  },

  async start() {
    const [accounts, due] = await Promise.all([
      database.account.find({ selector: {}, sort: [{ name: "asc" }], limit: FIRST }).exec(),
      database.follow_up.count({ selector: { open_due: { $gt: "", $lte: endOfToday() } } }).exec(),
    ]);
    return { accounts, due };
  },

  async search(typed) {
    return firstOf(await database.account.find({ selector: { name: { $regex: typed, $options: "i" } }, sort: [{ name: "asc" }] }).exec());
  },

  timeline: async (account) => (await database.follow_up.find({ selector: { account } }).exec()).map((one) => one.toJSON()).sort(byDue),
  save: (followUp) => database.follow_up.insert(complete(followUp)),
  // Another limit is another question: to the same one it would give the last answer from memory.
  report: async () => byStage(await database.account.find({ selector: {}, limit: 1e9 - asked++ }).exec()),
});

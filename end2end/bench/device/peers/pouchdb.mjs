// PouchDB on its newer adapter, whose indexes are the browser's own: rows by bulkDocs; ids that begin with the kind and the
// account, so that ranges of allDocs give a timeline and all accounts, as its documentation advises before any index; the
// first names and what is due by find. Durability is the browser's default: relaxed.
import PouchDB from "pouchdb-core";
import indexeddb from "pouchdb-adapter-indexeddb";
import find from "pouchdb-find";
import { byDue, byStage, endOfToday, FIRST, firstOf, serve, withOpenDue } from "./page.mjs";

PouchDB.plugin(indexeddb).plugin(find);
const database = new PouchDB("peer", { adapter: "indexeddb" });
const idOf = ({ kind, account, id }) => [kind, account, id].filter(Boolean).join("/");
const document = (row) => ({ _id: idOf(row), ...withOpenDue(row) });

async function under(prefix) {
  const { rows } = await database.allDocs({ include_docs: true, startkey: `${prefix}/`, endkey: `${prefix}/\ufff0` });
  return rows.map(({ doc }) => doc);
}

serve({
  async open() {
    await database.createIndex({ index: { fields: ["kind", "name"] } });
    await database.createIndex({ index: { fields: ["open_due"] } });
  },

  async load(_kind, rows) {
    const answers = await database.bulkDocs(rows.map(document));
    return answers.filter(({ ok }) => ok).length;
  },

  async start() {
    const accounts = await database.find({
      selector: { kind: "account", name: { $gt: null } }, sort: [{ kind: "asc" }, { name: "asc" }], limit: FIRST,
    });
    const due = await database.find({ selector: { open_due: { $gt: "", $lte: endOfToday() } }, fields: ["_id"], limit: 1e9 });
    return { accounts: accounts.docs, due: due.docs.length };
  },

  async search(text) {
    const typed = text.toLowerCase();
    return firstOf((await under("account")).filter(({ name }) => name.toLowerCase().includes(typed)).sort((a, b) => (a.name < b.name ? -1 : 1)));
  },

  timeline: async (account) => (await under(`follow_up/${account}`)).sort(byDue),
  save: (followUp) => database.put(document(followUp)),
  report: async () => byStage(await under("account")),
});

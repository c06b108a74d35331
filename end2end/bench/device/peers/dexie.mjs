// Dexie: rows by bulkAdd, what is due and a timeline by index, a part of a name by filter over the index of names, as its
// documentation has it for what no index answers. Durability is its default, which is the browser's: relaxed.
import { Dexie } from "dexie";
import { byDue, byStage, endOfToday, FIRST, firstOf, serve, withOpenDue } from "./page.mjs";

const database = new Dexie("peer");
database.version(1).stores({ account: "id, name", contact: "id, account", follow_up: "id, account, open_due", other: "id" });
const KINDS = ["account", "contact", "follow_up"];

serve({
  open: () => database.open(),

  async load(kind, rows) {
    await database.table(KINDS.includes(kind) ? kind : "other").bulkAdd(rows.map(withOpenDue));
    return rows.length;
  },

  async start() {
    const [accounts, due] = await Promise.all([
      database.account.orderBy("name").limit(FIRST).toArray(),
      database.follow_up.where("open_due").belowOrEqual(endOfToday()).count(),
    ]);
    return { accounts, due };
  },

  async search(text) {
    const typed = text.toLowerCase();
    return firstOf(await database.account.orderBy("name").filter(({ name }) => name.toLowerCase().includes(typed)).toArray());
  },

  timeline: async (account) => (await database.follow_up.where({ account }).toArray()).sort(byDue),
  save: (followUp) => database.follow_up.add(withOpenDue(followUp)),
  report: async () => byStage(await database.account.toArray()),
});

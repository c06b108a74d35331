// What every peer's page does alike: it loads the rows, draws its first list, and says how long each task takes.

/** So many rows a list shows at first. */
export const FIRST = 20;

/** Later than every time of this day in the texts that say when something is due. */
export const endOfToday = () => `${new Intl.DateTimeFormat("sv", { timeZone: "Asia/Shanghai" }).format(new Date())}T99`;

/**
 * A peer is told to `open()` its database; to `load(kind, rows)`; for `start()` to give { accounts, due }: the first accounts by
 * name, and how many follow-ups are due; to `search(text)`: { total, accounts }; for an account's `timeline(id)`: follow-ups,
 * the latest first; to `save(followUp)`; and for a `report()`: [stage, count, sum] by stage.
 */
export async function serve(peer) {
  const [head, list] = [document.querySelector("h1"), document.querySelector("ul")];
  const draw = (title, lines) => {
    head.textContent = title;
    list.replaceChildren(...lines.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
  };
  const drawn = async (act) => (await inside.drawn(act))[0];
  const line = ({ due, channel, purpose, text }) => `${due} ${channel} ${purpose} ${text ?? ""}`;

  /** Only what the database does is counted, not the way of the rows here. */
  async function load(chunks, put) {
    let [rows, ms] = [0, 0];
    for (let at = 0; at < chunks; at++) {
      const chunk = await (await fetch(`/rows/${at}`)).json();
      for (const kind of new Set(chunk.map(({ kind }) => kind))) {
        const some = chunk.filter((row) => row.kind === kind);
        const began = performance.now();
        rows += await put(kind, some);
        ms += performance.now() - began;
      }
    }
    return { rows, ms };
  }

  await peer.open();
  window.peer = {
    load: (chunks) => load(chunks, peer.load),
    load_packed: (chunks) => load(chunks, peer.loadPacked),
    search: (text) => drawn(async () => {
      const { total, accounts } = await peer.search(text);
      draw(`${total} found`, accounts.map(({ name }) => name));
    }),
    timeline: (account) => drawn(async () => draw("Timeline", (await peer.timeline(account)).map(line))),
    save: (account) => drawn(async () => {
      const followUp = {
        id: crypto.randomUUID(), kind: "follow_up", account, channel: "visit", purpose: "other", text: "Benchmark.",
        due: endOfToday().slice(0, 10), done_at: Date.now(),
      };
      await peer.save(followUp);
      list.prepend(Object.assign(document.createElement("li"), { textContent: line(followUp) }));
    }),
    report: () => drawn(async () => draw("By stage", (await peer.report()).map((of) => of.join(" ")))),
  };
  if (location.search === "?start") {
    const { accounts, due } = await peer.start();
    draw(`${due} due`, accounts.map(({ name }) => name));
  }
}

/** A follow-up with its due time where it is open, by which an index finds what is due and nothing else. */
export const withOpenDue = (row) => (row.kind === "follow_up" && !row.done_at && row.due ? { ...row, open_due: row.due } : row);

export const byDue = (a, b) => (a.due < b.due ? 1 : -1);

/** Accounts by stage: how many, and what their revenue comes to in minor units. */
export function byStage(accounts) {
  const stages = new Map();
  for (const { stage, annual_revenue } of accounts) {
    const [count, sum] = stages.get(stage) ?? [0, 0];
    stages.set(stage, [count + 1, sum + (annual_revenue?.minor ?? 0)]);
  }
  return [...stages].map(([stage, figures]) => [stage, ...figures]);
}

/** The first of those found, and how many they are. */
export const firstOf = (accounts) => ({ total: accounts.length, accounts: accounts.slice(0, FIRST) });

// Devices are PouchDBs in memory; the server is another process. Prints one line of JSON.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import memory from "pouchdb-adapter-memory";
import PouchDB from "pouchdb-node";

const PUSHES = 2_000;
const EDITS = 100;
const BATCH = 500;

PouchDB.plugin(memory);
const rows = JSON.parse(await readFile(process.argv[2], "utf8"));
const docs = rows.map(({ id, ...row }) => ({ _id: id, ...row }));
const folder = await mkdtemp(join(tmpdir(), "rounds-bench-pouchdb-"));
const server = spawn(process.execPath, [join(import.meta.dirname, "server.mjs"), folder], { stdio: ["ignore", "pipe", "inherit"] });
try {
  const [port] = await once(server.stdout, "data");
  const address = `http://127.0.0.1:${String(port).trim()}`;
  const result = { version: PouchDB.version, ...(await load(address)), ...(await push(address)), ...(await propagate(address)) };
  console.log(JSON.stringify(result));
} finally {
  server.kill();
  await rm(folder, { recursive: true, force: true });
}
process.exit(0);

function device(name) {
  return new PouchDB(name, { adapter: "memory" });
}

async function remote(address, name) {
  const database = new PouchDB(`${address}/${name}`);
  await database.info();
  return database;
}

/** All rows onto a new device. */
async function load(address) {
  const source = await remote(address, "load");
  for (let at = 0; at < docs.length; at += BATCH) await source.bulkDocs(docs.slice(at, at + BATCH));
  const target = device("load");
  const began = performance.now();
  await target.replicate.from(source, { batch_size: BATCH });
  const seconds = (performance.now() - began) / 1000;
  const { doc_count } = await target.info();
  if (doc_count !== docs.length) throw new Error(`${doc_count} of ${docs.length} arrived`);
  return { load_rows: doc_count, load_rows_per_s: Math.round(doc_count / seconds) };
}

/** What was written on a device while it was away. */
async function push(address) {
  const target = await remote(address, "push");
  const source = device("push");
  const some = Array.from({ length: PUSHES }, (_, at) => ({ ...docs[at % docs.length], _id: String(at) }));
  await source.bulkDocs(some);
  const began = performance.now();
  await source.replicate.to(target, { batch_size: BATCH });
  const seconds = (performance.now() - began) / 1000;
  const { doc_count } = await target.info();
  if (doc_count !== PUSHES) throw new Error(`${doc_count} of ${PUSHES} arrived`);
  return { pushes: doc_count, push_docs_per_s: Math.round(doc_count / seconds) };
}

/** From writing on one device until another has it, both replicating all the time. */
async function propagate(address) {
  const [writer, reader] = [device("writer"), device("reader")];
  const hub = await remote(address, "propagate");
  const up = writer.replicate.to(hub, { live: true, retry: true });
  const down = reader.replicate.from(hub, { live: true, retry: true });
  const took = [];
  for (let at = 0; at <= EDITS; at++) {
    const arrived = new Promise((resolve) => {
      const changes = reader.changes({ since: "now", live: true }).on("change", ({ id }) => {
        if (id !== String(at)) return;
        changes.cancel();
        resolve(performance.now());
      });
    });
    await pause(300);
    const began = performance.now();
    await writer.put({ ...docs[at % docs.length], _id: String(at) });
    const then = await Promise.race([arrived, pause(10_000, Number.NaN)]);
    if (Number.isNaN(then)) throw new Error("an edit did not arrive in ten seconds");
    took.push(then - began);
  }
  up.cancel();
  down.cancel();
  // The first warms up what a device does once.
  const sorted = took.slice(1).toSorted((a, b) => a - b);
  const of = (share) => Math.round(sorted[Math.ceil(share * sorted.length) - 1] * 10) / 10;
  return { propagation_p50_ms: of(0.5), propagation_p95_ms: of(0.95) };
}

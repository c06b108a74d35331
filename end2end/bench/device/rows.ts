// What the rep's device holds, as plain rows: the others load exactly these.
import { rm } from "node:fs/promises";
import { readFileSync } from "node:fs";
import type { Server, SignIn } from "../../support/server.ts";

/** So many rows come at once, as by pages of a first load. */
const CHUNK = 5_000;

/** At most so many rows come to a device that searches meanwhile: the design's delta. */
const DELTA = 10_000;

export interface Rows {
  count: number;
  /** How many chunks there are, and the JSON of each. */
  chunks: number;
  chunk(at: number): Buffer;
  /** Accounts with long timelines. */
  accounts: string[];
  /** Accounts that are the rep's own, as many as a colleague may have edited while he was away. */
  own: string[];
}

export async function rowsOf(server: Server, rep: SignIn, file: string): Promise<Rows> {
  const [[org, me]] = await server.sql(
    `SELECT m.org_id, m.member_id FROM membership m JOIN identity i ON i.id = m.identity_id WHERE i.email = '${rep.login}'`,
  );
  const seen = `org_id = '${org}' AND NOT deleted AND (root IN ('company', 'self:${me}') OR root IN (
    SELECT a.root FROM access a JOIN member_scope m ON m.org_id = a.org_id AND (m.key = a.key OR m.key = '*')
    WHERE a.org_id = '${org}' AND a.to_seq IS NULL AND m.member_id = '${me}' AND m.to_seq IS NULL))`;
  await server.export(
    `SELECT jsonb_build_object('id', id, 'kind', kind) || jsonb_strip_nulls(body) FROM record WHERE ${seen} ORDER BY kind, id`, file,
  );
  const longest = await server.sql(
    `SELECT body->>'account' FROM record WHERE kind = 'follow_up' AND ${seen} GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 40`,
  );
  const own = await server.sql(
    `SELECT id::text FROM record WHERE kind = 'account' AND NOT deleted AND org_id = '${org}' AND body->>'owner' = '${me}' ORDER BY id LIMIT ${DELTA}`,
  );
  const text = readFileSync(file);
  await rm(file);
  const starts = [0];
  let count = 0;
  for (let end = text.indexOf(10); end >= 0; end = text.indexOf(10, end + 1)) {
    count += 1;
    if (count % CHUNK === 0 && end + 1 < text.length) starts.push(end + 1);
  }
  const chunk = (at: number) => {
    const lines = text.subarray(starts[at], starts[at + 1] ?? text.length).toString().trimEnd();
    return Buffer.from(`[${lines.replaceAll("\n", ",")}]`);
  };
  return { count, chunks: starts.length, chunk, accounts: longest.flat(), own: own.flat() };
}

// Somebody at another device, reduced to what it sends: the same rep with another phone.
import type { SignIn } from "../../support/server.ts";

/** So many ops go in one request. */
const BATCH = 500;

export class Colleague {
  private readonly device = crypto.randomUUID();
  private readonly origin: string;
  private readonly headers: Record<string, string>;
  private readonly org: string;
  private readonly member: string;
  private n = 0;

  private constructor(origin: string, cookie: string, org: string, member: string) {
    this.origin = origin;
    this.headers = { cookie, origin, "content-type": "application/json" };
    this.org = org;
    this.member = member;
  }

  static async signIn(origin: string, { login, password }: SignIn): Promise<Colleague> {
    const answer = await fetch(`${origin}/api/v1/sign-in`, {
      method: "POST",
      headers: { origin, "content-type": "application/json" },
      body: JSON.stringify({ login, password, device_label: "bench" }),
    });
    const { org, member } = await answer.json() as { org: { id: string }; member: { id: string } };
    return new Colleague(origin, answer.headers.get("set-cookie")!.split(";")[0]!, org.id, member.id);
  }

  /** Gives accounts another industry, an op each. */
  async edit(accounts: string[], industry: string): Promise<void> {
    for (let at = 0; at < accounts.length; at += BATCH) {
      const ops = accounts.slice(at, at + BATCH).map((account) => this.op(account, industry));
      const body = { device: this.device, schema: ops[0]!.schema, device_time: Date.now(), ops, settled_n: this.n - ops.length, pending: ops.length };
      const answer = await fetch(`${this.origin}/api/v1/sync`, { method: "POST", headers: this.headers, body: JSON.stringify(body) });
      const { acks = [] } = await answer.json() as { acks?: { outcome: string }[] };
      const taken = acks.filter(({ outcome }) => ["applied", "merged"].includes(outcome)).length;
      if (taken !== ops.length) throw new Error(`${answer.status}: ${taken} of ${ops.length} ops were taken`);
    }
  }

  private op(account: string, value: string) {
    this.n += 1;
    const hex = (number: number, digits: number) => number.toString(16).padStart(digits, "0");
    const clock = `${hex(Date.now(), 12)}-${hex(this.n % 0xffff, 4)}-${this.device.replaceAll("-", "")}`;
    const { org, device, n, member: actor } = this;
    return {
      org, device, n, op_id: crypto.randomUUID(), actor, base_seq: 0, schema: 1, at: Date.now(),
      writes: [{ kind: "account", id: account, act: "set", field: "industry", value, clock }],
    };
  }
}

// A Rounds server with a database of its own, for one test.
//
//   const server = await Server.start();
//   const { stdout } = await server.demo(300);
//   await page.goto(server.origin);
//   await server.kill9(); await server.restart(); await server.remove();
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

const START_TIMEOUT_MS = 60_000;

/** What a command of the server prints, and the sign-ins found in it. */
export interface Printed {
  stdout: string;
  signIns: SignIn[];
}

/** Someone who can sign in: with a password, or once with a link. */
export interface SignIn {
  role: string;
  name: string;
  login?: string;
  password?: string;
  link?: string;
}

export class Server {
  /** Everything the server has logged, for messages of failing tests. */
  log = "";
  readonly origin: string;
  readonly database: string;
  private readonly port: number;
  private readonly env: NodeJS.ProcessEnv;
  private process?: ChildProcess;

  private constructor(port: number, database: string, env: NodeJS.ProcessEnv) {
    this.port = port;
    // A host of its own name: Chromium treats localhost as secure, so service workers run.
    this.origin = `http://localhost:${port}`;
    this.database = database;
    this.env = {
      ...process.env,
      DATABASE_URL: database,
      ROUNDS_LISTEN: `127.0.0.1:${port}`,
      ROUNDS_ORIGIN: this.origin,
      ...env,
    };
  }

  /** Makes a fresh database, and a server on a free port; `env` adds to the server's variables. */
  static async start(env: NodeJS.ProcessEnv = {}): Promise<Server> {
    const server = new Server(await freePort(), await createDatabase(), env);
    await server.restart();
    return server;
  }

  /** A second process on the same database, as behind a load balancer. */
  async sibling(env: NodeJS.ProcessEnv = {}): Promise<Server> {
    const server = new Server(await freePort(), this.database, env);
    await server.restart();
    return server;
  }

  /** Starts the server again on the same port, and waits until it answers. */
  async restart(): Promise<void> {
    await this.stop();
    const child = spawn(binary(), [], { env: this.env, stdio: ["ignore", "pipe", "pipe"] });
    this.process = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk) => (this.log += chunk));
    }
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (!(await this.answers())) {
      if (child.exitCode !== null || Date.now() > deadline) throw new Error(`the server did not start:\n${this.log}`);
      await sleep(50);
    }
  }

  /** Asks the server to end, as a deployment does. */
  async stop(): Promise<void> {
    await this.end("SIGTERM");
  }

  /** Ends the server at once, as a power cut does. */
  async kill9(): Promise<void> {
    await this.end("SIGKILL");
  }

  /** Ends the server and removes its database. */
  async remove(): Promise<void> {
    await this.kill9();
    await psql(clusterUrl(), `DROP DATABASE IF EXISTS "${databaseName(this.database)}" WITH (FORCE)`);
  }

  /** `rounds-server demo`: makes the demo company, or prints its sign-ins again. */
  async demo(accounts?: number): Promise<Printed> {
    return this.command(["demo", ...(accounts === undefined ? [] : ["--accounts", String(accounts)])]);
  }

  /** `rounds-server import FOLDER`. */
  async import(folder: string, args: string[] = []): Promise<Printed> {
    return this.command(["import", folder, ...args]);
  }

  /** The rows of a query, each a list of texts. */
  async sql(query: string): Promise<string[][]> {
    return psql(this.database, query);
  }

  /** Writes the rows of a query that gives one text each into a file, a line each. */
  async export(query: string, file: string): Promise<void> {
    await psql(this.database, query, ["-R", "\n", "-o", file]);
  }

  private async command(args: string[]): Promise<Printed> {
    const { stdout } = await run(binary(), args, { env: this.env, maxBuffer: 64 << 20 });
    return { stdout, signIns: parseSignIns(stdout) };
  }

  private async answers(): Promise<boolean> {
    try {
      return (await fetch(`http://127.0.0.1:${this.port}/healthz`)).ok;
    } catch {
      return false;
    }
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.process;
    this.process = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill(signal);
    await ended;
  }
}

/** Every sign-in in what a server's command printed: `role e-mail password name`, or `role name link`. */
export function parseSignIns(stdout: string): SignIn[] {
  return stdout.split("\n").flatMap((line): SignIn[] => {
    const linked = line.match(/^\s*(?<role>\w+)\s+(?<name>.+?)\s+(?<link>\S+\/sign-in\/link#\S+)$/);
    const known = line.match(/^\s*(?<role>\w+)\s+(?<login>\S+@\S+)\s+(?<password>\S+)\s+(?<name>.+)$/);
    const found = linked?.groups ?? known?.groups;
    return found ? [{ ...found } as unknown as SignIn] : [];
  });
}

const run = promisify(execFile);

async function createDatabase(): Promise<string> {
  const name = `story_${randomBytes(6).toString("hex")}`;
  await psql(clusterUrl(), `CREATE DATABASE "${name}"`);
  const url = new URL(clusterUrl());
  url.pathname = `/${name}`;
  return url.href;
}

async function psql(url: string, query: string, options: string[] = []): Promise<string[][]> {
  // Unit and record separators: no text in a row holds them.
  const format = ["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "-F", "\x1f", "-R", "\x1e", ...options];
  const args = [...format, "-v", "ON_ERROR_STOP=1", "-d", url, "-c", query];
  const { stdout } = await run(process.env.ROUNDS_PSQL ?? "psql", args, { maxBuffer: 64 << 20 });
  const rows = stdout.replace(/\n$/, "");
  return rows === "" ? [] : rows.split("\x1e").map((row) => row.split("\x1f"));
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") throw new Error("the probe has no port");
  return address.port;
}

function databaseName(url: string): string {
  return new URL(url).pathname.slice(1);
}

function clusterUrl(): string {
  return setting("ROUNDS_TEST_DATABASE_URL");
}

function binary(): string {
  return setting("ROUNDS_SERVER_BIN");
}

function setting(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: start the stories with \`cargo x test --only stories\``);
  return value;
}

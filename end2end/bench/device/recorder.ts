// Stands before a server, and keeps what it answers to a device that loads: to the next device it gives the same at once.
// So what a device takes for its first load is told apart from what the server takes, which shares the machine with it.
import { Agent, createServer, type IncomingHttpHeaders, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";

const SYNC = "/api/v1/sync";

interface Answer {
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export class Recorder {
  readonly origin: string;
  private readonly server: Server;
  private readonly agent = new Agent({ keepAlive: true });
  /** By the cursor that was asked from; the first asks from none. */
  private readonly answers = new Map<string, Answer>();
  private replays = false;
  private port = 0;

  private constructor(server: Server) {
    this.server = server.on("request", (asked, answer) => void this.relay(asked, answer).catch(() => answer.destroy()));
    this.origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  }

  static async open(): Promise<Recorder> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    return new Recorder(server);
  }

  /** Stands before a server that listens on this machine. */
  lead(origin: string): void {
    this.port = Number(new URL(origin).port);
  }

  /** From now on answers what it has heard. */
  replay(): void {
    this.replays = true;
  }

  /** Forgets everything, and only passes on. */
  forget(): void {
    this.answers.clear();
    this.replays = false;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
    this.agent.destroy();
  }

  private async relay(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const body = Buffer.concat(await asked.toArray());
    const key = asked.url === SYNC ? cursorOf(body) : undefined;
    const known = this.replays && key !== undefined ? this.answers.get(key) : undefined;
    if (known) return void answer.writeHead(200, known.headers).end(known.body);
    const { method, url: path, headers } = asked;
    const onward = request({ host: "127.0.0.1", port: this.port, agent: this.agent, method, path, headers }).end(body);
    const [heard] = (await once(onward, "response")) as [IncomingMessage];
    answer.writeHead(heard.statusCode!, heard.headers);
    answer.on("close", () => heard.destroy());
    if (key === undefined || this.replays || heard.statusCode !== 200) return void heard.pipe(answer);
    const whole = Buffer.concat(await heard.toArray());
    answer.end(whole);
    // What the device asks for again once it has everything is not of the load.
    if (!this.answers.has(key)) this.answers.set(key, { headers: heard.headers, body: whole });
  }
}

/** Where a device that has nothing to say asks from; nothing for one that pushes, whose body may be compressed. */
function cursorOf(body: Buffer): string | undefined {
  try {
    const { ops = [], cursor = "" }: { ops?: unknown[]; cursor?: string } = JSON.parse(body.toString());
    return ops.length === 0 ? cursor : undefined;
  } catch {
    return undefined;
  }
}

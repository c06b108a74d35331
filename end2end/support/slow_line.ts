// A long line to a server: what goes through arrives late, in order and complete.
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** A TCP relay. It loses nothing: to the two ends a lost packet is only one more delay, made by a kernel and not by us. */
export class SlowLine {
  readonly origin: string;
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private readonly delay: number;
  private target = 0;

  private constructor(server: Server, delay: number) {
    this.server = server.on("connection", (near) => this.relay(near));
    this.delay = delay;
    this.origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  }

  /** A line that needs this many milliseconds each way, so twice as many for question and answer. */
  static async open(delay: number): Promise<SlowLine> {
    const server = createServer({ noDelay: true }).listen(0, "127.0.0.1");
    await once(server, "listening");
    return new SlowLine(server, delay);
  }

  /** Lays the line to a server that listens on this machine. */
  lead(origin: string): void {
    this.target = Number(new URL(origin).port);
  }

  close(): void {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
  }

  private async relay(near: Socket): Promise<void> {
    this.keep(near).pause();
    // TCP's handshake goes there and back before the first byte of the caller leaves.
    await sleep(2 * this.delay);
    const far = this.keep(connect({ port: this.target, host: "127.0.0.1", noDelay: true }));
    this.carry(near, far);
    this.carry(far, near);
  }

  private keep(socket: Socket): Socket {
    this.sockets.add(socket);
    return socket.on("error", () => undefined).on("close", () => this.sockets.delete(socket));
  }

  /** Timers of the same length fire in the order in which they were set. */
  private carry(from: Socket, to: Socket): void {
    from.on("data", (bytes) => setTimeout(() => to.writable && to.write(bytes), this.delay));
    from.on("end", () => setTimeout(() => to.end(), this.delay));
    from.on("close", () => setTimeout(() => to.destroy(), this.delay));
    from.resume();
  }
}

import type { Socket } from "node:net";
import type { Dialler } from "./dialler";
import { UpstreamConnection } from "./upstream-connection";

const idleMs = 15_000; // for a connection that no request uses
const sweepMs = 1000;
const mostIdle = 256; // to one host: as many as a sandbox has connections, so that none is made anew in between
const mostIdleInAll = 512; // a sandbox that uses all of its domains must not keep a connection to each

/** The upstream of a connection. */
export interface Destination {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
}

/** A connection that no request uses, and when it is no longer to be used. */
interface IdleConnection {
  readonly connection: UpstreamConnection;
  readonly until: number;
}

/** Connections to upstreams, kept for further requests to the same destination. */
export class UpstreamPool {
  private readonly all = new Set<Socket>();
  /** By destination, the latest last. */
  private readonly idle = new Map<string, IdleConnection[]>();
  private count = 0;
  private isClosed = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly dialler: Pick<Dialler, "dial">,
    /** Milliseconds without a byte after which a connection in use is closed. */
    private readonly busyMs: number,
  ) {}

  /** An idle one, if there is any: the latest, as it is the least likely to be closed by now. */
  reuse(destination: Destination): UpstreamConnection | undefined {
    const idle = this.idle.get(keyOf(destination));
    for (let last = idle?.pop(); last !== undefined; last = idle?.pop()) {
      this.count--;
      if (isUsable(last, performance.now())) return last.connection;
      last.connection.destroy();
    }
    return undefined;
  }

  /** A new one. @throws ProxyError */
  async connect(destination: Destination): Promise<UpstreamConnection> {
    const key = keyOf(destination);
    const socket = await this.dial(destination);
    return new UpstreamConnection(socket, this.busyMs, (connection, ms) => this.keep(key, connection, ms));
  }

  /** A socket for a WebSocket. @throws ProxyError */
  async dial({ host, port, secure }: Destination): Promise<Socket> {
    const socket = await this.dialler.dial(host, port, secure);
    this.all.add(socket);
    socket.once("close", () => this.all.delete(socket));
    if (this.isClosed) socket.destroy();
    return socket;
  }

  /** Closes all, and those that are being made as soon as they are connected. */
  close(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
    for (const socket of this.all) socket.destroy();
  }

  private keep(key: string, connection: UpstreamConnection, ms: number): void {
    const idle = this.idle.get(key) ?? [];
    if (idle.length >= mostIdle || this.count >= mostIdleInAll) this.sweep();
    if (idle.length >= mostIdle || this.count >= mostIdleInAll) {
      connection.destroy();
      return;
    }
    idle.push({ connection, until: performance.now() + Math.min(ms, idleMs) });
    this.idle.set(key, idle);
    this.count++;
    this.timer ??= setTimeout(() => this.sweep(), sweepMs).unref();
  }

  /** Closes idle connections that have expired, and forgets those that their upstream has closed. */
  private sweep(): void {
    const now = performance.now();
    clearTimeout(this.timer);
    this.timer = undefined;
    for (const [key, all] of this.idle) {
      for (const each of all) if (!isUsable(each, now)) each.connection.destroy();
      const usable = all.filter((each) => isUsable(each, now));
      this.count -= all.length - usable.length;
      all.splice(0, all.length, ...usable);
      if (all.length === 0) this.idle.delete(key);
    }
    if (this.count > 0) this.timer = setTimeout(() => this.sweep(), sweepMs).unref();
  }
}

function isUsable({ connection, until }: IdleConnection, now: number): boolean {
  return until > now && !connection.socket.destroyed;
}

function keyOf({ host, port, secure }: Destination): string {
  return `${secure ? "https" : "http"}://${host}:${port}`;
}

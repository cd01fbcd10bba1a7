import type { Socket } from "node:net";
import type { Dialler } from "./dial";
import { UpstreamConnection } from "./upstream-connection";

const idleMs = 15_000; // for an upstream's connection that nobody uses
const sweepMs = 1000;
const mostIdle = 256; // to one host: as many as a sandbox has connections, so that none is made anew in between
const mostIdleInAll = 512; // a sandbox that goes through all of its domains must not keep a connection to each

/** Where a connection leads. */
export interface Place {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
}

/** A connection that no request uses, and when it is no longer to be used. */
interface Kept {
  readonly connection: UpstreamConnection;
  readonly until: number;
}

/** Connections to upstreams, kept for further requests to the same place. */
export class Upstreams {
  private readonly all = new Set<Socket>();
  /** By place, the latest last. */
  private readonly kept = new Map<string, Kept[]>();
  private count = 0;
  private isClosed = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly dialler: Pick<Dialler, "dial">,
    /** Milliseconds in which nothing moves on a connection in use. */
    private readonly busyMs: number,
  ) {}

  /** One that is kept, if there is any: the latest, as it is the least likely to be closed by now. */
  take(place: Place): UpstreamConnection | undefined {
    const kept = this.kept.get(keyOf(place));
    for (let last = kept?.pop(); last !== undefined; last = kept?.pop()) {
      this.count--;
      if (isUsable(last, performance.now())) return last.connection;
      last.connection.destroy();
    }
    return undefined;
  }

  /** A new one. @throws Refused */
  async connect(place: Place): Promise<UpstreamConnection> {
    const key = keyOf(place);
    const socket = await this.dial(place);
    return new UpstreamConnection(socket, this.busyMs, (connection, ms) => this.keep(key, connection, ms));
  }

  /** A socket for something else than a request after the other. @throws Refused */
  async dial({ host, port, secure }: Place): Promise<Socket> {
    const socket = await this.dialler.dial(host, port, secure);
    this.all.add(socket);
    socket.once("close", () => this.all.delete(socket));
    if (this.isClosed) socket.destroy();
    return socket;
  }

  /** Cuts all, and those that are being made as soon as they are. */
  close(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
    for (const socket of this.all) socket.destroy();
  }

  private keep(key: string, connection: UpstreamConnection, ms: number): void {
    const kept = this.kept.get(key) ?? [];
    if (kept.length >= mostIdle || this.count >= mostIdleInAll) this.sweep();
    if (kept.length >= mostIdle || this.count >= mostIdleInAll) {
      connection.destroy();
      return;
    }
    kept.push({ connection, until: performance.now() + Math.min(ms, idleMs) });
    this.kept.set(key, kept);
    this.count++;
    this.timer ??= setTimeout(() => this.sweep(), sweepMs).unref();
  }

  /** Closes what was kept for long enough, and forgets what its upstream has closed. */
  private sweep(): void {
    const now = performance.now();
    clearTimeout(this.timer);
    this.timer = undefined;
    for (const [key, all] of this.kept) {
      for (const each of all) if (!isUsable(each, now)) each.connection.destroy();
      const usable = all.filter((each) => isUsable(each, now));
      this.count -= all.length - usable.length;
      all.splice(0, all.length, ...usable);
      if (all.length === 0) this.kept.delete(key);
    }
    if (this.count > 0) this.timer = setTimeout(() => this.sweep(), sweepMs).unref();
  }
}

function isUsable({ connection, until }: Kept, now: number): boolean {
  return until > now && !connection.socket.destroyed;
}

function keyOf({ host, port, secure }: Place): string {
  return `${secure ? "https" : "http"}://${host}:${port}`;
}

import { Socket } from "node:net";
import { Duplex } from "node:stream";
import { SshError } from "./ssh-error";
import { endSsh, type SshProcess, startSsh } from "./ssh-process";

const keptStderr = 4_000; // characters: its last words say why it ended

/** A connection to an engine on another host: an `ssh` process whose other end is connected to the engine's socket. */
export class SshConnection extends Duplex {
  private readonly child: SshProcess;
  private stderr = "";
  private hasReceived = false;

  constructor(args: readonly string[]) {
    super();
    this.child = startSsh(args);
    const { stdin, stdout, stderr } = this.child;
    stdout.on("data", (chunk) => {
      this.hasReceived = true;
      if (!this.push(chunk)) stdout.pause();
    });
    stderr.setEncoding("utf8").on("data", (text) => {
      this.stderr = (this.stderr + text).slice(-keptStderr);
    });
    stdin.on("error", () => undefined); // it has ended; its exit says why
    this.child.on("error", (error) => this.destroy(new SshError(undefined, error.message)));
    this.child.on("close", (exitCode) => {
      if (exitCode === 0) this.push(null);
      else this.destroy(new SshError(exitCode ?? undefined, this.stderr, this.hasReceived));
    });
  }

  override _read(): void {
    this.child.stdout.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.child.stdin.write(chunk, () => done());
  }

  override _final(done: () => void): void {
    this.child.stdin.end(() => done());
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    endSsh(this.child);
    done(error);
  }

  /** An agent calls it for a connection that it keeps for later: the process may end meanwhile. */
  unref(): this {
    this.child.unref();
    for (const socket of this.sockets()) socket.unref();
    return this;
  }

  /** An agent calls it for a kept connection that it uses again. */
  ref(): this {
    this.child.ref();
    for (const socket of this.sockets()) socket.ref();
    return this;
  }

  private sockets(): Socket[] {
    return [...this.child.stdio].filter((stream) => stream instanceof Socket);
  }

  /** These are of TCP, and an agent calls them for every connection. */
  setKeepAlive(): this {
    return this;
  }
  setNoDelay(): this {
    return this;
  }
  setTimeout(): this {
    return this;
  }
}

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/**
 * An `ssh` command in PATH that needs no other host: it is connected to a socket of this one, as `docker system dial-stdio` is
 * there, or fails as ssh and a remote shell do.
 */
export class SshStandIn {
  private readonly folder = mkdtempSync(join(tmpdir(), "openai-containers-ssh-"));
  private readonly log = join(this.folder, "log");
  private readonly pathBefore = process.env["PATH"];

  constructor() {
    process.env["PATH"] = `${this.folder}${delimiter}${this.pathBefore}`;
    this.hangs();
  }

  isConnectedTo(socket: string): void {
    this.runs(`
      const socket = require("node:net").connect({ path: ${JSON.stringify(socket)}, allowHalfOpen: true });
      process.stdin.pipe(socket).pipe(process.stdout);
      socket.on("end", () => process.stdin.destroy());`);
  }

  fails(exitCode: number, stderr: string): void {
    this.runs(`process.stderr.write(${JSON.stringify(stderr)}); process.exitCode = ${exitCode};`);
  }

  hangs(): void {
    this.runs("setInterval(() => {}, 1000);");
  }

  /** Runs a shell's commands, whose processes outlive each other as those of a ProxyCommand may. */
  runsShell(commands: string): void {
    this.writes(`#!/bin/sh\nprintf '{"pid":%s,"args":[]}\\n' $$ >> '${this.log}'\n${commands}\n`);
  }

  /** The processes that were started since the last change of what it does, with their arguments. */
  started(): { pid: number; args: string[] }[] {
    return readFileSync(this.log, "utf8")
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  }

  end(): void {
    process.env["PATH"] = this.pathBefore;
    rmSync(this.folder, { recursive: true, force: true });
  }

  private runs(program: string): void {
    const entry = `JSON.stringify({ pid: process.pid, args: process.argv.slice(2) })`;
    const logs = `require("node:fs").appendFileSync(${JSON.stringify(this.log)}, ${entry} + "\\n");`;
    this.writes(`#!${process.execPath}\n${logs}${program}\n`);
  }

  private writes(script: string): void {
    writeFileSync(this.log, "");
    writeFileSync(join(this.folder, "ssh"), script, { mode: 0o755 });
  }
}

import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/** The configuration folder of a Docker client, and a folder in the `PATH` for credential helpers. */
export class DockerConfig {
  readonly folder = mkdtempSync(join(tmpdir(), "openai-containers-docker-config-"));
  readonly file = join(this.folder, "config.json");
  private readonly programs = join(this.folder, "programs");
  private readonly path = process.env["PATH"];

  constructor() {
    mkdirSync(this.programs);
    process.env["PATH"] = [this.programs, this.path].join(delimiter);
  }

  write(config: object | string): void {
    writeFileSync(this.file, typeof config === "string" ? config : JSON.stringify(config));
  }

  /** Installs `docker-credential-NAME`, a shell script. */
  helper(name: string, script: string): void {
    const program = join(this.programs, `docker-credential-${name}`);
    writeFileSync(program, `#!/bin/sh\n${script}\n`);
    chmodSync(program, 0o755);
  }

  remove(): void {
    process.env["PATH"] = this.path;
    rmSync(this.folder, { recursive: true });
  }
}

/** An entry of `auths`, as `docker login` writes it. */
export function storedLogin(username: string, password: string): { auth: string } {
  return { auth: Buffer.from(`${username}:${password}`).toString("base64") };
}

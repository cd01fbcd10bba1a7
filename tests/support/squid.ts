import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { install } from "./squid-package";

export interface SquidSettings {
  /** Names that it lets pass, on one address. */
  readonly names: readonly string[];
  readonly address: string;
  /** Whom it trusts for that address beside the system's authorities: PEM. */
  readonly trusted: string;
  /** Whether it reads whom the client's handshake asks for. Then it meets the upstream first, for each client anew. */
  readonly looksAtSni: boolean;
}

const certificateHelper = "/usr/lib/squid/security_file_certgen";
const readyMs = 20_000;
const authority = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

/**
 * Squid as an explicit proxy that ends the TLS of all that it lets pass (`ssl_bump`). It runs from a folder of its own,
 * as Debian's user `proxy`, and keeps nothing.
 */
export class Squid {
  port = 0;
  /** Whom its clients have to trust. */
  certificate = "";
  private readonly folder = mkdtempSync(join(tmpdir(), "openai-containers-squid-"));
  private readonly user = { uid: idOf("-u"), gid: idOf("-g") };
  private child: ChildProcess | undefined;

  /** Its version, once it is installed; none where it cannot be. */
  static async version(): Promise<string | undefined> {
    if (!existsSync(certificateHelper)) await install("squid-openssl");
    if (!existsSync(certificateHelper)) return undefined;
    return /Version (\S+)/.exec(spawnSync("/usr/sbin/squid", ["-v"], { encoding: "utf8" }).stdout)?.[1];
  }

  async start(settings: SquidSettings): Promise<void> {
    const { folder, user } = this;
    const run = { cwd: folder, ...user };
    chownSync(folder, user.uid, user.gid);
    const files = ["-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=squid"];
    execFileSync("openssl", [...authority, ...files], { ...run, stdio: "ignore" });
    execFileSync(certificateHelper, ["-c", "-s", join(folder, "certificates"), "-M", "4MB"], {
      ...run,
      stdio: "ignore",
    });
    this.certificate = readFileSync(join(folder, "ca.pem"), "utf8");
    this.port = await freePort();
    writeFileSync(join(folder, "trusted.pem"), settings.trusted);
    writeFileSync(join(folder, "hosts"), settings.names.map((name) => `${settings.address} ${name}\n`).join(""));
    writeFileSync(join(folder, "squid.conf"), configuration(folder, this.port, settings));
    this.child = spawn("/usr/sbin/squid", ["-N", "-f", join(folder, "squid.conf")], { ...run, stdio: "ignore" });
    await this.ready(this.child);
  }

  private async ready(child: ChildProcess): Promise<void> {
    for (const end = Date.now() + readyMs; ; await sleep(50)) {
      const socket = connect(this.port, "127.0.0.1");
      const isOpen = await once(socket, "connect").then(
        () => true,
        () => false,
      );
      socket.destroy();
      if (isOpen) return;
      if (child.exitCode === null && Date.now() < end) continue;
      throw new Error(`Squid does not start:\n${readFileSync(join(this.folder, "cache.log"), "utf8")}`);
    }
  }

  /** Whether a process is Squid itself or its helper for certificates. What throws its log away is not. */
  readonly owns = ({ command }: { command: string }): boolean => command.includes(this.folder);

  async stop(): Promise<void> {
    const { child } = this;
    if (child && child.exitCode === null && child.signalCode === null) {
      const gone = once(child, "exit");
      const timer = setTimeout(() => child.kill("SIGKILL"), 10_000);
      child.kill("SIGTERM");
      await gone;
      clearTimeout(timer);
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/**
 * What is not here is as it comes. The certificates that it shows have its authority's key, an ECDSA one as the gateway's
 * is, and are made once for each name.
 */
function configuration(folder: string, port: number, { names, looksAtSni }: SquidSettings): string {
  return `
http_port 127.0.0.1:${port} ssl-bump generate-host-certificates=on tls-cert=${folder}/ca.pem tls-key=${folder}/ca.key
sslcrtd_program ${certificateHelper} -s ${folder}/certificates -M 4MB
sslcrtd_children 1 startup=1 idle=1
acl beginning at_step SslBump1
${looksAtSni ? "ssl_bump peek beginning" : ""}
ssl_bump bump all
tls_outgoing_options cafile=${folder}/trusted.pem min-version=1.2
hosts_file ${folder}/hosts

acl allowed dstdomain ${names.join(" ")}
acl secure port 443
http_access allow allowed secure
http_access deny all

cache deny all
# A line for each request, by a pipe to a helper: it would write what this throws away.
access_log daemon:/dev/null
cache_log ${folder}/cache.log
pid_filename ${folder}/squid.pid
coredump_dir ${folder}
pinger_enable off
visible_hostname squid.invalid
shutdown_lifetime 0 seconds
# It makes room for as many as a process may have, which can be a million.
max_filedescriptors 1024
# With the default of 512 KB, 5.7 reads one byte too many of a large body, takes that for its end, and cuts the client.
client_request_buffer_max_size 500 KB
`;
}

function idOf(which: "-u" | "-g"): number {
  return Number(execFileSync("id", [which, "proxy"]));
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  return typeof address === "object" && address ? address.port : 0;
}

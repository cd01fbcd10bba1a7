import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { sandboxSuites } from "../own-engine.mjs";
import { checkout } from "../set-up/places.mjs";
import { podman as find, ownUlimits, podmanConfiguration, podmanRegistries } from "../set-up/podman.mjs";

/** Podman's service, for root. @type {import("../own-engine.mjs").EngineKind} */
export const podman = {
  title: "Podman",
  suites: sandboxSuites,
  find,
  service: (folder) => {
    mkdirSync(join(folder, "networks"));
    writeFileSync(join(folder, "containers.conf"), podmanConfiguration(folder));
    writeFileSync(join(folder, "registries.conf"), podmanRegistries);
    return {
      // What Podman knows of its containers, locks and networks is there, whatever its storage.
      hidden: ["/run/libpod", "/run/containers", "/run/netns", "/dev/shm"],
      start: `echo nameserver 127.0.0.77 >resolv.conf # tests/egress/live/names.test.ts listens there
mount --bind resolv.conf /etc/resolv.conf
podman "$@"`,
      args: [
        `--root=${folder}/data`,
        `--runroot=${folder}/run`,
        ...["system", "service", "--time=0", `unix://${folder}/engine.sock`],
      ],
      env: {
        CONTAINERS_CONF: join(folder, "containers.conf"),
        CONTAINERS_REGISTRIES_CONF: join(folder, "registries.conf"),
      },
    };
  },
  through: withLowUlimits,
};

/**
 * Runs the work on the service, or where this machine has no CAP_SYS_RESOURCE behind a proxy that adds the process limits of
 * this process to the requested ones.
 * @param {string} host
 * @param {(host: string) => Promise<void>} work
 */
async function withLowUlimits(host, work) {
  const [, capabilities = "0"] = /^CapEff:\s*([\da-f]+)$/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
  if ((BigInt(`0x${capabilities}`) >> 24n) & 1n) return work(host); // capability.h: CAP_SYS_RESOURCE
  const limits = JSON.stringify(ownUlimits());
  process.stdout.write(
    `There is no CAP_SYS_RESOURCE here, without which no process limits (ulimit) can be set above this process's own: ${limits} is added to what the tests request.\n`,
  );
  const socket = host.replace("unix://", "");
  const program = ["-r", "ts-node/register/transpile-only", "tests/support/low-ulimits.ts", socket, limits];
  const child = spawn(process.execPath, program, { cwd: checkout, stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(child, "close");
  try {
    const [proxy] = await Promise.race([once(createInterface({ input: child.stdout }), "line"), ended]);
    await work(String(proxy));
  } finally {
    child.stdin.end();
    await ended;
  }
}

import { delimiter } from "node:path";
import { sandboxSuites } from "../own-engine.mjs";
import { docker28 } from "../set-up/docker-28.mjs";

/** A newer engine than Debian's. @type {import("../own-engine.mjs").EngineKind} */
export const newerDocker = {
  title: "Docker 28",
  suites: sandboxSuites,
  find: docker28,
  service: (folder, bin) => ({
    hidden: ["/run/containerd"],
    start: 'dockerd "$@"',
    args: [
      "--config-file=/dev/null",
      `--host=unix://${folder}/engine.sock`,
      `--data-root=${folder}/data`,
      `--exec-root=${folder}/exec`,
      `--pidfile=${folder}/pid`,
    ],
    env: { PATH: `${bin}${delimiter}${process.env["PATH"]}` },
  }),
};

import { chownSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rootlessDocker } from "../set-up/rootless.mjs";

const user = 1000; // of a name, and with subordinate users, in this engine's namespaces only
const files = {
  passwd: `root:x:0:0::/root:/bin/sh\nrootless:x:${user}:${user}::/:/bin/sh\n`,
  subuid: "rootless:100000:65536\n",
  subgid: "rootless:100000:65536\n",
  "daemon.json": "{}",
};

/** Debian's engine, started by a user without permissions. @type {import("../own-engine.mjs").EngineKind} */
export const rootless = {
  title: "Rootless Docker",
  suites: [], // it runs no sandboxes: see the table of engines
  find: rootlessDocker,
  service: (folder, program) => {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    chownSync(folder, user, user);
    return {
      hidden: ["/run/containerd"],
      start: `for file in passwd subuid subgid; do
  mount --bind $file /etc/$file
done
mknod -m 666 tun c 10 200 # the machine's own may be root's
mount --bind tun /dev/net/tun
setpriv --reuid=${user} --regid=${user} --clear-groups ${program} "$@"`,
      args: [
        `--config-file=${folder}/daemon.json`,
        `--host=unix://${folder}/engine.sock`,
        `--data-root=${folder}/data`,
      ],
      env: { HOME: folder, XDG_RUNTIME_DIR: folder },
    };
  },
};

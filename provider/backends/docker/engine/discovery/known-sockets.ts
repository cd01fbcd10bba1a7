import { join } from "node:path";
import type { DockerSettings } from "../../settings";

/** A socket at which a product's engine listens where nothing else is configured. */
export interface KnownSocket {
  product: string;
  address: string;
}

/** The usual sockets, in the order in which they are tried. */
export function knownSockets(settings: DockerSettings): KnownSocket[] {
  const scheme = process.platform === "win32" ? "npipe" : "unix";
  const paths = process.platform === "win32" ? windowsPipes : unixSockets(settings);
  return paths.map(([product, path]) => ({ product, address: `${scheme}://${path}` }));
}

type Path = readonly [product: string, path: string];

const windowsPipes: readonly Path[] = [
  ["Docker", "//./pipe/docker_engine"],
  ["Podman machine", "//./pipe/podman-machine-default"],
];

function unixSockets({ home, runtimeFolder, colimaFolder, temporaryFolder }: DockerSettings): Path[] {
  const user = runtimeFolder ?? `/run/user/${process.getuid?.() ?? 0}`;
  return [
    ["Docker", "/var/run/docker.sock"],
    ["rootless Docker", join(user, "docker.sock")],
    ["Docker Desktop", join(home, ".docker/run/docker.sock")],
    ["Docker Desktop for Linux", join(home, ".docker/desktop/docker.sock")],
    ...(colimaFolder === undefined
      ? ([
          ["Colima", join(home, ".colima/default/docker.sock")],
          ["Colima", join(home, ".config/colima/default/docker.sock")],
        ] as const)
      : ([["Colima", join(colimaFolder, "default/docker.sock")]] as const)),
    ["Rancher Desktop", join(home, ".rd/docker.sock")],
    ["OrbStack", join(home, ".orbstack/run/docker.sock")],
    ["rootless Podman", join(user, "podman/podman.sock")],
    ["Podman", "/run/podman/podman.sock"],
    ["Podman machine", join(home, ".local/share/containers/podman/machine/podman.sock")],
    // On macOS this folder is the user's own. Elsewhere anyone could listen there.
    ...(process.platform === "darwin"
      ? ([["Podman machine", join(temporaryFolder, "podman/podman-machine-default-api.sock")]] as const)
      : []),
  ];
}

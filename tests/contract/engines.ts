/** The engines that the tests run on (CONTRIBUTING.md), each a column of the table. */
export const engines = {
  docker20: "Docker 20.10",
  docker28: "Docker 28.5",
  podman: "Podman 4.3",
  rootless: "Docker 20.10, rootless, cgroup v1",
} as const;

export type EngineColumn = keyof typeof engines;
type EngineRow = { what: string } & Record<EngineColumn, string>;

const works = { docker20: "works", docker28: "works", podman: "works" };
const rejected = { rootless: "rejected (OC2219)" };

/**
 * What each engine does, in a few words. The suite observes each cell of the engine that it runs on, and the page about Docker
 * has this table.
 */
export const engineRows = {
  sandboxes: { what: "sandboxes", ...works, ...rejected },
  allowLists: { what: "allow lists", ...works, ...rejected },
  expiry: { what: "idle expiry", ...works, ...rejected },
  repair: { what: "start of a stopped sandbox", ...works, ...rejected },
  imports: {
    what: "import of a container of `docker run`",
    ...works,
    rootless: "rejected: its engine ignores limits of memory and swap",
  },
  limits: {
    what: "limits of memory, swap and processes, as the engine's API takes them",
    docker20: "enforced",
    docker28: "enforced",
    podman: "enforced",
    rootless: "ignored, without a warning",
  },
  drift: {
    what: "limits can be changed by hand",
    docker20: "yes",
    docker28: "yes",
    podman: "no",
    rootless: "no",
  },
  unknownName: {
    what: "a program without a proxy asks for a name that is not allowed",
    docker20: "no such name",
    docker28: "no such name",
    podman: "temporary failure",
    ...rejected,
  },
  vsock: {
    what: "the default seccomp profile lets code open AF_VSOCK sockets",
    docker20: "yes",
    docker28: "no",
    podman: "yes",
    ...rejected,
  },
  folders: {
    what: "writable folders",
    docker20: "`/dev/mqueue` `/dev/shm` `/mnt/data` `/tmp`",
    docker28: "`/dev/mqueue` `/dev/shm` `/mnt/data` `/tmp`",
    podman: "`/dev/mqueue` `/dev/shm` `/mnt/data` `/tmp` `/var/tmp`",
    ...rejected,
  },
  volumes: { what: "a sandbox's volumes have its label", docker20: "yes", docker28: "yes", podman: "no", ...rejected },
  progress: {
    what: "progress of a pull, in percent",
    docker20: "yes",
    docker28: "yes",
    podman: "no",
    ...rejected,
  },
  location: {
    what: "`location` identifies it by",
    docker20: "its ID",
    docker28: "its ID",
    podman: "its host's name and its storage folder",
    rootless: "its ID",
  },
} as const satisfies Record<string, EngineRow>;

/**
 * As Markdown.
 * @param observed the cells that one engine has had in a run, in place of its own
 */
export function enginesTable(observed?: { column: EngineColumn; cells: Record<string, string> }): string {
  const columns = Object.keys(engines) as EngineColumn[];
  const rows = Object.entries(engineRows).map(([name, row]) => {
    const cells = columns.map((column) => (column === observed?.column ? (observed.cells[name] ?? "") : row[column]));
    return `| ${[row.what, ...cells].join(" | ")} |`;
  });
  const rule = [...columns, ""].map(() => "---").join(" | ");
  return [`| | ${columns.map((column) => engines[column]).join(" | ")} |`, `| ${rule} |`, ...rows].join("\n");
}

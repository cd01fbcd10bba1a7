import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { DockerBackend } from "../../provider/backends/docker/docker-backend";
import { named } from "../support/create-context";
import { assertNothingLeft, engine, sandboxArgs } from "../support/docker";
import { silent } from "../support/silent";
import { inTurn, type Row, timed } from "./measure";
import { RawEngine } from "./raw-engine";
import { type Create, newId, rawCreate } from "./raw-sandboxes";

/** One sandbox made: ours, beside the same calls made raw on the engine's socket, and the Docker client's `run`. */
export async function create(): Promise<Row[]> {
  const host = await engine();
  const backend = new DockerBackend(host);
  const name = `b${randomBytes(4).toString("hex")}`;
  const args = sandboxArgs(name);

  /** Times the making of a container, and removes it outside the measured time. */
  const making = (make: Create) => async () => {
    let id = newId();
    const took = await timed(async () => {
      id = await make(id);
    });
    await backend.delete(id);
    return took;
  };

  const raw = await rawCreate(new RawEngine(host.address.replace("unix://", "")), args);
  const ours = async () => (await backend.create(args, silent, named)).id;
  const client = async (id: string) => {
    const limits = [
      "--memory=1g",
      "--memory-swap=1g",
      "--pids-limit=1024",
      "--network=none",
      "--cap-drop=ALL",
      "--read-only",
    ];
    const rest = [
      "--security-opt=no-new-privileges",
      "--user=65534:65534",
      "--tmpfs=/tmp",
      "--mount=type=volume,dst=/mnt",
    ];
    const command = ["--entrypoint=sleep", args.docker?.image ?? "", "600"];
    const { status, stderr } = spawnSync("docker", ["run", "-d", "--name", id, ...limits, ...rest, ...command], {
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(stderr);
    return id;
  };

  const rows = await inTurn("create one sandbox", "ms", 15, [
    ["the same calls, raw", making(raw)],
    ["ours", making(ours)],
    ["docker run -d (no archive)", making(client)],
  ]);
  await assertNothingLeft(host.client, name);
  return rows;
}

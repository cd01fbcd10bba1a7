import { readFileSync } from "node:fs";
import { DockerBackend } from "../../provider/backends/docker/docker-backend";
import { named } from "../support/create-context";
import { engine, sandboxArgs } from "../support/docker";
import { silent } from "../support/silent";
import { stubAccount } from "../support/stub-account";
import { accountWith, type CopiedFiles } from "./files-account";
import { answer } from "./worker";

/** Creates a sandbox with files, removes it, and answers with the process's peak memory in MB. */
answer(async (copied: CopiedFiles) => {
  const files = accountWith(copied);
  const backend = new DockerBackend(await engine(), { openAccount: stubAccount(files) });
  const args = sandboxArgs("bench-files", { fileIds: Object.keys(files) });
  const { id } = await backend.create(args, silent, named);
  await backend.delete(id);
  // Not the maxRSS of resourceUsage: a process begins with its parent's.
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))?.[1]) / 1024;
});

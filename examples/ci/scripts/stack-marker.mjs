import { readFileSync } from "node:fs";
import { Failure, required } from "./run.mjs";

/** The hidden first line of a report on the job's stack, by which its comment and its issue are found. */
export function stackMarker() {
  const [, project] = /^name:\s*["']?([\w.-]+)/m.exec(readFileSync("Pulumi.yaml", "utf8")) ?? [];
  if (!project) throw new Failure("Pulumi.yaml has no name.");
  const stack = required("PULUMI_STACK").replace(/^.*\//, ""); // without an organization
  return `<!-- openai-containers report: ${`${project}/${stack}`.replaceAll("-", "%2D")} -->`;
}

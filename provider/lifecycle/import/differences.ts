import { isDeepStrictEqual } from "node:util";
import type { Candidate } from "../../backends/backend";
import { containerSchema } from "../../model/container";
import { isSameImage } from "../../model/image-names";
import { quoted } from "../../model/quoted";
import { isObject } from "../../model/schema-walk";
import { at, holdsUnknown } from "../../model/unknowns";

type Properties = Record<string, unknown>;

/** A property in which a program and a container differ. */
export interface Difference {
  /** `networkPolicy.allowedDomains` */
  path: string;
  program: unknown;
  live: unknown;
}

/** Each property in which a program's arguments and a live container differ. Unknown arguments are not compared. */
export function differences(args: Properties, candidate: Candidate): Difference[] {
  const { observed, imageNames = [] } = candidate;
  const names = Object.keys(containerSchema.shape).filter((name) => name !== "backend");
  const found = names.flatMap((name) => differing(name, at(args, name), at(observed, name)));
  const isAnotherName = ({ path, program }: Difference) =>
    path === "docker.image" && isSameImage(String(program), imageNames);
  return [
    ...found.filter((difference) => difference.path !== runtimePath && !isAnotherName(difference)),
    ...differingRuntime(args, candidate),
    ...differingSecrets(args, candidate),
  ];
}

const runtimePath = "docker.runtime";

/** A runtime that a program or a container does not name is the default one. */
function differingRuntime(args: Properties, { observed, defaultRuntime }: Candidate): Difference[] {
  const docker = at(args, "docker");
  if (defaultRuntime === undefined || holdsUnknown(docker)) return [];
  const program = at(docker, "runtime") ?? defaultRuntime;
  const live = observed.docker?.runtime ?? defaultRuntime;
  return program === live ? [] : [{ path: runtimePath, program, live }];
}

/** Of a live object only what it reports is compared: a backend reports some properties of an object, and not others. */
function differing(path: string, program: unknown, live: unknown): Difference[] {
  if (live === undefined || program === undefined) return [];
  if (isObject(live) && isObject(program)) {
    const type = differing(`${path}.type`, at(program, "type"), at(live, "type"));
    if (type.length > 0) return type; // the rest applies to one of them only
    return Object.keys(live).flatMap((key) => differing(`${path}.${key}`, at(program, key), at(live, key)));
  }
  if (holdsUnknown(program) || isDeepStrictEqual(asSet(program), asSet(live))) return [];
  return [{ path, program, live }];
}

/** Of domain secrets a backend knows the names at most. */
function differingSecrets(args: Properties, { observed, secretNames }: Candidate): Difference[] {
  const policy = at(args, "networkPolicy");
  if (!secretNames || at(policy, "type") !== observed.networkPolicy?.type || holdsUnknown(policy)) return [];
  const secrets = at(policy, "domainSecrets");
  const program = [...new Set(Array.isArray(secrets) ? secrets.map((secret) => at(secret, "name")) : [])];
  if (isDeepStrictEqual(asSet(program), asSet(secretNames))) return [];
  return [{ path: "networkPolicy.domainSecrets", program, live: [...secretNames] }];
}

/** All lists that backends report are sets. */
function asSet(value: unknown): unknown {
  return Array.isArray(value) ? new Set(value) : value;
}

/** `memoryLimit: the program has "4g", the container has "1g"`; of lists, the members that only one of both has. */
export function inWords({ path, program, live }: Difference, isSecret: boolean): string {
  if (isSecret) return `${path}: the program and the container differ (secret)`;
  if (!Array.isArray(program) || !Array.isArray(live))
    return `${path}: the program has ${valueText(program)}, the container has ${valueText(live)}`;
  const parts = [onlyIn("program", program, live), onlyIn("container", live, program)];
  return `${path}: ${parts.filter((part) => part !== "").join(", ")}`;
}

function onlyIn(owner: string, list: readonly unknown[], other: readonly unknown[]): string {
  const members = list.filter((member) => !other.includes(member)).map(valueText);
  return members.length > 0 ? `only the ${owner} has ${members.join(", ")}` : "";
}

function valueText(value: unknown): string {
  return typeof value === "string" ? quoted(value) : JSON.stringify(value);
}

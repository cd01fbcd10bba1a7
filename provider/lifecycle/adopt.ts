import { isDeepStrictEqual } from "node:util";
import type { Backend, Candidate } from "../backends/backend";
import { containerSchema } from "../model/container";
import { isSameImage } from "../model/image-names";
import { inputsOf, outputsOf, recordFrom } from "../model/record";
import { isObject } from "../model/schema-walk";
import { at, holdsUnknown } from "../model/unknowns";
import { unreportedIn } from "./unreported";

type Properties = Record<string, unknown>;
type Place = Pick<Backend, "name" | "location">;

/** A property in which a program and a container differ. */
export interface Difference {
  /** `networkPolicy.allowedDomains` */
  path: string;
  program: unknown;
  live: unknown;
}

/**
 * What state holds of an imported container. Arguments that no backend reports are taken from `args`; those that are not
 * there either are listed in `__unreported`: the first program that gives them a value shows no change.
 * @param args the arguments of a program that matches the container, and hidden inputs such as `__urn`
 */
export function adopted(
  { observed }: Candidate,
  args: Properties,
  place: Place,
): { inputs: Properties; outputs: Properties } {
  const unreported = unreportedIn(args, observed, place.name);
  const record = recordFrom({ ...args, ...(unreported.length > 0 && { __unreported: unreported }) });
  return { inputs: inputsOf(observed, place, record), outputs: outputsOf(observed, place, record) };
}

/** Each property in which a program's arguments and a live container differ. Unknown arguments are not compared. */
export function differences(args: Properties, candidate: Candidate): Difference[] {
  const { observed, imageNames = [], secretNames } = candidate;
  const found = Object.keys(containerSchema.shape).flatMap((name) =>
    name === "backend" ? [] : differing(name, at(args, name), at(observed, name)),
  );
  const ofImage = ({ path, program }: Difference) =>
    path === "docker.image" && isSameImage(String(program), [observed.imageId ?? "", ...imageNames]);
  return [...found.filter((difference) => !ofImage(difference)), ...differingSecrets(args, observed, secretNames)];
}

/** Of a live object only what it reports is compared: a backend reports some properties of an object, and not others. */
function differing(path: string, program: unknown, live: unknown): Difference[] {
  if (live === undefined || program === undefined || isUnknown(program)) return [];
  if (isObject(live) && isObject(program)) {
    const type = differing(`${path}.type`, at(program, "type"), at(live, "type"));
    if (type.length > 0) return type;
    return Object.keys(live).flatMap((key) => differing(`${path}.${key}`, at(program, key), at(live, key)));
  }
  return isDeepStrictEqual(asSet(program), asSet(live)) ? [] : [{ path, program, live }];
}

/** The names of domain secrets: their values are on no backend. */
function differingSecrets(
  args: Properties,
  { networkPolicy }: Candidate["observed"],
  live?: readonly string[],
): Difference[] {
  const policy = at(args, "networkPolicy");
  if (!live || at(policy, "type") !== networkPolicy?.type || holdsUnknown(policy)) return [];
  const secrets = at(policy, "domainSecrets");
  const program = [...new Set(Array.isArray(secrets) ? secrets.map((secret) => at(secret, "name")) : [])];
  return isDeepStrictEqual(asSet(program), asSet(live)) ? [] : [{ path: "networkPolicy.domainSecrets", program, live }];
}

function isUnknown(value: unknown): boolean {
  return !isObject(value) && holdsUnknown(value);
}

/** All lists that backends report are sets. */
function asSet(value: unknown): unknown {
  return Array.isArray(value) ? new Set(value) : value;
}

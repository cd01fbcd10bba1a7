import { containerSchema, unsupportedBy } from "../../model/container";
import { defined } from "../../model/nulls";
import { type ContainerRecord, type Observed, recordFrom } from "../../model/record";
import { isObject } from "../../model/schema-walk";
import { at } from "../../model/unknowns";

type Properties = Record<string, unknown>;

/** The paths of the arguments that a backend does not report of a container, and that `args` do not have either. */
export function unreportedIn(args: Properties, observed: Observed, backend: string): string[] {
  const supported = new Set(Object.keys(containerSchema.shape));
  for (const name of ["backend", ...unsupportedBy(backend)]) supported.delete(name);
  const isAllowlist = observed.networkPolicy?.type === "allowlist";
  const parts = isAllowlist
    ? ["networkPolicy.domainSecrets", ...(supported.has("docker") ? ["docker.egress"] : [])]
    : [];
  const paths = [...[...supported].filter((name) => at(observed, name) === undefined), ...parts];
  return paths.filter((path) => valueAt(args, path) === undefined);
}

/**
 * The record of an imported container, with the values that its program gave first for arguments that no backend reports.
 * @param recordedInputs the inputs in state, of a run that has checked the program. They list such arguments as long as no
 * program has run.
 */
export function withProgramValues(
  record: ContainerRecord,
  inputs: Properties,
  recordedInputs: Properties | undefined,
): ContainerRecord {
  const { __unreported: paths = [] } = record;
  const pending = recordedInputs?.["__unreported"];
  const isFirst = (path: string) => !recordedInputs || (Array.isArray(pending) && pending.includes(path));
  const from = (path: string) => valueAt(isFirst(path) ? inputs : recordedInputs, path);
  let filled: Properties = record;
  for (const path of paths) filled = withValue(filled, path.split("."), from(path));
  return paths.length > 0 ? recordFrom(filled) : record;
}

function valueAt(properties: unknown, path: string): unknown {
  return path.split(".").reduce(at, properties);
}

function withValue(properties: object, [key = "", ...rest]: string[], value: unknown): Properties {
  if (rest.length === 0) return defined({ ...properties, [key]: value });
  const inner = at(properties, key);
  return isObject(inner) ? { ...properties, [key]: withValue(inner, rest, value) } : { ...properties };
}

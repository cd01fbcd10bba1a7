import { z } from "zod";
import {
  type BackendName,
  containerSchema,
  nullableOutputs,
  type observedSchema,
  outputNames,
  presetsOf,
  recordedShape,
} from "./container";
import { defined, withoutNulls } from "./nulls";
import { isObject, settledProperties } from "./schema-walk";
import { at } from "./unknowns";

/**
 * What state holds of a container: its arguments, as the backend last reported them, and its outputs. Written by this and
 * by earlier releases, so a field may be missing and a value may be one that no argument could have.
 */
const recordSchema = z.object({
  ...recordedShape,
  __urn: z.string().optional(),
  /** Whether the name is auto-generated. */
  __autoName: z.boolean().optional(),
  /** The explicit provider that made it, or that it was moved to at the same place; none for the default one. */
  __providerUrn: z.string().optional(),
  /** The arguments that the program made secret. */
  __secretArguments: z.array(z.string()).optional(),
  /** The id in the import option, when the resource was created. */
  __import: z.string().optional(),
  /** The arguments of an imported container that no backend reports and no program has given yet, by path. */
  __unreported: z.array(z.string()).optional(),
});

export type ContainerRecord = z.output<typeof recordSchema>;

/** A container as its backend reports it now. A field that it leaves out stays as it is recorded. */
export type Observed = z.output<typeof observedSchema>;

/** A field that an earlier release did not record had its default then. */
export function recordFrom(state: object): ContainerRecord {
  const known = withoutNulls(state);
  const presets = presetsOf(known["backend"]);
  const filled = Object.entries(presets).map(([name, preset]) => [name, { ...preset, ...asObject(known[name]) }]);
  return recordSchema.parse({ ...known, ...Object.fromEntries(filled) });
}

/** The place where a container lives. */
interface Place {
  name: BackendName;
  location: string;
}

/** The arguments that lead to such a container, as `check` leaves them. */
export function inputsOf(observed: Observed, place: Place, record: ContainerRecord): Record<string, unknown> {
  const { __autoName, __urn, __import, __unreported } = record;
  const properties = propertiesOf(observed, place, record);
  const args = Object.keys(containerSchema.shape).map((name) => [name, properties[name]]);
  return defined({
    ...Object.fromEntries(args),
    ...(__autoName ? { name: undefined } : {}),
    __urn,
    __import,
    __unreported,
  });
}

/** The outputs of such a container: every argument by its own name, so that a diff compares like with like. */
export function outputsOf(observed: Observed, place: Place, record: ContainerRecord): Record<string, unknown> {
  const { __autoName, __urn, __providerUrn, __secretArguments, __import, __unreported } = record;
  const hidden = { __autoName, __urn, __providerUrn, __secretArguments, __import, __unreported };
  const absent = Object.fromEntries(nullableOutputs.map((name) => [name, null]));
  return { ...absent, ...defined({ ...propertiesOf(observed, place, record), ...hidden }) };
}

/** The observed fields over the recorded ones: a backend does not report all of them. */
function propertiesOf(observed: Observed, place: Place, record: ContainerRecord): Record<string, unknown> {
  // An image has several names: of the same one, the program's stays.
  const docker = observed.imageId !== undefined && observed.imageId === record.imageId ? undefined : observed.docker;
  const live = { ...observed, docker, object: "container", backend: place.name, location: place.location };
  const fields = outputNames.map((name) => [name, merged(at(live, name), at(record, name))]);
  return settledProperties(containerSchema, Object.fromEntries(fields), record);
}

/** Of an object a backend may report a part; but where its type differs, the rest of what is recorded does not apply. */
function merged(observed: unknown, recorded: unknown): unknown {
  if (observed === undefined) return recorded;
  const isPart = isObject(observed) && isObject(recorded) && at(observed, "type") === at(recorded, "type");
  return isPart ? { ...recorded, ...observed } : observed;
}

function asObject(value: unknown): object {
  return isObject(value) ? value : {};
}

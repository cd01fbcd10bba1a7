import { z } from "zod";

/** One field of a container. docs/contributing.md says how to add one. */
export interface Field {
  /** As a program may write it, with its limits, default and description; an output has none. */
  argument?: z.ZodType;
  /** As a backend reports it. A field that no backend reports has none: it stays as it is recorded. */
  observed?: z.ZodType;
  /** As state may hold it: written by an earlier release too, and with values that no argument could have. */
  recorded: z.ZodType;
  /** The only backends that support it. Default: all. */
  backends?: readonly string[];
  /** Its default on these backends, where not all support it. */
  preset?: object;
  /** Whether it is null in state where a container does not have it: Pulumi takes what is missing for unknown. */
  isNullable?: true;
}

type Part = "argument" | "observed" | "recorded";

type Shape<Fields, P extends Part> = {
  [Name in keyof Fields as Fields[Name] extends Record<P, z.ZodType> ? Name : never]: Fields[Name] extends Record<
    P,
    infer Schema
  >
    ? Schema
    : never;
};

/** The schemas of one part, by the names of the fields that have it. */
export function shapeOf<const Fields extends Record<string, Field>, P extends Part>(
  fields: Fields,
  part: P,
): Shape<Fields, P>;
export function shapeOf(fields: Record<string, Field>, part: Part): Record<string, z.ZodType> {
  const schemas = Object.entries(fields).map(([name, field]) => ({ name, schema: field[part] }));
  return Object.fromEntries(schemas.flatMap(({ name, schema }) => (schema ? [[name, schema]] : [])));
}

/** Undefined for each name. */
export function undefinedFor<Names extends object>(names: Names): { [Name in keyof Names]: undefined };
export function undefinedFor(names: object): Record<string, undefined> {
  return Object.fromEntries(Object.keys(names).map((name) => [name, undefined]));
}

/** What a schema says of a list besides its type. */
export interface ListMeta {
  /** Of a set: what makes two members the same one. */
  identity?: (member: unknown) => unknown;
  /** Whether Pulumi has to encrypt it. */
  isSecret?: true;
}

export const listMeta = z.registry<ListMeta>();

/** A list in which order and duplicates mean nothing. To be called last, as any other method makes a new schema. */
export function asSet<Member extends z.ZodType>(list: z.ZodArray<Member>, meta: ListMeta = {}): z.ZodArray<Member> {
  const set = list.overwrite((members) => [...new Set(members)]);
  listMeta.add(set, { identity: (member) => member, ...meta });
  return set;
}

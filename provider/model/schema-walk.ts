import { z } from "zod";
import { listMeta } from "./field";
import { defined } from "./nulls";
import { inRecordedOrder } from "./recorded-order";
import { at } from "./unknowns";

type Schema = z.core.$ZodType;

/** Sets in the recorded order, and no optional list or object that is empty: it means the same as none. */
export function settled(schema: Schema, value: unknown, recorded: unknown): unknown {
  if (schema instanceof z.ZodDefault) return settled(schema.unwrap(), value, recorded);
  if (schema instanceof z.ZodOptional) {
    const inner = settled(schema.unwrap(), value, recorded);
    return isEmpty(inner) ? undefined : inner;
  }
  if (schema instanceof z.ZodDiscriminatedUnion) {
    const option = schema.options.find((candidate) => describes(candidate, value));
    return option ? settled(option, value, recorded) : value;
  }
  if (schema instanceof z.ZodObject) return isObject(value) ? settledProperties(schema, value, recorded) : value;
  const identity = listMeta.get(schema)?.identity;
  return Array.isArray(value) && identity ? inRecordedOrder<unknown>(value, recorded, identity) : value;
}

/** The same of the properties of an object. */
export function settledProperties(schema: z.ZodObject, value: object, recorded: unknown): Record<string, unknown> {
  const entries = Object.entries(value).map(([key, member]) => {
    const { [key]: property } = schema.shape;
    return [key, property ? settled(property, member, at(recorded, key)) : member];
  });
  return defined(Object.fromEntries(entries));
}

/** The paths of the lists in a schema for which `holds` is true, below no other list. */
export function listPaths(schema: Schema, holds: (list: z.ZodArray) => boolean = () => true): string[][] {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodOptional) return listPaths(schema.unwrap(), holds);
  if (schema instanceof z.ZodDiscriminatedUnion) return schema.options.flatMap((option) => listPaths(option, holds));
  if (schema instanceof z.ZodArray) return holds(schema) ? [[]] : [];
  if (!(schema instanceof z.ZodObject)) return [];
  return Object.entries(schema.shape).flatMap(([key, property]) =>
    listPaths(property, holds).map((path) => [key, ...path]),
  );
}

function describes(option: Schema, value: unknown): boolean {
  if (!(option instanceof z.ZodObject)) return false;
  const type: Schema | undefined = option.shape["type"];
  return type !== undefined && z.safeParse(type, at(value, "type")).success;
}

function isEmpty(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

export function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

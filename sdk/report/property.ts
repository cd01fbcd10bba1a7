import { unknownValue } from "../../provider/model/unknowns";
import { type Change, type Inputs, secret } from "./preview";

/**
 * The value at a path of a container's inputs, `networkPolicy.allowedDomains`; undefined where there is none. It is a
 * placeholder of Pulumi where the value, or one that it is in, is a secret or not known before the update.
 */
export function property(inputs: Inputs | undefined, path: string): unknown {
  let value: unknown = inputs;
  for (const key of path.split(".")) {
    if (isHidden(value)) return value;
    value = typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
  }
  return value;
}

/** A text at a path; undefined where there is none, or it is hidden. */
export function text(inputs: Inputs | undefined, path: string): string | undefined {
  const value = property(inputs, path);
  return typeof value === "string" && !isHidden(value) ? value : undefined;
}

/** The texts of a list at a path, those that are hidden left out. */
export function texts(inputs: Inputs | undefined, path: string): string[] {
  const value = property(inputs, path);
  return Array.isArray(value) ? value.filter((member) => typeof member === "string" && !isHidden(member)) : [];
}

/** Whether a preview shows less than the whole value at a path: it is a secret or not known, or holds one. */
export function hides(inputs: Inputs | undefined, path: string): boolean {
  return holdsHidden(property(inputs, path));
}

/** Whether the container is to be created with what is at a path, or that differs. */
export function changes({ operation, paths }: Change, path: string): boolean {
  if (operation === "create") return true;
  return operation === "replace" && paths.some((one) => one.startsWith(path) || path.startsWith(one));
}

/** Whether a value is one that a preview hides, or holds one. */
export function holdsHidden(value: unknown): boolean {
  if (isHidden(value)) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(holdsHidden);
}

function isHidden(value: unknown): boolean {
  return value === secret || value === unknownValue;
}

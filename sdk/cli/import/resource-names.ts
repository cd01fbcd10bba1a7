import { camelCase } from "./identifiers";

/** What a resource may be called in the mapping: such a name needs no escaping in a URN, a shell or a message. */
export const resourceNamePattern = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/;

/**
 * The name of each container's resource: the container's own where it is a valid one, otherwise an identifier from it.
 * Where another has that already, a number follows. A container that is added last changes no other's name.
 * @param containers oldest first
 * @param fixed names that are decided already, by id
 * @param taken names that other resources have
 */
export function resourceNames(
  containers: readonly { id: string; name: string }[],
  fixed: ReadonlyMap<string, string>,
  taken: Iterable<string>,
): Map<string, string> {
  const names = new Map(fixed);
  const used = new Set([...taken, ...fixed.values()]);
  for (const { id, name } of containers) {
    if (names.has(id)) continue;
    const base = resourceNamePattern.test(name) ? name : camelCase(name);
    let unique = base;
    for (let count = 2; used.has(unique); count += 1) unique = `${base.slice(0, 90)}-${count}`;
    used.add(unique);
    names.set(id, unique);
  }
  return names;
}

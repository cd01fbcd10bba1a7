import type { Stack } from "../support/stack";

export const minutes = 600; // none expires meanwhile

/**
 * A program's statements that create so many resources of a type.
 * @param more further arguments of each
 */
export function resources(type: string, count: number, { prefix }: Stack, more = ""): string {
  const expiresAfter = `expiresAfter: { anchor: "last_active_at", minutes: ${minutes} }`;
  const args = `{ name: "${prefix}-" + at, memoryLimit: "1g", ${expiresAfter}, ${more} }`;
  return `for (let at = 0; at < ${count}; at += 1) new ${type}("c-" + at, ${args});`;
}

/** The least that Pulumi's host of dynamic providers does: the same inputs, and a provider that looks at nothing. */
export function noOpProgram(count: number, stack: Stack): string {
  return `
    const provider = {
      create: async (inputs) => ({ id: inputs.name, outs: inputs }),
      diff: async () => ({ changes: false }),
    };
    class NoOp extends pulumi.dynamic.Resource {
      constructor(name, args) { super(provider, name, args); }
    }
    ${resources("NoOp", count, stack)}`;
}

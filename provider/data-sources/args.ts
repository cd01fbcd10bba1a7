import { z } from "zod";
import { BackendError } from "../backends/backend";
import { backendNames } from "../model/container";
import { mistakesIn } from "../model/problems";

/** What a program asks for, judged. */

const text = z.string().min(1).optional();
const backend = z.enum(backendNames).optional();
const filter = z.strictObject({ name: text, status: text, backend });

export type Filter = z.output<typeof filter>;
export type One = { backend?: Filter["backend"] } & ({ id: string } | { name: string });

/** The arguments of `getContainer`. @throws BackendError */
export function oneFrom(args: unknown): One {
  const asked = judged("getContainer", z.strictObject({ id: text, name: text, backend }), args);
  const { id, name } = asked;
  if (id !== undefined && name === undefined) return { id, backend: asked.backend };
  if (name !== undefined && id === undefined) return { name, backend: asked.backend };
  const got = id === undefined ? "neither" : "both";
  throw new BackendError(
    "OC0000",
    `getContainer takes either an id or a name, and got ${got}`,
    "Give it one of the two",
  );
}

/** The arguments of `getContainers`. @throws BackendError */
export function filterFrom(args: unknown): Filter {
  return judged("getContainers", filter, args);
}

function judged<T>(who: string, schema: z.ZodType<T>, args: unknown): T {
  const input = { args };
  const { data, error } = z.object({ args: schema }).safeParse(input);
  if (data) return data.args;
  const problems = mistakesIn(error.issues, input, [])
    .map(({ text }) => text)
    .join("; ");
  throw new BackendError("OC0000", `${who} cannot use what it was given: ${problems}`, "Correct its arguments");
}

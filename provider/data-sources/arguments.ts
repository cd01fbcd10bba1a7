import { z } from "zod";
import { BackendError } from "../backends/backend";
import { backendNames } from "../model/container";
import { mistakesIn } from "../model/problems";

const text = z.string().min(1).optional();
const backend = z.enum(backendNames).optional();
const filterSchema = z.strictObject({ name: text, status: text, backend });

export type Filter = z.output<typeof filterSchema>;
export type IdOrName = { backend?: Filter["backend"] } & ({ id: string } | { name: string });

/** The arguments of `getContainer`. @throws BackendError where they are invalid */
export function idOrNameFrom(args: unknown): IdOrName {
  const valid = validated("getContainer", z.strictObject({ id: text, name: text, backend }), args);
  const { id, name } = valid;
  if (id !== undefined && name === undefined) return { id, backend: valid.backend };
  if (name !== undefined && id === undefined) return { name, backend: valid.backend };
  const got = id === undefined ? "neither" : "both";
  throw new BackendError("OC4008", `getContainer needs either an id or a name, and got ${got}`, "Pass one of them");
}

/** The arguments of `getContainers`. @throws BackendError where they are invalid */
export function filterFrom(args: unknown): Filter {
  return validated("getContainers", filterSchema, args);
}

function validated<T>(caller: string, schema: z.ZodType<T>, args: unknown): T {
  const input = { args };
  const { data, error } = z.object({ args: schema }).safeParse(input);
  if (data) return data.args;
  const problems = mistakesIn(error.issues, input, [])
    .map(({ text }) => text)
    .join("; ");
  throw new BackendError("OC4009", `${caller} got invalid arguments: ${problems}`, "Correct them");
}

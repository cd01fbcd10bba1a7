import { specialSecretSig, specialSigKey } from "@pulumi/pulumi/runtime";
import { z } from "zod";
import type { Properties } from "./provider-process";

const marked = z.object({ [specialSigKey]: z.literal(specialSecretSig), value: z.unknown() });

/** Properties as Pulumi's engine passes them to a provider that accepts no secrets: without the marks of secrets. */
export function unmarked(properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, plain(value)]));
}

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const secret = marked.safeParse(value);
  if (secret.success) return plain(secret.data.value);
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plain(member)]));
}

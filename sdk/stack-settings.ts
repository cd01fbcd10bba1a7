import { runtime } from "@pulumi/pulumi";

const namespace = "openai-containers:";

/** The stack's configuration of this package, as the program's own process has it: `{ backend: "docker" }`. */
export function stackSettings(): Record<string, string> {
  const entries = Object.entries(runtime.allConfig()).filter(([key]) => key.startsWith(namespace));
  return Object.fromEntries(entries.map(([key, value]) => [key.slice(namespace.length), value]));
}

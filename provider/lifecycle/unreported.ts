import { containerSchema, unsupportedBy } from "../model/container";
import type { Observed } from "../model/record";
import { at } from "../model/unknowns";

/** The paths of the arguments that a backend does not report of a container, and that `args` do not have either. */
export function unreportedIn(args: Record<string, unknown>, observed: Observed, backend: string): string[] {
  const supported = new Set(Object.keys(containerSchema.shape));
  for (const name of ["backend", ...unsupportedBy(backend)]) supported.delete(name);
  const isAllowlist = observed.networkPolicy?.type === "allowlist";
  const parts = isAllowlist
    ? ["networkPolicy.domainSecrets", ...(supported.has("docker") ? ["docker.egress"] : [])]
    : [];
  const paths = [...[...supported].filter((name) => at(observed, name) === undefined), ...parts];
  return paths.filter((path) => path.split(".").reduce<unknown>(at, args) === undefined);
}

import { randomBytes } from "node:crypto";
import { type Backend, HalfMadeError, type Report } from "../backends/backend";
import { containerSchema } from "../model/container";
import { defined, outputsOf } from "../model/record";

export interface Created {
  id: string;
  outs: Record<string, unknown>;
}

/** The container exists but is not what was asked for: state keeps its id, and the next `up` repairs it. */
export class PartialFailure extends Error {
  constructor(
    readonly id: string,
    readonly properties: Record<string, unknown>,
    readonly reasons: string[],
  ) {
    super(reasons.join(" "));
  }
}

/** Makes the container that `check` let pass. */
export async function create(inputs: Record<string, unknown>, backend: Backend, report: Report): Promise<Created> {
  const { __urn: urn, __provider, ...args } = inputs;
  const container = containerSchema.parse(args);
  const named = { ...container, name: container.name ?? autoName(urn) };
  const own = { __urn: typeof urn === "string" ? urn : undefined, __autoName: container.name === undefined };
  try {
    const observed = await backend.create(named, report);
    return { id: observed.id, outs: outputsOf(observed, backend, own) };
  } catch (error) {
    if (!(error instanceof HalfMadeError)) throw error;
    // Diff decides by this status: a refresh clears Pulumi's own mark of failure although nothing was repaired.
    const half = { ...named, id: error.containerId, status: "provisioning", createdAt: Math.floor(Date.now() / 1000) };
    // The host adds `__provider` to what succeeds, and not to this.
    throw new PartialFailure(half.id, defined({ ...outputsOf(half, backend, own), __provider }), [error.message]);
  }
}

/** The resource's own name and random hex, as Pulumi names what has no name. */
function autoName(urn: unknown): string {
  const logicalName = typeof urn === "string" ? urn.split("::").slice(3).join("::") : "container";
  return `${logicalName.slice(0, 240)}-${randomBytes(4).toString("hex")}`;
}

import { z } from "zod";
import { type BackendName, defaultImage } from "./container";

/**
 * What state holds of a container: its arguments, as the backend last told them, and its outputs. Written by this and
 * by earlier releases, so a field may be missing and a value may be one that no argument could have.
 */
const recordSchema = z.object({
  name: z.string().optional(),
  memoryLimit: z.string().default("1g"),
  networkPolicy: z.looseObject({ type: z.string() }).default({ type: "disabled" }),
  expiresAfter: z
    .object({ anchor: z.string(), minutes: z.number() })
    .default({ anchor: "last_active_at", minutes: 20 }),
  backend: z.string().optional(),
  docker: z.object({ image: z.string().optional() }).optional(),
  status: z.string().optional(),
  /** Unix seconds. Missing in what `Container.get` hands over, which is inputs only. */
  createdAt: z.number().optional(),
  imageId: z.string().optional(),
  location: z.string().optional(),
  __urn: z.string().optional(),
  /** Whether the name was drawn, not written in the program. */
  __autoName: z.boolean().optional(),
});

export type ContainerRecord = z.output<typeof recordSchema>;

/** What an earlier release did not record had its default then. */
export function recordFrom(state: unknown): ContainerRecord {
  const record = recordSchema.parse(state);
  return record.backend === "docker" ? { ...record, docker: { image: defaultImage, ...record.docker } } : record;
}

/** A container as its backend tells it now. */
export interface Observed {
  id: string;
  name: string;
  /** `running`, `stopped` or `expired`; the backend's own word for anything else, which counts as alive. */
  status: string;
  createdAt: number;
  memoryLimit: string;
  networkPolicy: { type: string };
  expiresAfter: { anchor: string; minutes: number };
  docker?: { image: string } | undefined;
  imageId?: string;
}

/** The place where a container lives. */
interface Place {
  name: BackendName;
  location: string;
}

/** What no backend tells of a container: it stays as it is recorded. */
type Own = Pick<ContainerRecord, "__urn" | "__autoName">;

/** The arguments that lead to such a container, as `check` leaves them. */
export function inputsOf(observed: Observed, place: Place, { __urn, __autoName }: Own): Record<string, unknown> {
  const { name, memoryLimit, networkPolicy, expiresAfter, docker } = observed;
  const args = { memoryLimit, networkPolicy, expiresAfter, backend: place.name, docker };
  return defined({ ...args, name: __autoName ? undefined : name, __urn });
}

/** The outputs of such a container: every argument by its own name, so that a diff compares like with like. */
export function outputsOf(observed: Observed, place: Place, { __urn, __autoName }: Own): Record<string, unknown> {
  const { id: _, ...told } = observed;
  return defined({ ...told, object: "container", backend: place.name, location: place.location, __autoName, __urn });
}

/** Pulumi's wire knows no undefined ("Unexpected struct type"). */
export function defined(properties: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined));
}

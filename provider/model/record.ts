import { z } from "zod";
import { type BackendName, defaultImage } from "./container";
import { withoutNulls } from "./nulls";
import { inRecordedOrder } from "./recorded-order";

/**
 * What state holds of a container: its arguments, as the backend last told them, and its outputs. Written by this and
 * by earlier releases, so a field may be missing and a value may be one that no argument could have.
 */
const recordSchema = z.object({
  name: z.string().optional(),
  memoryLimit: z.string().default("1g"),
  networkPolicy: z
    .looseObject({
      type: z.string(),
      allowedDomains: z.array(z.string()).optional(),
      domainSecrets: z.array(z.unknown()).optional(),
    })
    .default({ type: "disabled" }),
  expiresAfter: z
    .object({ anchor: z.string(), minutes: z.number() })
    .default({ anchor: "last_active_at", minutes: 20 }),
  fileIds: z.array(z.string()).optional(),
  skills: z.array(z.unknown()).optional(),
  backend: z.string().optional(),
  docker: z.looseObject({ image: z.string().optional() }).optional(),
  status: z.string().optional(),
  /** Unix seconds. Missing in what `Container.get` hands over, which is inputs only. */
  createdAt: z.number().optional(),
  imageId: z.string().optional(),
  location: z.string().optional(),
  project: z.string().optional(),
  __urn: z.string().optional(),
  /** Whether the name was drawn, not written in the program. */
  __autoName: z.boolean().optional(),
  /** The explicit provider that made it, or that it was handed to at the same place; none for the default one. */
  __providerUrn: z.string().optional(),
  /** The arguments that the program made secret. */
  __secretArguments: z.array(z.string()).optional(),
});

export type ContainerRecord = z.output<typeof recordSchema>;

/** What an earlier release did not record had its default then. */
export function recordFrom(state: object): ContainerRecord {
  const record = recordSchema.parse(withoutNulls(state));
  return record.backend === "docker" ? { ...record, docker: { image: defaultImage, ...record.docker } } : record;
}

/** A container as its backend tells it now. What it leaves out stays as it is recorded. */
export interface Observed {
  id: string;
  /** `running`, `stopped` or `expired`; the backend's own word for anything else, which counts as alive. */
  status: string;
  createdAt: number;
  name: string;
  memoryLimit?: string | undefined;
  networkPolicy?: { type: string; allowedDomains?: string[] } | undefined;
  expiresAfter?: { anchor: string; minutes: number } | undefined;
  docker?: { image: string } | undefined;
  imageId?: string | undefined;
  /** Of the hosted API: the project that the container belongs to. */
  project?: string | undefined;
}

/** The place where a container lives. */
interface Place {
  name: BackendName;
  location: string;
}

/** The arguments that lead to such a container, as `check` leaves them. */
export function inputsOf(observed: Observed, place: Place, record: ContainerRecord): Record<string, unknown> {
  const { __autoName, __urn } = record;
  return defined({ ...argsOf(observed, place, record), ...(__autoName ? { name: undefined } : {}), __urn });
}

/** Outputs that not each container has. Pulumi takes what state does not mention for unknown, in every preview. */
const absent = { fileIds: null, skills: null, docker: null, imageId: null, project: null };

/** The outputs of such a container: every argument by its own name, so that a diff compares like with like. */
export function outputsOf(observed: Observed, place: Place, record: ContainerRecord): Record<string, unknown> {
  const { status, createdAt, imageId, project = record.project } = observed;
  const { __autoName, __urn, __providerUrn, __secretArguments } = record;
  const hidden = { __autoName, __urn, __providerUrn, __secretArguments };
  const told = { object: "container", status, createdAt, imageId, project, location: place.location };
  return { ...absent, ...defined({ ...argsOf(observed, place, record), ...told, ...hidden }) };
}

/** What the backend tells, over what is recorded: no backend tells of file ids, skills and secrets. */
function argsOf(observed: Observed, place: Place, record: ContainerRecord): Record<string, unknown> {
  return {
    name: observed.name,
    memoryLimit: observed.memoryLimit ?? record.memoryLimit,
    networkPolicy: policyOf(observed.networkPolicy, record.networkPolicy),
    expiresAfter: observed.expiresAfter ?? record.expiresAfter,
    fileIds: record.fileIds,
    skills: record.skills,
    backend: place.name,
    docker: observed.docker && { ...record.docker, ...observed.docker },
  };
}

function policyOf(
  told: Observed["networkPolicy"],
  recorded: ContainerRecord["networkPolicy"],
): Record<string, unknown> {
  if (!told) return recorded;
  if (told.type !== recorded.type) return told;
  const { allowedDomains } = told;
  if (!allowedDomains) return recorded;
  return { ...recorded, allowedDomains: inRecordedOrder(allowedDomains, recorded.allowedDomains) };
}

/** Pulumi's wire knows no undefined ("Unexpected struct type"). */
export function defined(properties: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined));
}

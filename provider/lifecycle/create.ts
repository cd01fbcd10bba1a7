import { randomBytes } from "node:crypto";
import {
  type Backend,
  BackendError,
  type CreateContext,
  PartialCreateError,
  type Report,
  UnknownOutcomeError,
} from "../backends/backend";
import { containerSchema } from "../model/container";
import { defined } from "../model/nulls";
import { type Observed, outputsOf, recordFrom } from "../model/record";
import { withSecretsMarked } from "../model/secret-marks";
import type { Journal } from "./journal/journal";
import { removeOrphans } from "./journal/orphans";

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

/** What a create is told of the run that it is a part of. */
export interface CreateOptions {
  backend: Backend;
  journal: Journal;
  report: Report;
  /** Aborted when Pulumi ends the process. */
  ending: AbortSignal;
}

/** Makes the container that `check` let pass. */
export async function create(inputs: Record<string, unknown>, circumstances: CreateOptions): Promise<Created> {
  const { backend, journal, report, ending } = circumstances;
  const { __urn: urn, __provider, __providerUrn, __secretArguments, ...args } = inputs;
  const container = containerSchema.parse(args);
  const named = { ...container, name: container.name ?? autoName(urn) };
  const nameIsDrawn = container.name === undefined;
  const asked = recordFrom({ ...named, __urn: urn, __autoName: nameIsDrawn, __providerUrn, __secretArguments });
  if (asked.__urn) await removeOrphans(asked.__urn, backend, journal, report);
  const { drop, ...making } = beginEntry(asked.__urn, named.name, nameIsDrawn, circumstances);
  try {
    const observed = await backend.create(named, interruptible(report), making);
    if (ending.aborted) await undo(observed, backend, report);
    return { id: observed.id, outs: outputsOf(observed, backend, asked) };
  } catch (error) {
    if (!(error instanceof PartialCreateError)) {
      if (!(error instanceof UnknownOutcomeError)) drop();
      throw error;
    }
    // Diff decides by this status: a refresh clears Pulumi's own mark of failure although nothing was repaired.
    const half = { ...named, id: error.containerId, status: "provisioning", createdAt: Math.floor(Date.now() / 1000) };
    // The host adds `__provider` to what succeeds, and not to this.
    const properties = withSecretsMarked(defined({ ...outputsOf(half, backend, asked), __provider }));
    throw new PartialFailure(half.id, properties, [error.message]);
  }
}

/**
 * At the first Ctrl-C Pulumi waits for what is under way and stores it, and tells the provider nothing; at the second one
 * it does neither.
 */
function interruptible(report: Report): Report {
  return {
    ...report,
    progress: (text) => report.progress(`${text} (one Ctrl-C is enough: this is finished and stored)`),
  };
}

/** Of what has no URN nothing can be found again. */
function beginEntry(
  urn: string | undefined,
  name: string,
  nameIsDrawn: boolean,
  { backend, journal }: CreateOptions,
): CreateContext & { drop(): void } {
  if (urn === undefined) return { nameIsDrawn, announce: () => {}, orphaned: () => {}, drop: () => {} };
  const file = journal.begin({ urn, backend: backend.name, location: backend.location, name, nameIsDrawn });
  return {
    nameIsDrawn,
    announce: (id) => journal.name(file, id),
    orphaned: (what) => journal.orphaned(file, what),
    drop: () => journal.drop(file),
  };
}

/** Pulumi stores nothing that arrives after it told the process to end, so nobody would know of this container. */
async function undo(made: Observed, backend: Backend, report: Report): Promise<never> {
  const { id } = made;
  await backend.delete(id, made, report).catch((error: Error) => {
    throw new UnknownOutcomeError(
      "OC0000",
      `Container ${id} was made while Pulumi ended, and could not be removed again: ${error.message}`,
      "Run the same command again",
    );
  });
  throw new BackendError(
    "OC0000",
    `Container ${id} was made while Pulumi ended, and was removed again`,
    "Run the same command again",
  );
}

/** The resource's own name and random hex, as Pulumi names what has no name. */
function autoName(urn: unknown): string {
  const logicalName = typeof urn === "string" ? urn.split("::").slice(3).join("::") : "container";
  return `${logicalName.slice(0, 240)}-${randomBytes(4).toString("hex")}`;
}

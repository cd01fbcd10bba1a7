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
import { nameOf } from "../model/urn";
import type { Journal } from "./journal/journal";
import { removeOrphans } from "./journal/orphans";

export interface Created {
  id: string;
  outs: Record<string, unknown>;
}

/** The container exists but is not as requested: state keeps its id, and the next `up` repairs it. */
export class PartialFailure extends Error {
  constructor(
    readonly id: string,
    readonly properties: Record<string, unknown>,
    readonly reasons: string[],
  ) {
    super(reasons.join(" "));
  }
}

/** The run that a create is a part of. */
export interface CreateOptions {
  backend: Backend;
  journal: Journal;
  report: Report;
  /** Aborted when Pulumi ends the process. */
  ending: AbortSignal;
}

/**
 * Creates the container that `check` accepted.
 * @throws PartialFailure where it exists, but not as requested
 * @throws BackendError where it does not exist, or where that is not known
 */
export async function create(inputs: Record<string, unknown>, options: CreateOptions): Promise<Created> {
  const { backend, journal, report, ending } = options;
  const { __urn: urn, __provider, __providerUrn, __secretArguments, __import, ...args } = inputs;
  const container = containerSchema.parse(args);
  const named = { ...container, name: container.name ?? autoName(urn) };
  const nameIsDrawn = container.name === undefined;
  const requested = recordFrom({
    ...named,
    __urn: urn,
    __autoName: nameIsDrawn,
    __providerUrn,
    __secretArguments,
    __import,
  });
  if (requested.__urn) await removeOrphans(requested.__urn, backend, journal, report);
  const { drop, ...context } = beginEntry(requested.__urn, named.name, nameIsDrawn, options);
  try {
    const observed = await backend.create(named, interruptible(report), context);
    if (ending.aborted) await undo(observed, backend, report);
    return { id: observed.id, outs: outputsOf(observed, backend, requested) };
  } catch (error) {
    if (!(error instanceof PartialCreateError)) {
      if (!(error instanceof UnknownOutcomeError)) drop();
      throw error;
    }
    // Diff decides by this status: a refresh clears Pulumi's own mark of failure although nothing was repaired.
    const partial = {
      ...named,
      id: error.containerId,
      status: "provisioning",
      createdAt: Math.floor(Date.now() / 1000),
    };
    // The host adds `__provider` to what succeeds, and not to this.
    const properties = withSecretsMarked(defined({ ...outputsOf(partial, backend, requested), __provider }));
    throw new PartialFailure(partial.id, properties, [error.message]);
  }
}

/**
 * At the first Ctrl-C Pulumi waits for creates that have begun and stores them, and does not signal the provider; at the
 * second one it does neither.
 */
function interruptible(report: Report): Report {
  return {
    ...report,
    progress: (text) => report.progress(`${text} (press Ctrl-C once only: Pulumi then waits for this and stores it)`),
  };
}

/** Without a URN there is no entry, as no later run could find it. */
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
    announce: (id) => journal.setId(file, id),
    orphaned: (orphan) => journal.orphaned(file, orphan),
    drop: () => journal.drop(file),
  };
}

/** Pulumi stores no answer that arrives after it signals the process to end, so this container would be orphaned. */
async function undo(created: Observed, backend: Backend, report: Report): Promise<never> {
  const { id } = created;
  await backend.delete(id, created, report).catch((error: Error) => {
    throw new UnknownOutcomeError(
      "OC2014",
      `Container ${id} was created while Pulumi was shutting down, and could not be removed: ${error.message.replace(/\.$/, "")}`,
      "Run the same command again",
    );
  });
  throw new BackendError(
    "OC2013",
    `Container ${id} was created while Pulumi was shutting down, and was removed again`,
    "Run the same command again",
  );
}

/** The resource's own name and random hex digits, as in Pulumi's auto-naming. */
function autoName(urn: unknown): string {
  const logicalName = typeof urn === "string" ? nameOf(urn) : "container";
  return `${logicalName.slice(0, 240)}-${randomBytes(4).toString("hex")}`;
}

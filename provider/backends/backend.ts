import { type Code, coded } from "../codes";
import type { SettingSources } from "../config";
import type { BackendName, Container } from "../model/container";
import type { Problem } from "../model/problems";
import type { ContainerRecord, Observed } from "../model/record";

/** A warning, for the person at the terminal. */
export interface Warning {
  code: Code;
  text: string;
}

/** A kind of backend: its rules for arguments and settings. */
export interface BackendKind {
  /** The arguments, or combinations of them, that this backend cannot apply: refused before anything is created. */
  unsupported(container: Record<string, unknown>): Problem[];
  /**
   * What a person should know before such a container is created.
   * @param secretArguments the arguments that the program made secret, of which nothing is quoted
   */
  warnings(container: Record<string, unknown>, secretArguments: readonly string[]): Warning[];
  /** A backend of this kind with its settings, none of which is validated yet. */
  configured(sources: SettingSources): ConfiguredBackend;
}

/** A backend that is not opened yet. Two with equal settings are deeply equal, so that an opened one can be used again. */
export interface ConfiguredBackend {
  /**
   * What a person should know of the connection that the settings describe, before anything is sent over it.
   * @throws BackendError where the settings are wrong
   */
  connectionWarnings(): Warning[];
  /**
   * @param ending aborted when Pulumi shuts down: calls that wait are cancelled, calls in progress are completed
   * @throws UnreachableError where a setting is missing or wrong, or the backend does not answer
   */
  open(ending: AbortSignal): Promise<Backend>;
}

/** The part of a record that helps to find a container, or to say that it is at another location; empty for a bare id. */
export type Known = Pick<ContainerRecord, "name" | "createdAt" | "project">;

/** The record of a container that is to be repaired, with the arguments that it was requested with. */
export type Recorded = Known & {
  memoryLimit?: string | undefined;
  networkPolicy?: unknown;
  expiresAfter?: { anchor: string; minutes: number } | undefined;
  fileIds?: readonly string[] | undefined;
  skills?: readonly unknown[] | undefined;
  docker?: unknown;
};

/** The status of a container that is past its idle time, and whose watchdog does not answer: it is to be replaced. */
export const unwatched = "unwatched";

/** The status of a container that can connect to its backend's host, as an earlier build created it: it is to be replaced. */
export const exposed = "exposed";

/**
 * The containers of one location: of an account of the API, or of a Docker engine. `status`, `observe`, `activity` and
 * `list` only read: a preview and a refresh call them, and change nothing.
 *
 * Every method that returns a promise throws an UnreachableError where the backend does not answer or refuses the
 * credentials, and a BackendError for any other failure that it expects; further errors stand at the methods.
 */
export interface Backend {
  readonly name: BackendName;
  /** Identifies the location. Recorded with each container, so that another location is never taken for an empty one. */
  readonly location: string;
  /** The settings that decide the location, for messages: environment variables, and keys of the stack. */
  readonly locationSettings: { readonly environment: string; readonly stack: string };
  /** The statuses that `repair` repairs, keeping the container's files, each with a text that says how. */
  readonly repairable: ReadonlyMap<string, string>;
  /**
   * Creates a container and starts it. A create that fails removes what it created.
   * @throws PartialCreateError where it failed, and could not be removed
   * @throws UnknownOutcomeError where it is not known whether there is a container now
   */
  create(container: Container & { name: string }, report: Report, context: CreateContext): Promise<Observed>;
  /**
   * The status of a container, or undefined where it is gone. Cheap for many: one request for all of them serves a whole
   * run, and a container that its answer does not list as running is read by itself.
   * @throws BackendError where the container belongs to another project than the run's key
   */
  status(id: string, known: Known, report: Report): Promise<string | undefined>;
  /**
   * A container's live state, or undefined where it is gone. Reading it does not prolong its life.
   * @throws BackendError where the container belongs to another project than the run's key
   */
  observe(id: string, known: Known, report: Report): Promise<Observed | undefined>;
  /**
   * The id of the image that a name stands for now; undefined where that is not known. One request for each name serves a
   * whole run. Only a backend whose containers have images has it.
   */
  imageId?(name: string): Promise<string | undefined>;
  /**
   * When a container was last in use; undefined where it is gone.
   * @throws BackendError where the container belongs to another project than the run's key
   */
  activity(id: string, known: Known, report: Report): Promise<Activity | undefined>;
  /**
   * All containers, or all of a name, newest first. Expired ones are listed as long as the backend remembers them.
   * @throws BackendError where there are more than can be read
   */
  list(name: string | undefined, report: Report): Promise<(Observed & Activity)[]>;
  /**
   * Every container of the location as a candidate for an import, also those that this package did not create, newest
   * first. Reading them prolongs no life.
   * @throws BackendError where there are more than can be read
   */
  candidates(report: Report): Promise<Candidate[]>;
  /**
   * The container of an id as a candidate; undefined where it is gone. On Docker also of a name, or of the beginning of an
   * id: `observed.id` is then the id.
   */
  candidate(id: string, report: Report): Promise<Candidate | undefined>;
  /**
   * Repairs a container that stopped, lost a part of its surroundings, or was created in part.
   * @throws BackendError where it is gone, where its record is incomplete, or where it cannot be repaired
   */
  repair(id: string, recorded: Recorded, report: Report): Promise<Observed>;
  /**
   * Removes a container with all that was created for it. One that is gone already is no error.
   * @throws BackendError where it cannot be removed, or belongs to another project than the run's key
   */
  delete(id: string, known: Known, report: Report): Promise<void>;
  /**
   * Removes the container of a create that was interrupted, if it was created.
   * @returns the ids of the containers that may be it, where that is not certain; these stay
   * @throws BackendError where it cannot be removed
   */
  removePending(pending: PendingCreate, report: Report): Promise<string[]>;
}

/** A container as a candidate for an import. */
export interface Candidate {
  observed: Observed & Activity;
  /** Why it cannot be imported, all reasons, each a clause: `it is stopped (docker start box)`. Empty where it can be. */
  refusals: readonly string[];
  /** What a container that this package created has and this one has not, each a noun: `idle expiry`. */
  missing: readonly string[];
  /** On Docker, the names and ids by which a program may name its image, besides `observed.docker.image`. */
  imageNames?: readonly string[];
  /** On Docker, the runtime of a container that names none. */
  defaultRuntime?: string;
  /** The names of its domain secrets, where the backend knows them. None knows their values. */
  secretNames?: readonly string[];
}

/** When a container was last in use, in Unix seconds by its backend's clock; less where the backend tells less. */
export interface Activity {
  /** Of a container that nobody has used yet: when it was created, or started again. */
  lastActiveAt?: number;
  /** When it was started, where that is not when it was created. */
  startedAt?: number;
  /** When it expired. */
  expiredAt?: number;
  /** The time of the backend's clock when it reported this. */
  reportedAt: number;
}

/** What a backend knows of a create, and reports while it goes on. */
export interface CreateContext {
  /** Whether the name is auto-generated, so that no other container has it. */
  nameIsDrawn: boolean;
  /** Takes the id as soon as it is known: on Docker just before the container is requested. */
  announce(id: string): void;
  /** Takes, before the id is announced, what this create may have made besides and could not remove. */
  orphaned(orphan: Orphan): void;
}

/** The id of an orphaned container; or, where that is not known, the id of the one of its name that is no orphan. */
export type Orphan = { id: string } | { besides: string };

/** A create that an interrupted run began, and whose outcome is not known. */
export interface PendingCreate {
  name: string;
  /** Whether the name is auto-generated, so that no other container has it. */
  nameIsDrawn: boolean;
  /** When its request was sent, where the id is known, or when it began; in milliseconds since the epoch. */
  time: number;
  id?: string | undefined;
  /** The id of a container of this name that is no orphan. */
  besides?: string | undefined;
}

/** Messages for the person who runs Pulumi. */
export interface Report {
  /** What is being waited for, at the resource; the next one takes its place. */
  progress(text: string): void;
  /** Concerns one resource: shown at the resource, once for each resource and run. */
  warning(code: Code, text: string): void;
  /** Concerns all containers of a run, as a backend that cannot be reached: shown at the stack, once a run. */
  runWarning(code: Code, text: string): void;
}

/** A failure that a person can act on: what happened, and what to do. */
export class BackendError extends Error {
  override readonly name = "BackendError";
  constructor(
    readonly code: Code,
    readonly what: string,
    readonly advice: string,
    options?: ErrorOptions,
  ) {
    super(coded(code, `${what}. ${advice}.`), options);
  }
}

/** The backend cannot be reached, or not be used with these settings, so nothing is known of its containers. */
export class UnreachableError extends BackendError {}

/** A create whose outcome is not known. */
export class UnknownOutcomeError extends BackendError {}

/** A create that failed and could not be undone: the container exists in part. */
export class PartialCreateError extends Error {
  override readonly name = "PartialCreateError";
  constructor(
    readonly containerId: string,
    cause: Error,
    removal: Error,
  ) {
    const what = `Container ${containerId} was created only in part: ${cause.message}`;
    super(coded("OC2012", `${what} Removing it failed, too: ${removal.message}`), { cause });
  }
}

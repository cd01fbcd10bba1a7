import { type Code, coded } from "../codes";
import type { Settings } from "../config";
import type { BackendName, Container } from "../model/container";
import type { Problem } from "../model/problems";
import type { ContainerRecord, Observed } from "../model/record";

/** A warning, for the person at the terminal. */
export interface Warning {
  code: Code;
  text: string;
}

/** A kind of backend: what is known of it before one is opened, and how to open one. */
export interface BackendKind {
  /** The arguments, or combinations of them, that this backend cannot apply: refused before anything is created. */
  unsupported(container: Record<string, unknown>): Problem[];
  /**
   * What a person should know before such a container is created.
   * @param secretArguments the arguments that the program made secret, of which nothing is quoted
   */
  warnings(container: Record<string, unknown>, secretArguments: readonly string[]): Warning[];
  /**
   * What a person should know of the connection that the settings describe, before anything is sent over it.
   * @throws BackendError where the settings are wrong
   */
  connectionWarnings(settings: Settings): Warning[];
  /**
   * @param ending aborted when Pulumi shuts down: calls that wait are cancelled, calls in progress are completed
   * @throws UnreachableError where a setting is missing or wrong, or the backend does not answer
   */
  open(settings: Settings, ending: AbortSignal): Promise<Backend>;
}

/** What is recorded of a container that helps to find it, or to say that it is somewhere else; nothing for a bare id. */
export type Known = Pick<ContainerRecord, "name" | "createdAt" | "project">;

/** What is recorded of a container that is to be mended, with what no backend tells. */
export type Recorded = Known & { networkPolicy?: unknown; docker?: unknown };

/** The status of a container that outlived its time, and whose watchdog does not answer: it is to be replaced. */
export const unwatched = "unwatched";

/** The status of a container that could send to its backend's host, as an earlier version made it: it is to be replaced. */
export const exposed = "exposed";

/**
 * A place where containers live: an account of the API, or a Docker engine. `status`, `observe`, `activity` and `list`
 * only read: a preview and a refresh call them, and change nothing.
 */
export interface Backend {
  readonly name: BackendName;
  /** Identifies the place. Recorded with each container, so that another place is never taken for an empty one. */
  readonly location: string;
  /** The statuses that `repair` mends, keeping the container's files, and what it does then. */
  readonly repairable: ReadonlyMap<string, string>;
  /**
   * Makes a container and starts it. A create that fails removes what it made.
   * @throws HalfMadeError where that, too, failed
   * @throws UnknownOutcomeError where it is not known whether there is one now
   */
  create(container: Container & { name: string }, report: Report, making: CreateContext): Promise<Observed>;
  /**
   * The status that a container has, or undefined where it is gone. Cheap for many: one look at all of them serves a
   * whole run, and what that look tells of none, or of none that runs, is asked for by itself.
   */
  status(id: string, known: Known, report: Report): Promise<string | undefined>;
  /** What is there now, or undefined. As with every look, it prolongs no life. */
  observe(id: string, known: Known, report: Report): Promise<Observed | undefined>;
  /** When a container was last in use; undefined where it is gone. */
  activity(id: string, known: Known, report: Report): Promise<Activity | undefined>;
  /**
   * All that is there, or all of a name, newest first. What has expired is told as long as the place remembers it.
   * @throws BackendError where that is more than can be read
   */
  list(name: string | undefined, report: Report): Promise<(Observed & Activity)[]>;
  /** Mends a container that stopped, lost a part of its surroundings, or was left half made. */
  repair(id: string, recorded: Recorded, report: Report): Promise<Observed>;
  /** Removes a container with all it holds. What is gone already is no error. */
  delete(id: string, known: Known, report: Report): Promise<void>;
  /**
   * Removes what a create made that was cut short, if it got so far.
   * @returns the ids of what may be it, where that cannot be told
   */
  removePending(left: PendingCreate, report: Report): Promise<string[]>;
}

/** When a container was last in use, in Unix seconds by its backend's clock; less where the backend tells less. */
export interface Activity {
  /** Of a container that nobody has used yet: when it was created, or started again. */
  lastActiveAt?: number;
  /** When it was started, where that is not when it was created. */
  startedAt?: number;
  /** When it expired. */
  expiredAt?: number;
  /** What the backend's clock showed when it told this. */
  reportedAt: number;
}

/** What a backend is told of a create, and tells. */
export interface CreateContext {
  /** Whether nothing else has this name, so that what has it is what this call made. */
  nameIsDrawn: boolean;
  /** Is told the id as soon as it is known: on Docker just before the container is requested. */
  announce(id: string): void;
  /** Is told, before the id is announced, of what this call may have created besides and could not remove. */
  orphaned(what: Orphan): void;
}

/** The id of a container; or, where that is not known, the id of the one of its name that is no orphan. */
export type Orphan = { id: string } | { besides: string };

/** A create of which only its beginning is known. */
export interface PendingCreate {
  name: string;
  nameIsDrawn: boolean;
  /** When its request was sent, where the id is known, or when it began; in milliseconds since the epoch. */
  time: number;
  id?: string | undefined;
  /** The id of a container of this name that is no orphan. */
  besides?: string | undefined;
}

/** Tells the person at the terminal. */
export interface Report {
  /** What is being waited for, at the resource; the next one takes its place. */
  progress(text: string): void;
  /** What concerns one resource: at the resource, once for each resource and run. */
  warning(code: Code, text: string): void;
  /** What all containers of a run share, as a backend that cannot be reached: at the stack, once a run. */
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

/** The backend cannot be reached or used as it is set, so nothing is known of what it holds. */
export class UnreachableError extends BackendError {}

/** A create of which nobody knows what came of it. */
export class UnknownOutcomeError extends BackendError {}

/** A create that failed and could not be undone: the container exists, in part. */
export class PartialCreateError extends Error {
  override readonly name = "HalfMadeError";
  constructor(
    readonly containerId: string,
    cause: Error,
    cleanUp: Error,
  ) {
    super(`${cause.message} It could not be removed again either: ${cleanUp.message}`, { cause });
  }
}

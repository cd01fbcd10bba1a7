import { type Code, coded } from "../codes";
import type { Settings } from "../config";
import type { BackendName, Container } from "../model/container";
import type { Problem } from "../model/problems";
import type { ContainerRecord, Observed } from "../model/record";

/** What can be said of a kind of place before one is opened, and the way to open it. */
export interface BackendKind {
  /** What of these arguments this kind cannot honour: refused before anything is made, never ignored. */
  unsupported(container: Record<string, unknown>): Problem[];
  /**
   * What somebody should know before such a container is made.
   * @param secretArguments the arguments that the program made secret, of which nothing is quoted
   */
  warnings(container: Record<string, unknown>, secretArguments: readonly string[]): string[];
  /** What of the way to the place that the settings name somebody should know before anything is sent there. */
  connectionWarnings(settings: Settings): string[];
  /**
   * @param ending aborted when Pulumi ends the process: what waits then is given up, what is under way is finished
   * @throws UnreachableError
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

import type { Settings } from "../config";
import type { BackendName, Container } from "../model/container";
import type { Problem } from "../model/problems";
import type { Observed } from "../model/record";

/** What can be said of a kind of place before one is opened, and the way to open it. */
export interface BackendKind {
  /** What of these arguments this kind cannot honour: refused before anything is made, never ignored. */
  refusals(container: Record<string, unknown>): Problem[];
  /** @throws UnreachableError */
  open(settings: Settings): Promise<Backend>;
}

/** A place where containers live: an account of the API, or a Docker engine. */
export interface Backend {
  readonly name: BackendName;
  /** Identifies the place. Recorded with each container, so that another place is never taken for an empty one. */
  readonly location: string;
  /**
   * Makes a container and starts it. A create that fails removes what it made.
   * @throws HalfMadeError where that, too, failed
   */
  create(container: Container & { name: string }, report: Report): Promise<Observed>;
  /** What is there now, or undefined. Looking changes nothing. */
  observe(id: string): Promise<Observed | undefined>;
  /** Mends a container that stopped or was left half made, keeping its files. */
  repair(id: string): Promise<Observed>;
  /** Removes a container with all it holds. What is gone already is no error. */
  delete(id: string): Promise<void>;
}

/** Tells the person at the terminal, at the resource's own line. */
export interface Report {
  /** What is being waited for; the next one takes its place. */
  progress(text: string): void;
  warning(text: string): void;
}

/** A failure that a person can act on: what happened, and what to do. */
export class BackendError extends Error {
  override readonly name = "BackendError";
  constructor(what: string, advice: string, options?: ErrorOptions) {
    super(`${what}. ${advice}.`, options);
  }
}

/** The backend cannot be reached or used as it is set, so nothing is known of what it holds. */
export class UnreachableError extends BackendError {}

/** A create that failed and could not be undone: the container exists, in part. */
export class HalfMadeError extends Error {
  override readonly name = "HalfMadeError";
  constructor(
    readonly containerId: string,
    cause: Error,
    cleanUp: Error,
  ) {
    super(`${cause.message} It could not be removed again either: ${cleanUp.message}`, { cause });
  }
}

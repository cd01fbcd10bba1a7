import type { Clock } from "./clock";
import type { ContainerResource } from "./container-resource";
import type { CreateContainerBody } from "./create-container-body";
import type { Fault } from "./fault";

export interface EmulatorOptions {
  /** Default: any free one. */
  port?: number;
  /** Default: the system's. */
  clock?: Clock;
  /** How many requests of one organisation are accepted in any 60 seconds. Default: 100. */
  requestsPerMinute?: number;
  /** The largest `expires_after.minutes`, as the hosted service refuses more. Default: 20. */
  maximumMinutes?: number;
  /** The organisation's allow list. Left out, every domain is allowed. */
  organizationDomains?: readonly string[];
  /** The API keys that are accepted. Left out, any that is not empty. */
  keys?: readonly string[];
  /** The project of each key, for requests that name none in a header. Left out, such a request is of no project. */
  projects?: Readonly<Record<string, string>>;
  /** How long a new container is missing from lists, and a deleted one still stands in them. Default: 0. */
  listLagSeconds?: number;
  /** Is told of each request, just before its answer goes. */
  onRequest?(request: LoggedRequest): void;
}

/** A request to the API, and what became of it. Bodies and headers are never kept. */
export interface LoggedRequest {
  /** When it had come in, in milliseconds since the epoch, by the emulator's clock. */
  at: number;
  method: string;
  path: string;
  /** Without the question mark; may be empty. */
  query: string;
  /** `cut` where no whole answer was sent. */
  status: number | "cut";
  requestId: string;
  /** `<organisation or ->/<project or ->` */
  account: string;
}

/** A running emulator. Where an account is asked for, the default is `-/-`: no organisation and no project named. */
export interface Emulator {
  /** `http://127.0.0.1:43117/v1` */
  readonly baseUrl: string;
  /** In the order in which they were answered. */
  readonly requests: readonly LoggedRequest[];
  fault(fault: Fault): void;
  clearFaults(): void;
  /**
   * Everything that was ever made in an account and is not deleted, expired ones included, newest first, as the API
   * would tell it. It is no request, and changes nothing.
   */
  containers(account?: string): ContainerResource[];
  /** What a container was made with, deleted or not: the validated body, with all that the API never tells. */
  bodyOf(id: string): CreateContainerBody | undefined;
  /**
   * Puts containers there as if somebody had made them at some time: `created_at` is now and `last_active_at` is
   * `created_at` unless given.
   * @returns their ids, in order
   * @throws Error for an id that is there already
   */
  seed(containers: readonly Partial<ContainerResource>[], account?: string): string[];
  /**
   * Marks a container as active now, as using it would.
   * @throws Error for one that is not there or has expired
   */
  touch(id: string): void;
  /**
   * Ends a container, as if its time were over.
   * @throws Error for one that is not there
   */
  expire(id: string): void;
  /** Ends the server and every connection. */
  stop(): Promise<void>;
}

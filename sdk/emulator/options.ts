import type { Clock } from "./clock";
import type { ContainerResource } from "./containers/container-resource";
import type { CreateContainerBody } from "./containers/create-container-body";
import type { Fault } from "./faults/fault";

export interface EmulatorOptions {
  /** Default: any free port. */
  port?: number;
  /** Default: the system clock. */
  clock?: Clock;
  /** The requests that an organization may send in any 60 seconds. Default: 100. */
  requestsPerMinute?: number;
  /** The largest accepted `expires_after.minutes`. Default: 20, the limit of the hosted API. */
  maximumMinutes?: number;
  /** The organization's allow list. Without it every domain is allowed. */
  organizationDomains?: readonly string[];
  /** The accepted API keys. Without them any non-empty key is accepted. */
  keys?: readonly string[];
  /** The project of each API key, for requests without a project header. */
  projects?: Readonly<Record<string, string>>;
  /** How long a new container is missing from lists, and a deleted container is still listed. Default: 0. */
  listLagSeconds?: number;
  /** Called for each request just before its response is sent. */
  onRequest?(request: LoggedRequest): void;
}

/** A request to the API and its outcome. Bodies and headers are never recorded. */
export interface LoggedRequest {
  /** When the request was received, in milliseconds since the epoch by the emulator's clock. */
  at: number;
  method: string;
  path: string;
  /** Without the question mark; may be empty. */
  query: string;
  /** `cut` where no complete response was sent. */
  status: number | "cut";
  requestId: string;
  /** `<organization or ->/<project or ->` */
  account: string;
}

/** A running emulator. The default of an `account` is `-/-`: requests without an organization and a project. */
export interface Emulator {
  /** `http://127.0.0.1:43117/v1` */
  readonly baseUrl: string;
  /** In the order of the responses. */
  readonly requests: readonly LoggedRequest[];
  /** Adds a fault. */
  fault(fault: Fault): void;
  clearFaults(): void;
  /**
   * All containers of an account that are not deleted, including expired ones, newest first, as the API would report
   * them. This is not a request and has no effect.
   */
  containers(account?: string): ContainerResource[];
  /** The validated body of a container's create request, with the fields that the API never reports; also after a delete. */
  bodyOf(id: string): CreateContainerBody | undefined;
  /**
   * Adds existing containers. Unless given, `created_at` is now and `last_active_at` is `created_at`.
   * @returns their ids, in order
   * @throws Error for an id that exists already
   */
  seed(containers: readonly Partial<ContainerResource>[], account?: string): string[];
  /**
   * Adds a file to an account, as an upload would.
   * @param given Its default purpose is `user_data`. An existing file of the same id is replaced
   * @returns its id
   */
  addFile(given: { id?: string; name: string; content: string | Buffer; purpose?: string }, account?: string): string;
  /**
   * Marks a container as active now, as using it would.
   * @throws Error for a container that does not exist or has expired
   */
  touch(id: string): void;
  /**
   * Expires a container now.
   * @throws Error for a container that does not exist
   */
  expire(id: string): void;
  /** Stops the server and closes every connection. */
  stop(): Promise<void>;
}

import type { Input } from "@pulumi/pulumi";
import type { Backend } from "./container-args";

/** The arguments of {@link getContainer}: exactly one of `id` and `name`. */
export interface GetContainerArgs {
  /** The container's id, `cntr_…`. Its status may be any, `expired` included. */
  readonly id?: string | undefined;
  /** The name of a container, the only unexpired one of that name: names need not be unique. */
  readonly name?: string | undefined;
  /** The backend that has it. Default: the stack's `openai-containers:backend`, or else `openai`. */
  readonly backend?: Backend | undefined;
}

/** {@link GetContainerArgs} with inputs. */
export interface GetContainerOutputArgs {
  /** The container's id, `cntr_…`. Its status may be any, `expired` included. */
  readonly id?: Input<string | undefined>;
  /** The name of a container, the only unexpired one of that name: names need not be unique. */
  readonly name?: Input<string | undefined>;
  /** The backend that has it. Default: the stack's `openai-containers:backend`, or else `openai`. */
  readonly backend?: Input<Backend | undefined>;
}

/** The filters of {@link getContainers}, all of which a container has to meet. */
export interface GetContainersArgs {
  /** Only containers of exactly this name. Default: of any. */
  readonly name?: string | undefined;
  /** Only containers of exactly this {@link GetContainerResult.status}. Default: of any, `expired` included. */
  readonly status?: string | undefined;
  /** The backend that has them. Default: the stack's `openai-containers:backend`, or else `openai`. */
  readonly backend?: Backend | undefined;
}

/** {@link GetContainersArgs} with inputs. */
export interface GetContainersOutputArgs {
  /** Only containers of exactly this name. Default: of any. */
  readonly name?: Input<string | undefined>;
  /** Only containers of exactly this {@link GetContainerResult.status}. Default: of any, `expired` included. */
  readonly status?: Input<string | undefined>;
  /** The backend that has them. Default: the stack's `openai-containers:backend`, or else `openai`. */
  readonly backend?: Input<Backend | undefined>;
}

/** A container's live state. A property that may be undefined is not reported by every service. */
export interface GetContainerResult {
  /** `cntr_…`; on Docker also the name of the engine's container. */
  readonly id: string;
  /** Always `container`. */
  readonly object: string;
  /** Need not be unique. */
  readonly name: string;
  /**
   * Hosted, the API's own word, such as `running`, `active` or `expired`. On Docker `running`, `paused`, `stopped` (`up`
   * would start it again), `expired`, `disconnected` (the gateway of its allow list does not run), `unwatched` (its watchdog
   * does not answer) or `exposed` (on a network of an earlier build).
   */
  readonly status: string;
  /** When it was created, in Unix seconds by its backend's clock. */
  readonly createdAt: number;
  /**
   * When it was last in use, in Unix seconds by its backend's clock. Undefined where that is not known: hosted, of a
   * container that is not in the account's lists; on Docker, of a stopped one.
   */
  readonly lastActiveAt: number | undefined;
  /** `1g`, `4g`, `16g` or `64g`, in GiB; any other text where somebody changed the limit on an engine. */
  readonly memoryLimit: string | undefined;
  /** The domains that it may reach. Domain secrets are never reported. */
  readonly networkPolicy: { type: string; allowedDomains?: string[] } | undefined;
  /** The number of idle minutes after which it expires. */
  readonly expiresAfter: { anchor: string; minutes: number } | undefined;
  /** The backend that it runs on. */
  readonly backend: Backend;
  /** The account of the API, or the engine, that has it. */
  readonly location: string;
  /** On Docker, the image that it was created from, as it was named, and its runtime, if that is not the engine's default. */
  readonly docker: { image: string; runtime?: string | undefined } | undefined;
  /** On Docker, the id of the image: `sha256:…`. */
  readonly imageId: string | undefined;
  /** On the hosted API, the project that it belongs to: `proj_…`. Another service may not report it. */
  readonly project: string | undefined;
}

/** The result of {@link getContainers}. */
export interface GetContainersResult {
  /** The newest first. */
  readonly containers: GetContainerResult[];
}

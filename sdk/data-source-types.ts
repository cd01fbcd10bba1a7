import type { Input } from "@pulumi/pulumi";
import type { Backend } from "./container-args";

/** What {@link getContainer} looks for: exactly one of `id` and `name`. */
export interface GetContainerArgs {
  /** The container's id, `cntr_…`. It is found whatever its status is, an expired one included. */
  readonly id?: string | undefined;
  /** The name of a container that is alive, the only one of that name: names need not be unique. */
  readonly name?: string | undefined;
  /** Where it is looked for. Default: the stack's `openai-containers:backend`, or else `openai`. */
  readonly backend?: Backend | undefined;
}

/** {@link GetContainerArgs} with inputs. */
export interface GetContainerOutputArgs {
  /** The container's id, `cntr_…`. It is found whatever its status is, an expired one included. */
  readonly id?: Input<string | undefined>;
  /** The name of a container that is alive, the only one of that name: names need not be unique. */
  readonly name?: Input<string | undefined>;
  /** Where it is looked for. Default: the stack's `openai-containers:backend`, or else `openai`. */
  readonly backend?: Input<Backend | undefined>;
}

/** Which containers {@link getContainers} tells of: those that are as all of these say. */
export interface GetContainersArgs {
  /** Those of exactly this name. Default: of any. */
  readonly name?: string | undefined;
  /** Those of exactly this {@link GetContainerResult.status}. Default: of any, expired ones included. */
  readonly status?: string | undefined;
  /** Where they are looked for. Default: the stack's `openai-containers:backend`, or else `openai`. */
  readonly backend?: Backend | undefined;
}

/** {@link GetContainersArgs} with inputs. */
export interface GetContainersOutputArgs {
  /** Those of exactly this name. Default: of any. */
  readonly name?: Input<string | undefined>;
  /** Those of exactly this {@link GetContainerResult.status}. Default: of any, expired ones included. */
  readonly status?: Input<string | undefined>;
  /** Where they are looked for. Default: the stack's `openai-containers:backend`, or else `openai`. */
  readonly backend?: Input<Backend | undefined>;
}

/** A container as its backend tells it now. What may be undefined is not told by every service. */
export interface GetContainerResult {
  /** `cntr_…`; on Docker also the engine's name of it. */
  readonly id: string;
  /** Always `container`. */
  readonly object: string;
  /** Need not be unique. */
  readonly name: string;
  /**
   * Hosted, the API's own word, such as `running`, `active` or `expired`. On Docker `running`, `stopped` (`up` would
   * start it again) or `expired`.
   */
  readonly status: string;
  /** When it was made, in Unix seconds by its backend's clock. */
  readonly createdAt: number;
  /**
   * When it was last in use, in Unix seconds by its backend's clock. Undefined where nobody can tell: hosted, of a
   * container that the account's lists do not tell of; on Docker, of one that is stopped.
   */
  readonly lastActiveAt: number | undefined;
  /** `1g`, `4g`, `16g` or `64g`, in GiB; what else it is, where somebody changed the limit on an engine. */
  readonly memoryLimit: string | undefined;
  /** What it may reach. Domain secrets are never told. */
  readonly networkPolicy: { type: string; allowedDomains?: string[] } | undefined;
  /** After how many idle minutes it expires. */
  readonly expiresAfter: { anchor: string; minutes: number } | undefined;
  /** Where it runs. */
  readonly backend: Backend;
  /** The place where it lives: the API's account, or the engine. */
  readonly location: string;
  /** On Docker, the image that it was made of, as it was named. */
  readonly docker: { image: string } | undefined;
  /** On Docker, the id of the image: `sha256:…`. */
  readonly imageId: string | undefined;
  /** On the hosted API, the project that it belongs to: `proj_…`. Another service may not tell. */
  readonly project: string | undefined;
}

/** What {@link getContainers} tells. */
export interface GetContainersResult {
  /** The newest first. */
  readonly containers: GetContainerResult[];
}

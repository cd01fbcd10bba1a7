import * as pulumi from "@pulumi/pulumi";
import { runError } from "./coded";
import type { Backend } from "./container-args";
import { stackSettings } from "./stack-settings";
import { urnOf } from "./urn";

const pluginPackage = "pulumi-nodejs"; // of Pulumi's dynamic providers

/**
 * The settings of a {@link Provider}. One that is left out is the environment's or the stack's, as without a provider:
 * `OPENAI_API_KEY`, `openai-containers:apiKey`. Changing one updates the provider and replaces no container.
 */
export interface ProviderArgs {
  /** Where containers run that name no backend. Default: the stack's `openai-containers:backend`, or else `openai`. */
  readonly backend?: pulumi.Input<Backend | undefined>;
  /** Whether previews and `up` read the live state of containers. Default: `true`. */
  readonly liveness?: pulumi.Input<boolean | undefined>;
  /**
   * The key of the hosted API; always a Pulumi secret. With it, `organization` and `project` are this provider's own
   * too: the environment's and the stack's belong to another key. Default: `OPENAI_API_KEY`.
   */
  readonly apiKey?: pulumi.Input<string | undefined>;
  /** The address of the API. Default: `OPENAI_BASE_URL`, or else `https://api.openai.com/v1`. */
  readonly baseUrl?: pulumi.Input<string | undefined>;
  /** The organization, where the key has several. Default: `OPENAI_ORG_ID`. */
  readonly organization?: pulumi.Input<string | undefined>;
  /** The project, where the key has several. Default: `OPENAI_PROJECT_ID`. */
  readonly project?: pulumi.Input<string | undefined>;
  /** How many requests a minute a run may make, at least 1. Default: 100. */
  readonly requestsPerMinute?: pulumi.Input<number | undefined>;
  /**
   * Whether to keep a container whose allow list the service does not confirm: for services known to apply it. OpenAI's
   * own confirms it. Default: `false`.
   */
  readonly acceptUnconfirmedNetworkPolicy?: pulumi.Input<boolean | undefined>;
  /**
   * The address of the Docker engine: `unix:///run/docker.sock`, `tcp://10.1.2.3:2376`. With it or `dockerContext`,
   * `DOCKER_HOST` and `DOCKER_CONTEXT` do not count. Default: `DOCKER_HOST`.
   */
  readonly dockerHost?: pulumi.Input<string | undefined>;
  /** A context of the Docker client, by name. Default: `DOCKER_CONTEXT`. */
  readonly dockerContext?: pulumi.Input<string | undefined>;
  /** The image with Node of which the gateways of allow lists are made. Default: `node:22-bookworm-slim`. */
  readonly gatewayImage?: pulumi.Input<string | undefined>;
}

/**
 * An explicit provider: two accounts, two engines, or one of each in one program.
 *
 * ```ts
 * const gpu = new Provider("gpu-host", { backend: "docker", dockerHost: "tcp://10.1.2.3:2376" });
 * const sandbox = new Container("sandbox", {}, { provider: gpu });
 * ```
 *
 * A container that moves to another provider is replaced: the new one creates it, and the previous one deletes the old.
 */
export class Provider extends pulumi.ProviderResource {
  /**
   * @param name the resource's name, unique among the stack's providers
   * @param args its settings; they win over the environment and the stack's configuration
   * @param options Pulumi's resource options
   * @throws pulumi.RunError for an unknown argument, and for both `dockerHost` and `dockerContext`
   */
  constructor(name: string, args?: ProviderArgs, options?: pulumi.ResourceOptions) {
    assertKnown(name, args ?? {});
    const urn = urnOf(name, `pulumi:providers:${pluginPackage}`, options?.parent);
    const inputs = { "provider:urn": urn, ...ownInputs(args ?? {}), ...inheritedInputs() };
    super(pluginPackage, name, inputs, options ?? {});
  }
}

const known: Record<keyof ProviderArgs, true> = {
  backend: true,
  liveness: true,
  apiKey: true,
  baseUrl: true,
  organization: true,
  project: true,
  requestsPerMinute: true,
  acceptUnconfirmedNetworkPolicy: true,
  dockerHost: true,
  dockerContext: true,
  gatewayImage: true,
};

/** Pulumi passes any input on to a dynamic provider, so a misspelt setting would have no effect. */
function assertKnown(name: string, args: ProviderArgs): void {
  const unknown = Object.keys(args).filter((key) => !(key in known));
  if (unknown.length > 0)
    throw runError(
      "OC4006",
      `Provider ${name}: unknown argument ${unknown.join(", ")}. Expected one of ${Object.keys(known).join(", ")}.`,
    );
  if (args.dockerHost && args.dockerContext)
    throw runError("OC4007", `Provider ${name}: got both dockerHost and dockerContext. Remove one of them.`);
}

/** Under names that no setting of a stack has, as they win over the environment. Pulumi passes on text alone. */
function ownInputs(args: ProviderArgs): pulumi.Inputs {
  return Object.fromEntries(Object.entries(args).map(([key, value]) => [`provider:${key}`, textOf(key, value)]));
}

function textOf(key: string, value: pulumi.Input<string | number | boolean | undefined>): pulumi.Inputs[string] {
  const text = pulumi
    .output(value)
    .apply((known) => (known === undefined || known === null ? undefined : String(known)));
  return key === "apiKey" ? pulumi.secret(text) : text;
}

/** Pulumi passes no configuration of the stack to an explicit provider. Any of its values may be a secret there. */
function inheritedInputs(): pulumi.Inputs {
  const entries = Object.entries(stackSettings());
  return Object.fromEntries(entries.map(([key, value]) => [`openai-containers:${key}`, pulumi.secret(value)]));
}

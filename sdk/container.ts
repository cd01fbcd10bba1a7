import * as pulumi from "@pulumi/pulumi";
import { absentAsNull } from "./absent-as-null";
import { coded, runError } from "./coded";
import type {
  AllowlistNetworkPolicy,
  Backend,
  ContainerArgs,
  DisabledNetworkPolicy,
  DockerEgress,
  ExpiresAfter,
  InlineSkill,
  MemoryLimit,
  SkillReference,
} from "./container-args";
import { leaveOutDebugTraces } from "./debug-traces";
import { markDomainSecrets } from "./mark-domain-secrets";
import { preflight, preflightGet } from "./preflight";
import { secretArguments } from "./secret-arguments";
import { stackSettings } from "./stack-settings";
import { urnOf } from "./urn";

const type = "pulumi-nodejs:dynamic/openai-containers:Container";

/**
 * What Pulumi's host of dynamic providers evaluates to find the provider. It stands in every state file ever written,
 * so it is a constant that names the package: upgraded code then works on old state, and nothing is serialised.
 */
const providerCode = 'exports.handler=()=>require("pulumi-openai-containers/provider").provider';

/** Pulumi fills in just the outputs whose keys it was given. */
const outputs = {
  object: undefined,
  status: undefined,
  createdAt: undefined,
  location: undefined,
  project: undefined,
  imageId: undefined,
  name: undefined,
  memoryLimit: undefined,
  networkPolicy: undefined,
  expiresAfter: undefined,
  fileIds: undefined,
  skills: undefined,
  backend: undefined,
  docker: undefined,
};

/**
 * A container of the OpenAI Containers API, or the same thing on a Docker engine.
 *
 * ```ts
 * const sandbox = new Container("analysis", { backend: "docker", memoryLimit: "4g" });
 * export const containerId = sandbox.id; // docker exec -it cntr_… sh
 * ```
 *
 * `pulumi up` makes it, replaces it when an argument changes, starts it again when it was stopped, and makes a new one
 * when it expired or is gone.
 */
export class Container extends pulumi.CustomResource {
  /** Always `container`. */
  declare readonly object: pulumi.Output<string>;
  /**
   * As `up` or `refresh` last saw it. Hosted, the API's own word, such as `running` or `active`. On Docker `running`,
   * `paused`, `stopped`, `disconnected` without its gateway, `unwatched`, or `exposed` on a network that version 0.1
   * gave it; `provisioning` where a create failed half-way.
   */
  declare readonly status: pulumi.Output<string>;
  /** Unix seconds. */
  declare readonly createdAt: pulumi.Output<number>;
  /** The place where the container lives: the API's account, or the engine. Another place is never taken for it. */
  declare readonly location: pulumi.Output<string>;
  /** On the hosted API, the project that it belongs to: `proj_…`. Another service may not tell. */
  declare readonly project: pulumi.Output<string | null>;
  /** On Docker, the id of the image: `sha256:…`. */
  declare readonly imageId: pulumi.Output<string | null>;
  declare readonly name: pulumi.Output<string>;
  declare readonly memoryLimit: pulumi.Output<MemoryLimit>;
  /**
   * With `domainSecrets` a Pulumi secret: in state just these, in the program's hands the whole policy. After a refresh
   * it is what the backend reported, which somebody may have changed to what no argument could be.
   */
  declare readonly networkPolicy: pulumi.Output<pulumi.Unwrap<DisabledNetworkPolicy | AllowlistNetworkPolicy>>;
  declare readonly expiresAfter: pulumi.Output<pulumi.Unwrap<ExpiresAfter>>;
  declare readonly fileIds: pulumi.Output<string[] | null>;
  declare readonly skills: pulumi.Output<pulumi.Unwrap<SkillReference | InlineSkill>[] | null>;
  declare readonly backend: pulumi.Output<Backend>;
  declare readonly docker: pulumi.Output<{ image: string; egress?: pulumi.Unwrap<DockerEgress> } | null>;

  /**
   * A container that exists already, read and not managed.
   * @param name the resource's name in this program
   * @param id the container's id, `cntr_…`
   * @param state where it is, if that is not the stack's default backend
   * @throws at preview and update, where there is no such container or it has expired
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state: Pick<ContainerArgs, "backend"> = {},
    options?: pulumi.CustomResourceOptions,
  ): Container {
    preflightGet(name);
    return new Container(name, state, { ...options, id });
  }

  /**
   * @param name the resource's name, unique among the stack's containers
   * @param args what the container may have and do; its domain secrets become Pulumi secrets, however they were given
   * @param options Pulumi's resource options; `import` is not offered yet, and `customTimeouts` have no effect
   */
  constructor(name: string, args?: ContainerArgs, options?: pulumi.CustomResourceOptions) {
    if (options?.import !== undefined) {
      throw runError(
        "OC4001",
        `Container ${name}: the import option is not supported by this release. Use Container.get, which reads a container without managing it.`,
      );
    }
    preflight(name);
    const properties = {
      ...outputs,
      ...args,
      networkPolicy: markDomainSecrets(args?.networkPolicy),
      __provider: providerCode,
      // The provider is not told for which resource it works; with this its messages stand at the resource.
      __urn: urnOf(name, type, options?.parent),
      ...forCheck(args ?? {}),
    };
    const restoreDebugTraces = leaveOutDebugTraces();
    try {
      super(type, name, properties, options ?? {});
    } finally {
      restoreDebugTraces();
    }
    this.project = absentAsNull(this.project, this.createdAt);
    this.imageId = absentAsNull(this.imageId, this.createdAt);
    this.fileIds = absentAsNull(this.fileIds, this.createdAt);
    this.skills = absentAsNull(this.skills, this.createdAt);
    this.docker = absentAsNull(this.docker, this.createdAt);
    if (options?.customTimeouts) {
      const text = "customTimeouts have no effect: Pulumi does not pass them to dynamic providers. Remove the option.";
      pulumi.log.warn(coded("OC4005", text), this);
    }
  }
}

/** What the provider's check has to know of the program, and state does not. */
function forCheck(args: ContainerArgs): pulumi.Inputs {
  const secret = secretArguments(args);
  const settings = Object.keys(stackSettings());
  return {
    ...(secret && { __secretArguments: secret }),
    ...(settings.length > 0 && { __stackSettings: settings }),
  };
}

import * as pulumi from "@pulumi/pulumi";
import { absentAsNull } from "./absent-as-null";
import { assertArguments } from "./assert-arguments";
import { coded } from "./coded";
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
import { existingId } from "./existing-id";
import { importId } from "./import-id";
import { markDomainSecrets } from "./mark-domain-secrets";
import { preflight, preflightGet } from "./preflight";
import { providerCode, resourceType as type } from "./resource-type";
import { secretArguments } from "./secret-arguments";
import { stackSettings } from "./stack-settings";
import { urnOf } from "./urn";

type OutputName = Exclude<keyof Container, keyof pulumi.CustomResource>;

/** The outputs, and whether each container has them. Pulumi fills in just the outputs whose keys it was given. */
const outputs: { [Name in OutputName]: null extends pulumi.Unwrap<Container[Name]> ? "or null" : "always" } = {
  object: "always",
  status: "always",
  createdAt: "always",
  location: "always",
  project: "or null",
  imageId: "or null",
  name: "always",
  memoryLimit: "always",
  networkPolicy: "always",
  expiresAfter: "always",
  fileIds: "or null",
  skills: "or null",
  backend: "always",
  docker: "or null",
};

/**
 * A container of the OpenAI Containers API, or a sandbox like it on a Docker engine.
 *
 * ```ts
 * const sandbox = new Container("analysis", { backend: "docker", memoryLimit: "4g" });
 * export const containerId = sandbox.id; // docker exec -it cntr_… sh
 * ```
 *
 * `pulumi up` creates it, replaces it when an argument changes, starts it again when it was stopped, and replaces it when
 * it expired or is gone.
 */
export class Container extends pulumi.CustomResource {
  /** Always `container`. */
  declare readonly object: pulumi.Output<string>;
  /**
   * The status that `up` or `refresh` last read. Hosted, the API's own word, such as `running` or `active`. On Docker
   * `running`, `paused`, `stopped`, `disconnected` (the gateway of its allow list does not run), `unwatched` (its watchdog
   * does not answer) or `exposed` (on a network of an earlier build). `provisioning` after a partial create.
   */
  declare readonly status: pulumi.Output<string>;
  /** When it was created, in Unix seconds by its backend's clock. */
  declare readonly createdAt: pulumi.Output<number>;
  /**
   * The account or engine that it belongs to: `openai:` with the API's address, organization and project, or `docker:`
   * with the engine's id. A run with another one fails.
   */
  declare readonly location: pulumi.Output<string>;
  /** Hosted, the project that it belongs to: `proj_…`. Null on Docker, and where a service does not report it. */
  declare readonly project: pulumi.Output<string | null>;
  /** On Docker, the id of its image: `sha256:…`. Null on the hosted API. */
  declare readonly imageId: pulumi.Output<string | null>;
  /** 1 to 256 characters; an auto-generated name where the program sets none. Need not be unique. */
  declare readonly name: pulumi.Output<string>;
  /** Its memory in GiB: `1g`, `4g`, `16g` or `64g`; after a refresh any other limit that was set on an engine since. */
  declare readonly memoryLimit: pulumi.Output<MemoryLimit>;
  /**
   * The domains that it may reach: `type`, and with an allow list `allowedDomains` and `domainSecrets`. With
   * `domainSecrets` a Pulumi secret as a whole; state encrypts the secrets alone. After a refresh the policy that the
   * backend reports, which may be one that no argument could be.
   */
  declare readonly networkPolicy: pulumi.Output<pulumi.Unwrap<DisabledNetworkPolicy | AllowlistNetworkPolicy>>;
  /** The idle time after which it expires: `minutes`, from 1 to 525,600, counted from `anchor`, `last_active_at`. */
  declare readonly expiresAfter: pulumi.Output<pulumi.Unwrap<ExpiresAfter>>;
  /** Ids of the files that were copied into it, as the program set them: no backend returns them. Null where there are none. */
  declare readonly fileIds: pulumi.Output<string[] | null>;
  /** Its skills, as the program set them: no backend returns them. Null where there are none. */
  declare readonly skills: pulumi.Output<pulumi.Unwrap<SkillReference | InlineSkill>[] | null>;
  /** Where it runs: `openai` or `docker`. */
  declare readonly backend: pulumi.Output<Backend>;
  /**
   * On Docker, its `image` as the program names it, its `runtime`, if that is not the engine's default, and `egress`, the
   * settings of its allow list. Null on the hosted API.
   */
  declare readonly docker: pulumi.Output<{
    image: string;
    runtime?: string;
    egress?: pulumi.Unwrap<DockerEgress>;
  } | null>;

  /**
   * Reads a container that exists, without managing it.
   * @param name the resource's name in this program
   * @param id the container's id, `cntr_…`
   * @param state its backend, if that is not the stack's default
   * @throws pulumi.RunError where the id is empty, or `@pulumi/pulumi` is older than 3.268. The preview and the update fail
   * where there is no such container, or it has expired.
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state: Pick<ContainerArgs, "backend"> = {},
    options?: pulumi.CustomResourceOptions,
  ): Container {
    preflightGet(name);
    return new Container(name, state, { ...options, id: existingId(name, id) });
  }

  /**
   * @param name the resource's name, unique among the stack's containers
   * @param args the container's arguments; its domain secrets become Pulumi secrets, however they are passed
   * @param options Pulumi's resource options. `import` is the id of an existing container, `cntr_…`, or on Docker its name:
   * the preview fails unless the container is as `args` describe it, and `up` takes it under management as it is. It may
   * stay in the program, where it has no effect any more. `customTimeouts` have no effect.
   */
  constructor(name: string, args?: ContainerArgs, options?: pulumi.CustomResourceOptions) {
    const { import: id, ...others } = options ?? {};
    const __import = importId(name, id);
    assertArguments(name, args);
    preflight(name);
    const properties = {
      ...Object.fromEntries(Object.keys(outputs).map((name) => [name, undefined])),
      ...args,
      networkPolicy: markDomainSecrets(args?.networkPolicy),
      __provider: providerCode,
      // Pulumi does not pass the resource to the provider; with its URN, messages are shown at the resource.
      __urn: urnOf(name, type, options?.parent),
      ...(__import !== undefined && { __import }),
      ...forCheck(args ?? {}),
    };
    const restoreDebugTraces = leaveOutDebugTraces();
    try {
      super(type, name, properties, others);
    } finally {
      restoreDebugTraces();
    }
    for (const [name, presence] of Object.entries(outputs)) {
      const output: unknown = Reflect.get(this, name);
      if (presence === "or null" && pulumi.Output.isInstance(output))
        Reflect.set(this, name, absentAsNull(output, this.createdAt));
    }
    if (options?.customTimeouts) {
      const text = "customTimeouts have no effect: Pulumi does not pass them to dynamic providers. Remove the option.";
      pulumi.log.warn(coded("OC4005", text), this);
    }
  }
}

/** What the provider's check has to know of the program, and state does not record. */
function forCheck(args: ContainerArgs): pulumi.Inputs {
  const secret = secretArguments(args);
  const settings = Object.keys(stackSettings());
  return {
    ...(secret && { __secretArguments: secret }),
    ...(settings.length > 0 && { __stackSettings: settings }),
  };
}

import * as pulumi from "@pulumi/pulumi";
import type { SandboxEngine } from "../../provider/sandbox-image";
import { isMocked } from "../preflight";
import { urnOf } from "../urn";
import { builtImage } from "./built-image";
import { dockerProvider } from "./docker-provider";
import { idOnEngine } from "./id-on-engine";
import { pinnedImage } from "./pinned-image";
import type { SandboxImageArgs } from "./sandbox-image-args";

const type = "openai-containers:docker:SandboxImage";

/**
 * The image of sandboxes on Docker: one of a registry, pinned to its digest, or one that is built, on the engine where the
 * sandboxes run. A component over `@pulumi/docker`.
 *
 * ```ts
 * const image = new SandboxImage("tools", { build: { base: "python:3.12-slim-bookworm", apt: ["jq"], pip: ["pandas==2.3.3"] } });
 * new Container("sandbox", { backend: "docker", docker: { image: image.imageId } });
 * ```
 */
export class SandboxImage extends pulumi.ComponentResource {
  /** The image's id on the engine, `sha256:…`: for `docker.image`. A container is replaced when it changes. */
  declare readonly imageId: pulumi.Output<string>;
  /** The name of the image on the engine: `REPOSITORY@sha256:…`, or of a built one `sandbox-image/NAME:HASH`. */
  declare readonly reference: pulumi.Output<string>;

  /**
   * @param name the resource's name
   * @param args exactly one of `reference`, `build` and `dockerfile`
   * @param options Pulumi's resource options. A `docker.Provider` in `provider` or `providers` takes the place of the one
   * that the component creates for the engine of the sandboxes
   * @throws pulumi.RunError for invalid arguments, and files that cannot be read. The preview and the update fail where the
   * engine or a registry cannot be reached, and where the image is not on the engine of the sandboxes
   */
  constructor(name: string, args: SandboxImageArgs, options?: pulumi.ComponentResourceOptions) {
    const valid = onDemand().validArguments(name, args);
    super(type, name, {}, options);
    const { dockerHost, dockerContext } = valid;
    const engine = isMocked()
      ? noEngine
      : pulumi.output({ dockerHost, dockerContext }).apply((own) => onDemand().sandboxEngine(name, own));
    const provider = dockerProvider(name, this, engine, args.registryAuth ?? undefined);
    const image =
      "reference" in valid
        ? pinnedImage(name, referenceOf(name, args), engine, { parent: this, provider })
        : builtImage(name, valid, urnOf(name, type, options?.parent), engine, { parent: this, provider });
    this.reference = image.reference;
    this.imageId = idOnEngine(name, image, engine, provider);
    this.registerOutputs({ imageId: this.imageId, reference: this.reference });
  }
}

/** Unit tests with mocks contact no engine. */
const noEngine: pulumi.Output<SandboxEngine | undefined> = pulumi.output(undefined);

function referenceOf(name: string, { reference }: SandboxImageArgs): pulumi.Output<string> {
  return pulumi.output({ reference }).apply((args) => onDemand().validReference(name, args));
}

/** Loaded when a program creates its first SandboxImage. */
function onDemand(): typeof import("../../provider/sandbox-image") {
  return require("../../provider/sandbox-image");
}

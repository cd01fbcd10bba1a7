import * as pulumi from "@pulumi/pulumi";
import type { SandboxEngine } from "../../provider/sandbox-image";
import { runError } from "../coded";
import { docker } from "./docker-package";
import type { SandboxImageArgs } from "./sandbox-image-args";

/**
 * The program's `docker.Provider`, or one for the engine of the sandboxes.
 * @throws RunError for credentials that would have no effect
 */
export function dockerProvider(
  name: string,
  parent: pulumi.ComponentResource,
  engine: pulumi.Output<SandboxEngine | undefined>,
  registryAuth: SandboxImageArgs["registryAuth"],
): pulumi.ProviderResource {
  const given = parent.getProvider("docker:index/image:Image");
  if (given && registryAuth !== undefined) {
    throw runError(
      "OC4107",
      `SandboxImage ${name}: registryAuth has no effect beside a docker.Provider in the options. ` +
        "Pass registryAuth to that provider.",
    );
  }
  if (given) return given;
  const host = engine.apply((found) => found?.address);
  const certPath = engine.apply((found) => found?.certPath);
  // The plugin prefers the context of DOCKER_CONTEXT to a host, unless a context is set:
  // https://github.com/kreuzwerker/terraform-provider-docker/blob/v4.5.0/internal/provider/provider.go
  const settings = { host, certPath, context: "" };
  const auth = registryAuth === undefined ? {} : { registryAuth: pulumi.secret(registryAuth) };
  return new docker.Provider(name, { ...settings, ...auth }, { parent });
}

import { runError } from "../coded";

/** `@pulumi/docker`, an optional peer dependency. */
export const docker: typeof import("@pulumi/docker") = load();

function load(): typeof import("@pulumi/docker") {
  try {
    require.resolve("@pulumi/docker");
  } catch {
    throw runError(
      "OC4103",
      "pulumi-openai-containers/docker needs the package @pulumi/docker, which cannot be found. " +
        "Run `npm install @pulumi/docker`.",
    );
  }
  return require("@pulumi/docker");
}

import { containerSchema } from "../../provider/model/container";
import { resourceType } from "../resource-type";

/**
 * A schema in Pulumi's terms, from which `pulumi import` writes the code of a container. The types of the arguments are left
 * to the code: what is written are values that the provider has read.
 */
export function schema(): object {
  const argument = { $ref: "pulumi.json#/Any" };
  const inputProperties = Object.fromEntries(Object.keys(containerSchema.shape).map((name) => [name, argument]));
  return {
    name: "pulumi-nodejs",
    version: "1.0.0",
    resources: { [resourceType]: { inputProperties } },
    language: {
      nodejs: { packageName: "pulumi-openai-containers", moduleToPackage: { "dynamic/openai-containers": "" } },
    },
  };
}

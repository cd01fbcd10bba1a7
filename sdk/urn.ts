import * as pulumi from "@pulumi/pulumi";

/**
 * The URN that a resource will have, as an input that depends on nothing: an output of the parent would make the resource
 * depend on it, and so on all of the parent's other children.
 */
export function urnOf(name: string, type: string, parent: pulumi.Resource | undefined): Promise<string> {
  return new Promise((resolve) => {
    pulumi.createUrn(name, type, parent).apply(resolve);
  });
}

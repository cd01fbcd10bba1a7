import * as pulumi from "@pulumi/pulumi";

/**
 * An output that does not apply to each container. State records `null` for it, which is undefined here. An older state
 * records nothing, which Pulumi takes for unknown in every preview: nothing is what it is, where the rest is known.
 * @param createdAt an output that each container has
 */
export function recorded<T>(output: pulumi.Output<T>, createdAt: pulumi.Output<number>) {
  const isMissing = Promise.all([isKnown(output), isKnown(createdAt)]).then(([known, rest]) => !known && rest);
  return pulumi
    .output(isMissing.then((missing) => (missing ? undefined : output)))
    .apply((value) => value ?? undefined);
}

/** The SDK leaves it out of its types: https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/output.ts */
async function isKnown(output: pulumi.Output<unknown>): Promise<boolean> {
  return (await Reflect.get(output, "isKnown")) === true;
}

import * as pulumi from "@pulumi/pulumi";

/**
 * An output that does not apply to each container: null then. State records it so; what an older state does not mention,
 * Pulumi takes for unknown in every preview.
 * @param createdAt an output that each container has: where it is known, what is not known beside it is not there
 */
export function recorded<T>(output: pulumi.Output<T>, createdAt: pulumi.Output<number>) {
  const isMissing = Promise.all([isKnown(output), isKnown(createdAt)]).then(([known, rest]) => !known && rest);
  return pulumi.output(isMissing.then((missing) => (missing ? null : output))).apply((value) => value ?? null);
}

/** The SDK leaves it out of its types: https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/output.ts */
async function isKnown(output: pulumi.Output<unknown>): Promise<boolean> {
  return (await Reflect.get(output, "isKnown")) === true;
}

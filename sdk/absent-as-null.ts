import * as pulumi from "@pulumi/pulumi";

/**
 * An output that is null for a container to which it does not apply. State records the null; of an older state that does
 * not mention the output, Pulumi takes it for unknown in every preview.
 * @param createdAt an output that each container has: where it is known, an output that is not known does not apply
 */
export function absentAsNull<T>(output: pulumi.Output<T>, createdAt: pulumi.Output<number>) {
  const isMissing = Promise.all([isKnown(output), isKnown(createdAt)]).then(([known, rest]) => !known && rest);
  return pulumi.output(isMissing.then((missing) => (missing ? null : output))).apply((value) => value ?? null);
}

/** Its types omit it: https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/output.ts */
async function isKnown(output: pulumi.Output<unknown>): Promise<boolean> {
  return (await Reflect.get(output, "isKnown")) === true;
}

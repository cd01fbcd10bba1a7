import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { CustomResource, OutputInstance, Unwrap as Unwrapped } from "@pulumi/pulumi";
import type { FoundContainer } from "../../provider/data-sources/find";
import { type ContainerInput, containerSchema, type fields } from "../../provider/model/container";
import type { Container, GetContainerResult } from "../../sdk";
import type { ContainerArgs } from "../../sdk/container-args";
import type { Same } from "../support/same";

/** A type after Pulumi has resolved its inputs. */
type Unwrap<T> =
  T extends Promise<infer U>
    ? Unwrap<U>
    : T extends OutputInstance<infer U>
      ? Unwrap<U>
      : T extends readonly (infer U)[]
        ? Unwrap<U>[]
        : T extends object
          ? { -readonly [K in keyof T]: Known<Unwrap<T[K]>, Record<never, never> extends Pick<T, K> ? true : false> }
          : T;

/** Null and undefined mean the same as a missing optional property. */
type Known<T, Optional> = Optional extends true ? Exclude<T, undefined | null> : T;

// The SDK's types are written by hand, so that a program loads no schema: this does not compile where the two part.
// Seen to fail ("Type 'true' is not assignable to type 'false'") with a tier more or less, a property renamed, removed
// or made optional on one side only, `minutes` as text, `anchor` as any text, a required secret that may be undefined.
const sdkAndSchemaAreTheSame: Same<Unwrap<ContainerArgs>, Unwrap<ContainerInput>> = true;

type Fields = typeof fields;
type Outputs = Pick<Container, Exclude<keyof Container, keyof CustomResource>>;
const outputsAreTheFields: Same<keyof Outputs, keyof Fields> = true;

/** The names of outputs that may be null: as the class declares them, and as the definition marks them. */
type OrNull<T> = { [K in keyof T]: null extends Unwrapped<T[K]> ? K : never }[keyof T];
type Nullable<T> = { [K in keyof T]: T[K] extends { isNullable: true } ? K : never }[keyof T];
const nullableOutputsAreMarked: Same<OrNull<Outputs>, Nullable<Fields>> = true;

type Plain<T> = { -readonly [K in keyof T]: T[K] };
const resultsAreWhatIsFound: Same<Plain<GetContainerResult>, Plain<FoundContainer>> = true;

/** The comments of the arguments, each as one line of text. */
function documented(): Map<string, string> {
  const source = readFileSync(join(__dirname, "../../sdk/container-args.ts"), "utf8");
  const args = source.slice(source.indexOf("export interface ContainerArgs {"));
  const found = args.matchAll(/\/\*\*((?:(?!\*\/).)*)\*\/\s*readonly (\w+)\?:/gs);
  return new Map(Array.from(found, ([, comment = "", arg = ""]) => [arg, comment.replace(/[\s*]+/g, " ")]));
}

describe("the types of the SDK", () => {
  it("have the outputs and the results of data sources that the provider returns", () =>
    assert.ok([outputsAreTheFields, nullableOutputsAreMarked, resultsAreWhatIsFound].every(Boolean)));
});

describe("ContainerArgs", () => {
  it("has the arguments of the schema, with the same types", () => assert.ok(sdkAndSchemaAreTheSame));

  it("documents each argument", () => {
    assert.deepEqual([...documented().keys()], Object.keys(containerSchema.shape));
  });

  for (const arg of Object.keys(containerSchema.shape)) {
    it(`says that changing ${arg} replaces the container`, () => {
      assert.match(documented().get(arg) ?? "", /\breplaces the container\./);
    });
  }
});

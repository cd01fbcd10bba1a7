import { z } from "zod";
import { BackendError } from "../backends/backend";
import { isImageReference } from "../model/image-reference";
import { mistakesIn } from "../model/problems";
import { quoted } from "../model/quoted";

const text = z.string().min(1);
const matching = (pattern: RegExp, expected: string) => z.string().regex(pattern, expected);
const isReference = (value: string) => isImageReference(value) && !value.startsWith("sha256:");
const message = "an image reference, such as python:3.12-slim-bookworm";
const imageReference = z.string().refine(isReference, { message });
const imageReferenceOrOutput = z
  .unknown()
  .refine((value) => typeof value !== "string" || isReference(value), { message });

/*
 * Packages become words of a shell command, between apostrophes. So none of these patterns allows an apostrophe, a space or
 * a line break, or a word that begins like an option.
 */

/** Debian's policy on names, 5.6.1, and versions, 5.6.12. apt-get would remove a package whose name ends with a hyphen. */
const aptPackage = matching(
  /^[a-z0-9][a-z0-9+.-]*[a-z0-9+.](?:=[a-zA-Z0-9][a-zA-Z0-9.+~:-]*)?$/,
  "a Debian package, NAME or NAME=VERSION",
);
/** PEP 508 names with extras, PEP 440 versions. */
const pipPackage = matching(
  /^[a-zA-Z0-9](?:[\w.-]*[a-zA-Z0-9])?(?:\[[a-zA-Z0-9][\w.,-]*\])?==[a-zA-Z0-9][\w.!+-]*$/,
  "a Python package with its exact version, NAME==VERSION",
);
const npmPackage = matching(
  /^(?:@[a-z0-9][a-z0-9._-]*\/)?[a-z0-9][a-z0-9._-]*@\d+\.\d+\.\d+(?:-[a-zA-Z0-9.-]+)?$/,
  "an npm package with its exact version, NAME@1.2.3",
);
/** COPY replaces variables, and `/mnt` and `/tmp` are mounts of their own in a sandbox. */
const imagePath = /^(?!\/(?:mnt|tmp)(?:\/|$))(?:\/(?!\.{1,2}(?:\/|$))[\w.@+-]+)+$/;
const files = z.record(z.string(), text).superRefine((paths, { addIssue }) => {
  const wrong = Object.keys(paths).find((path) => !imagePath.test(path));
  if (wrong === undefined) return;
  const message = "absolute paths of letters, digits and _.@+-, outside of /mnt and /tmp";
  addIssue({ code: "custom", message, params: { got: `the path ${quoted(wrong)}` } });
});

/** These may be Outputs, so their values are not known yet. */
const later = z.unknown().optional();
const ofEngine = { dockerHost: later, dockerContext: later, registryAuth: later };

const ways = {
  reference: z.strictObject({ ...ofEngine, reference: imageReferenceOrOutput }),
  build: z.strictObject({
    ...ofEngine,
    build: z.strictObject({
      base: imageReference.optional(),
      apt: z.array(aptPackage).optional(),
      pip: z.array(pipPackage).optional(),
      npm: z.array(npmPackage).optional(),
      files: files.optional(),
    }),
  }),
  dockerfile: z.strictObject({ ...ofEngine, dockerfile: text, context: text.optional() }),
};
const wayNames = ["reference", "build", "dockerfile"] as const;
type Ways = { [Way in keyof typeof ways]: z.output<(typeof ways)[Way]> };
export type ValidArguments = Ways[keyof Ways];
export type BuildArguments = Ways["build"]["build"];

/** @throws BackendError for invalid arguments */
export function argumentsFrom(name: string, args: unknown): ValidArguments {
  const set = Object.fromEntries(Object.entries(Object(args)).filter(([, value]) => value !== undefined));
  const given = wayNames.filter((key) => key in set);
  const [way, ...others] = given;
  if (!way || others.length > 0) {
    throw new BackendError(
      "OC4101",
      `SandboxImage ${name} needs one of reference, build and dockerfile, and got ${given.join(" and ") || "none"}`,
      "Pass exactly one of them",
    );
  }
  const schema: z.ZodType<ValidArguments> = ways[way];
  return valid(name, schema, set, Object.keys(ways[way].shape));
}

/** The reference of arguments, once it is known. @throws BackendError where it is none */
export function referenceFrom(name: string, args: unknown): string {
  return valid(name, z.object({ reference: imageReference }), args, []).reference;
}

const engineSettings = z
  .object({ dockerHost: text.optional(), dockerContext: text.optional() })
  .refine(({ dockerHost, dockerContext }) => dockerHost === undefined || dockerContext === undefined, {
    message: "one of dockerHost and dockerContext",
    path: ["dockerContext"],
    params: { got: "both" },
  });

/** @throws BackendError for invalid settings of the engine */
export function engineSettingsFrom(name: string, settings: unknown): z.output<typeof engineSettings> {
  return valid(name, engineSettings, settings, []);
}

function valid<T>(name: string, schema: z.ZodType<T>, args: unknown, keys: readonly string[]): T {
  const { data, error } = schema.safeParse(args);
  if (data !== undefined) return data;
  const problems = mistakesIn(error?.issues ?? [], args, keys).map(({ text }) => text);
  throw new BackendError(
    "OC4102",
    `SandboxImage ${name} got invalid arguments: ${problems.join("; ")}`,
    "Correct them",
  );
}

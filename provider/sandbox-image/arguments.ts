import { z } from "zod";
import { BackendError } from "../backends/backend";
import { isImageReference } from "../model/image-reference";
import { mistakesIn } from "../model/problems";
import { quoted } from "../model/quoted";
import { isLater, orLater, plain } from "./outputs";

const text = z.string().min(1);
const matching = (pattern: RegExp, expected: string) => z.string().regex(pattern, expected);
const imageReference = z.string().refine((value) => isImageReference(value) && !value.startsWith("sha256:"), {
  message: "an image reference, such as python:3.12-slim-bookworm",
});

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
/** COPY replaces variables, and what a sandbox mounts would hide the files. */
const imagePath = /^(?!\/(?:mnt|tmp|dev|proc|sys|home\/oai\/skills)(?:\/|$))(?:\/(?!\.{1,2}(?:\/|$))[\w.@+-]+)+$/;
const files = z.record(z.string(), text).superRefine((paths, { addIssue }) => {
  const wrong = Object.keys(paths).find((path) => !imagePath.test(path));
  if (wrong === undefined) return;
  const message =
    "absolute paths of letters, digits and _.@+-, outside of /mnt, /tmp, /dev, /proc, /sys and /home/oai/skills";
  addIssue({ code: "custom", message, params: { got: `the path ${quoted(wrong)}` } });
});

const registryAuth = z.array(
  orLater(
    z.strictObject({
      address: orLater(text),
      username: orLater(z.string()).optional(),
      password: orLater(z.string()).optional(),
      configFile: orLater(z.string()).optional(),
      configFileContent: orLater(z.string()).optional(),
      authDisabled: orLater(z.boolean()).optional(),
    }),
  ),
);
const ofEngine = {
  dockerHost: orLater(text).optional(),
  dockerContext: orLater(text).optional(),
  registryAuth: orLater(registryAuth).optional(),
};

const ways = {
  reference: z.strictObject({ ...ofEngine, reference: orLater(imageReference) }),
  build: z.strictObject({
    ...ofEngine,
    build: plain(
      z.strictObject({
        base: imageReference.optional(),
        apt: z.array(aptPackage).optional(),
        pip: z.array(pipPackage).optional(),
        npm: z.array(npmPackage).optional(),
        files: files.optional(),
      }),
    ),
  }),
  dockerfile: z.strictObject({ ...ofEngine, dockerfile: plain(text), context: plain(text).optional() }),
};
const wayNames = ["reference", "build", "dockerfile"] as const;
type Ways = { [Way in keyof typeof ways]: z.output<(typeof ways)[Way]> };
export type ValidArguments = Ways[keyof Ways];
export type BuildArguments = Ways["build"]["build"];

/** Null means the same as left out. @throws BackendError for invalid arguments */
export function argumentsFrom(name: string, args: unknown): ValidArguments {
  const set = Object.fromEntries(
    Object.entries(Object(args)).filter(([, value]) => value !== undefined && value !== null),
  );
  const isObject = typeof (args ?? {}) === "object" && !Array.isArray(args) && !isLater(args);
  const given = isObject ? wayNames.filter((key) => key in set) : [];
  const [way, ...others] = given;
  if (!way || others.length > 0) {
    const got = isObject ? given.join(" and ") || "none" : "arguments that are no object";
    throw new BackendError(
      "OC4101",
      `SandboxImage ${name} needs one of reference, build and dockerfile, and got ${got}`,
      "Pass exactly one of them",
    );
  }
  const schema: z.ZodType<ValidArguments> = ways[way];
  const result = valid(name, schema, set, Object.keys(ways[way].shape));
  const { dockerHost, dockerContext } = result;
  if (!isLater(dockerHost) && !isLater(dockerContext)) engineSettingsFrom(name, { dockerHost, dockerContext });
  return result;
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

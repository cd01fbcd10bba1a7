import assert from "node:assert/strict";
import { output } from "@pulumi/pulumi";
import fc from "fast-check";
import { argumentsFrom, engineSettingsFrom, referenceFrom } from "../../provider/sandbox-image/arguments";

/** What is wrong with the arguments, without what all messages have. */
function problemOf(args: unknown): string {
  try {
    argumentsFrom("tools", args);
    return "";
  } catch (error) {
    return String(error).replace(
      /^BackendError: OC4102: SandboxImage tools got invalid arguments: |\. Correct them\.$/g,
      "",
    );
  }
}
const inBuildWith = (part: object) => problemOf({ build: {}, ...part });
const inBuild = (part: object) => problemOf({ build: part });

describe("argumentsFrom for SandboxImage", () => {
  it("accepts names and versions as apt, pip and npm have them", () => {
    const build = {
      base: "registry.example.com:5000/acme/base:1@sha256:".concat("a".repeat(64)),
      apt: ["jq", "g++", "libstdc++6", "python3.11", "curl=7.88.1-10+deb12u14", "tar=1:1.34~rc1"],
      pip: ["pandas==2.3.3", "uvicorn[standard]==0.38.0", "ruamel.yaml==0.18.6", "torch==2.9.0+cpu", "x==1!2.0.post1"],
      npm: ["typescript@5.9.3", "@types/node@22.13.0", "next@16.0.0-canary.1"],
      files: { "/opt/tools/report.py": "./report.py", "/usr/local/share/a+b@1": "." },
    };
    assert.deepEqual(argumentsFrom("tools", { build }), { build });
  });

  const refused: [kind: "apt" | "pip" | "npm", text: string][] = [
    ["apt", "curl-"],
    ["apt", "-o=APT::Get"],
    ["apt", "curl jq"],
    ["apt", "curl' ; reboot '"],
    ["apt", "curl\njq"],
    ["apt", "curl=$(id)"],
    ["apt", "curl=1-2\n"],
    ["apt", "./local.deb"],
    ["pip", "pandas"],
    ["pip", "pandas>=2"],
    ["pip", "pandas==2.*"],
    ["pip", "--index-url=https://example.com"],
    ["pip", "-r requirements.txt"],
    ["pip", "git+https://example.com/x"],
    ["pip", "a==1 b==2"],
    ["pip", "a==1`id`"],
    ["npm", "typescript"],
    ["npm", "typescript@latest"],
    ["npm", "typescript@^5.0.0"],
    ["npm", "https://example.com/x.tgz"],
    ["npm", "x@1.2.3 && id"],
    ["npm", "--prefix@1.2.3"],
  ];
  for (const [kind, text] of refused) {
    it(`refuses ${JSON.stringify(text)} as a package of ${kind}, with the argument's path and without its text`, () => {
      const problem = inBuild({ [kind]: ["jq", text].slice(kind === "apt" ? 0 : 1) });
      assert.ok(problem.startsWith(`build.${kind}[${kind === "apt" ? 1 : 0}]: got text of `), problem);
      assert.ok(!problem.includes(text), problem);
    });
  }

  it("accepts no package with a character that ends a quotation, a word or a line", () => {
    const dangerous = fc.constantFrom(
      "'",
      " ",
      "\n",
      "\r",
      "\t",
      "\0",
      '"',
      "\\",
      "$",
      "`",
      ";",
      "&",
      "|",
      "<",
      ">",
      "(",
      "*",
    );
    const around = fc.string({ unit: fc.constantFrom("a", "1", "=", "@", ".", "[", "]", "/") });
    fc.assert(
      fc.property(around, dangerous, around, (before, middle, after) => {
        for (const prefix of ["", "a==", "a@1.2.3", "a="]) {
          const text = prefix + before + middle + after;
          for (const kind of ["apt", "pip", "npm"]) assert.notEqual(inBuild({ [kind]: [text] }), "", text);
        }
      }),
    );
  });

  for (const path of [
    "opt/a",
    "/",
    "/opt/",
    "/opt/../etc",
    "/opt/$HOME",
    "/opt/a b",
    "/mnt/data/a",
    "/tmp/a",
    "/mnt",
    "/dev/a",
    "/proc",
    "/sys/a",
    "/home/oai/skills/a",
  ]) {
    it(`refuses ${path} as a path in the image`, () => {
      const expected =
        "absolute paths of letters, digits and _.@+-, outside of /mnt, /tmp, /dev, /proc, /sys and /home/oai/skills";
      assert.equal(inBuild({ files: { [path]: "./a" } }), `build.files: got the path "${path}", expected ${expected}`);
    });
  }

  it("accepts paths that only begin like those that are refused", () => {
    const paths = ["/mntx/a", "/tmpl", "/opt/...", "/devel", "/home/oai/a", "/home/oai/skillset"];
    assert.equal(inBuild({ files: Object.fromEntries(paths.map((path) => [path, "./a"])) }), "");
  });

  it("refuses a base and a reference that is none, and an image id", () => {
    const expected = "expected an image reference, such as python:3.12-slim-bookworm";
    for (const text of ["UPPER", "a b", "a\nRUN id", "", `sha256:${"a".repeat(64)}`]) {
      assert.match(inBuild({ base: text }), new RegExp(`^build\\.base: got .*, ${expected}$`));
      assert.match(problemOf({ reference: text }), new RegExp(`^reference: got .*, ${expected}$`));
      assert.throws(() => referenceFrom("tools", { reference: text }), new RegExp(`reference: got .*, ${expected}`));
    }
    assert.throws(() => referenceFrom("tools", { reference: undefined }), /reference: missing, expected text/);
  });

  it("needs exactly one way, and knows its arguments", () => {
    const needs = "BackendError: OC4101: SandboxImage tools needs one of reference, build and dockerfile, and got";
    assert.equal(problemOf({}), `${needs} none. Pass exactly one of them.`);
    assert.equal(problemOf(undefined), `${needs} none. Pass exactly one of them.`);
    assert.equal(problemOf({ reference: "a", build: {} }), `${needs} reference and build. Pass exactly one of them.`);
    assert.equal(problemOf({ reference: "a", build: undefined }), "");
    assert.equal(problemOf({ reference: "a", build: null, dockerHost: null, registryAuth: null }), "");
    assert.equal(problemOf({ reference: null }), `${needs} none. Pass exactly one of them.`);
    for (const args of ["a", 1, ["a"], output({ reference: "a" }), Promise.resolve({ reference: "a" })])
      assert.equal(problemOf(args), `${needs} arguments that are no object. Pass exactly one of them.`);
    assert.match(
      problemOf({ reference: "a", context: "." }),
      /^context: unknown property, expected one of dockerHost, /,
    );
    assert.equal(inBuild({ brew: [] }), "build.brew: unknown property");
  });

  it("takes a host or a context of an engine, and not both", () => {
    assert.deepEqual(engineSettingsFrom("tools", { dockerHost: "unix:///a" }), { dockerHost: "unix:///a" });
    assert.throws(
      () => engineSettingsFrom("tools", { dockerHost: "unix:///a", dockerContext: "b" }),
      /OC4102: .*: dockerContext: got both, expected one of dockerHost and dockerContext\./,
    );
  });

  it("refuses a host beside a context before anything is created, where both are plain", () => {
    const both = { reference: "a", dockerHost: "unix:///a", dockerContext: "b" };
    assert.equal(problemOf(both), "dockerContext: got both, expected one of dockerHost and dockerContext");
    assert.equal(problemOf({ ...both, dockerHost: output("unix:///a") }), "");
    assert.equal(problemOf({ reference: "a", dockerHost: 5 }), "dockerHost: got a number, expected text");
  });

  const registryAuthMistakes: [what: string, registryAuth: unknown, problem: string][] = [
    ["an object", { "ghcr.io": "hidden" }, "registryAuth: got an object, expected a list"],
    ["text in its list", ["hidden"], "registryAuth[0]: got text of 6 characters, expected an object"],
    ["no address", [{ password: "hidden" }], "registryAuth[0].address: missing, expected text"],
    [
      "a password of another type",
      [{ address: "a", password: 5 }],
      "registryAuth[0].password: got a number, expected text",
    ],
    ["an unknown property", [{ address: "a", pasword: "hidden" }], "registryAuth[0].pasword: unknown property"],
  ];
  for (const [what, registryAuth, problem] of registryAuthMistakes) {
    it(`refuses registryAuth with ${what}, by its path and without a value`, () => {
      assert.equal(problemOf({ reference: "a", registryAuth }), problem);
      assert.equal(inBuildWith({ registryAuth }), problem);
    });
  }

  it("accepts registryAuth as @pulumi/docker has it, with an Output anywhere in it", () => {
    const auth = { address: "ghcr.io", username: "reader", password: "hidden", authDisabled: false, configFile: "./a" };
    const secret = output("hidden");
    for (const registryAuth of [[], [auth], [{ ...auth, password: secret }], [output(auth)], output([auth]), secret])
      assert.equal(problemOf({ reference: "a", registryAuth }), "");
  });

  it("says where a build has an Output, which it does not accept", () => {
    const expected = "expected a plain value: Outputs are not accepted here";
    const later = output("jq");
    assert.equal(inBuild({ apt: ["jq", later] }), `build.apt[1]: got an Output, ${expected}`);
    assert.equal(inBuild({ pip: output(["a==1"]) }), `build.pip: got an Output, ${expected}`);
    assert.equal(inBuild({ npm: [Promise.resolve("a@1.2.3")] }), `build.npm[0]: got a Promise, ${expected}`);
    assert.equal(inBuild({ files: { "/opt/a": later } }), `build.files./opt/a: got an Output, ${expected}`);
    assert.equal(problemOf({ build: output({}) }), `build: got an Output, ${expected}`);
    assert.equal(problemOf({ dockerfile: later }), `dockerfile: got an Output, ${expected}`);
  });

  it("expects an object where it has files", () => {
    assert.equal(inBuild({ files: ["./a"] }), "build.files: got a list, expected an object");
  });
});

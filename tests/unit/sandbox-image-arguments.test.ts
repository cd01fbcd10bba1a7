import assert from "node:assert/strict";
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
  ]) {
    it(`refuses ${path} as a path in the image`, () => {
      const expected = "absolute paths of letters, digits and _.@+-, outside of /mnt and /tmp";
      assert.equal(inBuild({ files: { [path]: "./a" } }), `build.files: got the path "${path}", expected ${expected}`);
    });
  }

  it("accepts paths that only begin like /mnt and /tmp", () => {
    assert.equal(inBuild({ files: { "/mntx/a": "./a", "/tmpl": "./a", "/opt/...": "./a" } }), "");
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
});

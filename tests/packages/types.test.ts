import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import * as ts from "typescript-5";
import { copy, link, newFolder } from "../support/packages";

/** As `pulumi new typescript` writes them; its package.json requires TypeScript 5. */
const template: ts.CompilerOptions = {
  strict: true,
  outDir: "bin",
  target: ts.ScriptTarget.ES2020,
  module: ts.ModuleKind.CommonJS,
  moduleResolution: ts.ModuleResolutionKind.Node10,
  sourceMap: true,
  experimentalDecorators: true,
  pretty: true,
  noFallthroughCasesInSwitch: true,
  noImplicitReturns: true,
  forceConsistentCasingInFileNames: true,
};

/** One for each public subpath, and one with mistakes that only types without `any` find. */
const programs = {
  "container.ts": `
    import { Container, getContainers } from "pulumi-openai-containers";
    const box = new Container("box", { backend: "docker", memoryLimit: "4g" });
    export const id = box.id.apply((id) => id.length);
    export const found = getContainers().then(({ containers }) => containers.length);`,
  "docker.ts": `
    import { SandboxImage, type SandboxImageBuild } from "pulumi-openai-containers/docker";
    const build: SandboxImageBuild = { base: "debian:12-slim", apt: ["jq"], files: { "/opt/tools": "./tools" } };
    const registryAuth = [{ address: "registry.example.com", username: "reader", password: "not-to-be-seen" }];
    new SandboxImage("pinned", { reference: "registry.example.com/tools:1", registryAuth });
    new SandboxImage("own", { dockerfile: "./Dockerfile", dockerHost: "unix:///run/docker.sock" });
    export const id = new SandboxImage("built", { build }).imageId.apply((id) => id.length);`,
  "emulator.ts": `
    import { ManualClock, startEmulator } from "pulumi-openai-containers/emulator";
    export async function made(): Promise<string[] | undefined> {
      const emulator = await startEmulator({ clock: new ManualClock() });
      emulator.fault({ method: "POST", answer: "cut" });
      return emulator.bodyOf("cntr_1")?.file_ids;
    }`,
  "provider.ts": `
    import { provider } from "pulumi-openai-containers/provider";
    export const check = provider.check;`,
  "report.ts": `
    import { findingsOf, readPreview, type Rule } from "pulumi-openai-containers/report";
    const none: Rule = () => [];
    export const found = readPreview(process.stdin, "stdin").then((preview) => findingsOf(preview, [none])[0]?.id.length);`,
  "wrong.ts": `
    import { provider } from "pulumi-openai-containers/provider";
    import { startEmulator } from "pulumi-openai-containers/emulator";
    import { SandboxImage } from "pulumi-openai-containers/docker";
    provider.check = 5;
    new SandboxImage("both", { reference: "python:3.12", build: {} });
    startEmulator().then((emulator) => emulator.bodyOf("cntr_1")?.nothing);`,
};

describe("the published types, with the settings of Pulumi's own template", () => {
  const folder = newFolder();
  let errors: { at: string; text: string }[];

  before(() => {
    copy(folder, "pulumi-openai-containers");
    link(folder, "@pulumi/pulumi");
    link(folder, "@types/node");
    for (const [name, text] of Object.entries(programs)) writeFileSync(join(folder, name), text);
    const host = ts.createCompilerHost(template);
    host.getCurrentDirectory = () => folder;
    // One compilation: each loads all of the SDK's types, which takes seconds.
    const files = Object.keys(programs).map((name) => join(folder, name));
    errors = ts.getPreEmitDiagnostics(ts.createProgram(files, template, host)).map(({ code, messageText, file }) => ({
      at: relative(folder, file?.fileName ?? ""),
      text: `TS${code}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`,
    }));
  });
  after(() => rmSync(folder, { recursive: true }));

  it("compile for each public subpath", () => {
    assert.deepEqual(
      errors.filter(({ at }) => at !== "wrong.ts"),
      [],
    );
  });

  it("are not `any`, so that the compiler finds mistakes", () => {
    const found = errors.filter(({ at }) => at === "wrong.ts").map(({ text }) => text);
    assert.equal(found.length, 3);
    assert.match(
      found.join("\n"),
      /TS2322: Type 'number' is not assignable.*\nTS\d+: .*reference.*\nTS2339: Property 'nothing' does not exist/,
    );
  });
});

import assert from "node:assert/strict";
import { rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { key } from "../support/hosted";
import { link, newFolder, write } from "../support/packages";
import { Stack } from "../support/stack";

const component = `
  const pulumi = require("@pulumi/pulumi");
  const { Container } = require("pulumi-openai-containers");
  exports.Sandbox = class extends pulumi.ComponentResource {
    constructor(name) {
      super("library:index:Sandbox", name);
      new Container(name, {}, { parent: this });
    }
  };`;

describe("a program that uses Container only through a library", () => {
  const stack = new Stack({ OPENAI_API_KEY: key, OPENAI_BASE_URL: "http://127.0.0.1:1/v1" });
  const modules = join(stack.folder, "node_modules");
  const libraryLink = join(modules, "library");
  const elsewhere = newFolder();

  before(async () => {
    rmSync(join(modules, "pulumi-openai-containers"));
    writeFileSync(join(stack.folder, "index.js"), 'new (require("library").Sandbox)("box");');
    stack.init();
  });
  afterEach(() => rmSync(libraryLink, { force: true }));
  after(() => {
    rmSync(stack.folder, { recursive: true });
    rmSync(elsewhere, { recursive: true });
  });

  const message =
    "error: OC4003: Container box: Pulumi loads the provider from the program's folder, where pulumi-openai-containers cannot be " +
    `resolved. Add it to ${stack.folder}/package.json with \`npm install pulumi-openai-containers\` in that folder; a ` +
    "library that uses it should declare it as a peer dependency.";

  async function assertReported(): Promise<void> {
    const { code, text } = await stack.run(["preview", "--suppress-progress"]);
    assert.notEqual(code, 0);
    const errors = text.slice(text.indexOf("Diagnostics:"), text.indexOf("Resources:")).trim().split("\n").slice(1);
    assert.deepEqual(
      errors.map((line) => line.trim()),
      [`pulumi:pulumi:Stack (${stack.prefix}-dev):`, message],
    );
  }

  it("fails with the package to install and its folder, for a linked library", async () => {
    const library = join(elsewhere, "library");
    write(library, { name: "library", main: "index.js" }, { "index.js": component });
    link(library, "pulumi-openai-containers");
    link(library, "@pulumi/pulumi");
    symlinkSync(library, libraryLink);
    await assertReported();
  });

  it("fails with the same message in pnpm's layout of node_modules", async () => {
    const store = join(modules, ".pnpm", "library@1.0.0");
    const library = join(store, "node_modules", "library");
    write(library, { name: "library", main: "index.js" }, { "index.js": component });
    link(store, "pulumi-openai-containers");
    link(store, "@pulumi/pulumi");
    symlinkSync(library, libraryLink);
    await assertReported();
  });

  it("previews once the program depends on the package too", async () => {
    const library = join(elsewhere, "library");
    symlinkSync(library, libraryLink);
    link(stack.folder, "pulumi-openai-containers");
    assert.match(await stack.ok("preview"), /Container box create/);
  });
});

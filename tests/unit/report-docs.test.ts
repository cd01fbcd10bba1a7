import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as ts from "typescript-5";
import { report } from "../../sdk/cli/report/command";
import { optionsFrom } from "../../sdk/cli/report/options";
import { findingWeights } from "../../sdk/report";
import { plain, previewJson } from "../support/report/planned";

const root = join(__dirname, "../..");
const page = readFileSync(join(root, "docs/ci-report.md"), "utf8");

/** As in Pulumi's template of a TypeScript project. */
const compiler: ts.CompilerOptions = {
  strict: true,
  target: ts.ScriptTarget.ES2020,
  module: ts.ModuleKind.CommonJS,
  moduleResolution: ts.ModuleResolutionKind.Node10,
  skipLibCheck: true,
  types: ["node"],
};

/** The example of one's own finding, compiled with its types. */
function compiledExample(folder: string): string {
  const file = join(folder, "report.ts");
  const [, text] = /<!-- example: .*? -->\n```ts\n(.*?)```/s.exec(page) ?? [];
  writeFileSync(file, text ?? assert.fail("there is no example"));
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(root, join(folder, "node_modules/pulumi-openai-containers"));
  symlinkSync(join(root, "node_modules/@types"), join(folder, "node_modules/@types"));
  const program = ts.createProgram([file], compiler);
  const errors = ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " "));
  assert.deepEqual(errors, []);
  program.emit();
  return join(folder, "report.js");
}

describe("docs/ci-report.md", () => {
  it("has an example of one's own finding that compiles, finds and is printed", async function () {
    this.timeout(60_000);
    const folder = mkdtempSync(join(tmpdir(), "openai-containers-docs-"));
    const earlier = process.exitCode;
    try {
      const { main }: { main(file: string): Promise<string> } = require(compiledExample(folder));
      const preview = join(folder, "preview.json");
      const after = { ...plain, expiresAfter: { anchor: "last_active_at", minutes: 90 } };
      writeFileSync(preview, JSON.stringify(previewJson([{ name: "box", op: "create", after }])));
      const text = await main(preview);
      assert.match(text, /^### Preview of `shop\/dev`: fails on long-idle$/m);
      assert.match(
        text,
        /^\| `box` \| ❌ \*\*long-idle\*\* It expires after 90 idle minutes, and not after 60 at most\. \|$/m,
      );
      assert.equal(process.exitCode, 3);
    } finally {
      process.exitCode = earlier;
      rmSync(folder, { recursive: true });
    }
  });

  it("has each finding, in the order of their weight", () => {
    const ids = Array.from(page.matchAll(/^\| `([a-z][a-z-]*)` \|/gm), ([, id]) => id);
    const byWeight = Object.entries(findingWeights).sort(([, a], [, b]) => b - a);
    assert.deepEqual(
      ids,
      byWeight.map(([id]) => id),
    );
  });

  it("has each option and exit code of the command", () => {
    const options = Array.from(page.matchAll(/^\| `(--[a-z-]+)/gm), ([, option]) => option);
    assert.deepEqual(
      options,
      report.help.options?.map(([term]) => term.split(" ")[0]),
    );
    const codes = Array.from(page.matchAll(/^\| (\d) \|/gm), ([, code]) => code);
    assert.deepEqual(
      codes,
      report.help.exitCodes.map(([code]) => code),
    );
  });

  it("has commands whose options the command accepts", () => {
    const lines = Array.from(
      page.matchAll(/npx openai-containers report (.*?)(?: >| &&|$)/gm),
      ([, line = ""]) => line,
    );
    assert.ok(lines.length >= 2);
    for (const line of lines) optionsFrom(line.replace('"$REVIEWED"', "0".repeat(64)).split(" "));
  });
});

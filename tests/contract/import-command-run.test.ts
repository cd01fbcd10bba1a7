import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { type Emulator, startEmulator } from "../../sdk/emulator";
import { resourceType } from "../../sdk/resource-type";
import { key } from "../support/hosted";
import { importInto } from "../support/import-command";
import { createByHttp } from "../support/raw-containers";

/** What a `pulumi` of the test answers, by its first argument: lines of a shell script. */
type Answers = Record<"version" | "stack" | "import" | "preview", string>;

const urn = (name: string) => `urn:pulumi:dev::p::${resourceType}::${name}`;
const print = (value: unknown) => `cat <<'END'\n${typeof value === "string" ? value : JSON.stringify(value)}\nEND`;
const preview = (op: string, more: object = {}, diagnostics: object[] = []) =>
  print({ steps: [{ op, urn: urn("box"), ...more }], diagnostics });
const answers: Answers = {
  version: print("v3.254.0"),
  stack: print({ version: 3, deployment: null }),
  import: print("imported"),
  preview: preview("same"),
};

describe("openai-containers import --run, before and after it calls pulumi", function () {
  this.timeout(60_000);
  let emulator: Emulator;
  let folder: string;
  let id: string;
  beforeEach(async () => {
    emulator = await startEmulator();
    folder = mkdtempSync(join(tmpdir(), "openai-containers-run-"));
    writeFileSync(join(folder, "Pulumi.yaml"), "name: p\nruntime: nodejs\n");
    writeFileSync(join(folder, "index.ts"), 'import "./sandboxes";\n');
    id = await createByHttp(emulator, { name: "box" });
  });
  afterEach(async () => {
    rmSync(folder, { recursive: true });
    await emulator.stop();
  });

  /** Runs the command with a `pulumi` that gives these answers, and reads the calls that it got. */
  async function run(changes: Partial<Answers>, ...args: string[]) {
    const bin = join(folder, "bin");
    mkdirSync(bin, { recursive: true });
    const cases = Object.entries({ ...answers, ...changes }).map(([name, lines]) => `${name})\n${lines}\n;;`);
    const log = 'echo "$*" >> "$PWD/calls"';
    writeFileSync(join(bin, "pulumi"), `#!/bin/sh\n${log}\ncase "$1" in\n${cases.join("\n")}\nesac\n`);
    chmodSync(join(bin, "pulumi"), 0o755);
    const PATH = `${bin}${delimiter}${process.env["PATH"]}`;
    const env = { ...process.env, PATH, OPENAI_API_KEY: key, OPENAI_BASE_URL: emulator.baseUrl };
    const ran = await importInto({ folder, env }, "--run", "--name", "*", ...args);
    const calls = existsSync(join(folder, "calls")) ? readFileSync(join(folder, "calls"), "utf8").split("\n") : [];
    return { ...ran, imports: calls.filter((call) => call.startsWith("import ")) };
  }

  it("imports, and reports how many are unchanged", async () => {
    const { code, text, imports } = await run({}, "--stack", "dev", "--no-protect");
    assert.deepEqual([code, text.endsWith("\n1 imported, 1 unchanged\n")], [0, true], text);
    assert.match(
      imports.join(),
      /^import --file \S+ --generate-code=false --yes --skip-preview --protect=false --stack dev --non-interactive$/,
    );
    assert.ok(existsSync(join(folder, "sandboxes.ts")));
  });

  it("passes warnings of the preview on, such as that the live state could not be read", async () => {
    const warning = { message: "warning: OC2007: skipped the liveness check", severity: "warning" };
    const { code, text } = await run({ preview: preview("same", {}, [warning]) });
    assert.equal(code, 0);
    assert.match(text, /^warning: OC2007: skipped the liveness check$/m);
  });

  const state = (name: string, ofId: string) =>
    print({ deployment: { resources: [{ urn: urn(name), id: ofId, type: resourceType }] } });

  const steps = (...all: [op: string, name: string, more?: object][]) =>
    print({ steps: all.map(([op, name, more]) => ({ op, urn: urn(name), ...more })) });
  const program = () => readFileSync(join(folder, "sandboxes.ts"), "utf8");

  it("does not import what the stack manages under another name, and declares it under that", async () => {
    const { code, text, imports } = await run({ stack: state("own", id), preview: steps(["same", "own"]) });
    assert.deepEqual([code, text, imports], [0, "Previewing the program …\n0 imported, 1 unchanged\n", []]);
    assert.match(program(), /^export const own = new Container\(\n {2}"own",$/m);
  });

  it("declares again what the stack manages where the generated file is lost, and nothing twice", async () => {
    await run({});
    const before = program();
    await run({ stack: state("box", id) });
    assert.equal(program(), before);
    rmSync(join(folder, "sandboxes.ts"));
    const { code, text, imports } = await run({ stack: state("box", id) });
    assert.deepEqual([code, imports.length, text.endsWith("\n0 imported, 1 unchanged\n")], [0, 1, true], text);
    assert.equal(program(), before);
  });

  const elsewhere: [what: string, declaration: string][] = [
    ["by its name", "new Container('box', {});"],
    ["perhaps, under a computed name", "for (const name of names) new Container(name, {});"],
  ];
  for (const [what, declaration] of elsewhere) {
    it(`does not declare what the stack manages and another file declares ${what}`, async () => {
      writeFileSync(join(folder, "index.ts"), `import "./sandboxes";\n${declaration}\n`);
      const { code, text } = await run({ stack: state("box", id) });
      assert.deepEqual([code, text.endsWith("\n0 imported, 1 unchanged\n")], [0, true], text);
      assert.doesNotMatch(program(), /new Container/);
    });
  }

  it("keeps what a person and another stack have in the generated file", async () => {
    await run({});
    const edited = `${program().replace(/"box"/g, "'other'")}for (const n of names) new Container(n);\n`;
    writeFileSync(join(folder, "sandboxes.ts"), edited);
    await run({ stack: state("earlier", "cntr_gone") });
    assert.ok(program().startsWith(edited), program());
    assert.match(program(), /^export const box2 = new Container\(\n {2}"box",$/m);
  });

  it("previews the program of a stack with containers where nothing is selected", async () => {
    const lost = { stack: state("kept", "cntr_gone"), preview: steps(["delete", "kept"]) };
    const { code, text } = await run(lost, "--status", "none");
    assert.equal(code, 1);
    assert.match(text, /^OC5222: .*changes of containers: kept: delete\./m);
  });

  it("refuses a file that --run would write twice with exit code 2", async () => {
    const { code, text, imports } = await run({}, "--file", "./sandboxes.ts");
    assert.deepEqual([code, imports], [2, []]);
    assert.match(text, /^OC5226: .*sandboxes\.ts/);
  });

  const failures: [what: string, code: string, message: RegExp, changes: Partial<Answers>][] = [
    [
      "Pulumi is too old",
      "OC5214",
      /pulumi v3\.253\.9 is too old.*Install Pulumi 3\.254/,
      { version: print("v3.253.9") },
    ],
    [
      "no stack is selected",
      "OC5215",
      /Cannot read the stack: error: no stack selected/,
      { stack: "echo error: no stack selected >&2; exit 1" },
    ],
  ];
  for (const [what, code, message, changes] of failures) {
    it(`changes nothing where ${what}`, async () => {
      const { code: exitCode, text, imports } = await run(changes);
      assert.deepEqual([exitCode, imports, existsSync(join(folder, "sandboxes.ts"))], [1, [], false]);
      assert.ok(text.startsWith(`${code}: `), text);
      assert.match(text, message);
    });
  }

  it("changes nothing where there is no pulumi", async () => {
    const env = { ...process.env, PATH: folder, OPENAI_API_KEY: key, OPENAI_BASE_URL: emulator.baseUrl };
    const { code, text } = await importInto({ folder, env }, "--run", "--name", "*");
    assert.deepEqual([code, existsSync(join(folder, "sandboxes.ts"))], [1, false]);
    assert.match(text, /^OC5213: Cannot run pulumi: /);
  });

  const afterwards: [what: string, message: RegExp, changes: Partial<Answers>][] = [
    [
      "the import fails, with Pulumi's words",
      /^OC5220: pulumi import failed: error: the stack is locked\. Run the same command again/m,
      { import: "echo error: the stack is locked >&2; exit 255" },
    ],
    [
      "the preview fails, with Pulumi's words",
      /^OC5221: .*pulumi preview failed: index\.ts has a mistake\./m,
      { preview: `${print({ diagnostics: [{ message: "index.ts has a mistake", severity: "error" }] })}\nexit 1` },
    ],
    [
      "the preview shows a change",
      /^OC5222: .*changes of containers: box: replace \(memoryLimit\)\./m,
      { preview: preview("replace", { detailedDiff: { memoryLimit: {} }, replaceReasons: ["memoryLimit"] }) },
    ],
    [
      "the preview deletes a container that was not selected, of a component too, and replaces another",
      /^OC5222: .*changes of containers: mine: delete; old: delete-replaced \(memoryLimit\); child: delete\./m,
      {
        preview: print({
          steps: [
            { op: "same", urn: urn("box") },
            { op: "create", urn: urn("new") },
            { op: "update", urn: urn("kept") },
            { op: "delete", urn: urn("mine") },
            { op: "create-replacement", urn: urn("old") },
            { op: "delete-replaced", urn: urn("old"), replaceReasons: ["memoryLimit"] },
            { op: "delete", urn: `urn:pulumi:dev::p::my:Component$${resourceType}::child` },
            { op: "delete", urn: "urn:pulumi:dev::p::other:Type::disk" },
          ],
        }),
      },
    ],
    [
      "Pulumi refuses to preview the deletion of a protected container, with advice that fits",
      /^OC5223: .*cannot be deleted because it is protected\. .*If it has expired, unprotect it/m,
      {
        preview: `${print({ diagnostics: [{ message: 'resource "x" cannot be deleted because it is protected', severity: "error" }] })}\nexit 255`,
      },
    ],
    [
      "the program does not declare a container",
      /^OC5222: .*box: not in the program\./m,
      { preview: print({ steps: [] }) },
    ],
  ];
  for (const [what, message, changes] of afterwards) {
    it(`exits with 1 where ${what}`, async () => {
      const { code, text } = await run(changes);
      assert.equal(code, 1);
      assert.match(text, message);
    });
  }
});

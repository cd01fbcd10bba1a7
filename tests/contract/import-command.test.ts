import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, ManualClock, startEmulator } from "../../sdk/emulator";
import { key } from "../support/hosted";
import { type CommandResult, runMain } from "../support/run-main";

const main = join(__dirname, "../../dist/sdk/cli/index.js");

describe("openai-containers import of hosted containers", () => {
  const clock = new ManualClock(1_700_000_000_000);
  let emulator: Emulator;
  let folder: string;
  let env: NodeJS.ProcessEnv;
  beforeEach(async () => {
    emulator = await startEmulator({ clock, requestsPerMinute: 1_000_000 });
    folder = mkdtempSync(join(tmpdir(), "openai-containers-import-"));
    env = process.env;
    process.env = { ...env, OPENAI_API_KEY: key, OPENAI_BASE_URL: emulator.baseUrl };
  });
  afterEach(async () => {
    process.env = env;
    rmSync(folder, { recursive: true });
    await emulator.stop();
  });

  /** A container as any other client of the API creates it. */
  const created = async (name: string, body: object = {}): Promise<string> => {
    const response = await fetch(`${emulator.baseUrl}/containers`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify({ name, ...body }),
    });
    const { id }: { id: string } = JSON.parse(await response.text());
    clock.advance(1_000);
    return id;
  };
  const command = (...args: string[]): Promise<CommandResult> => runMain(["import", ...args]);
  const inFolder = (name: string) => join(folder, name);
  const written = (name: string) => readFileSync(inFolder(name), "utf8");

  it("lists what can be imported, writes nothing, and sends list requests only", async () => {
    const [a, b] = [await created("a", { memory_limit: "4g" }), await created("b\u009b1m c")];
    const before = emulator.requests.length;
    const [exitCode, out, err] = await command();
    assert.deepEqual([exitCode, err], [0, ""]);
    assert.equal(
      out,
      `${a}  "a"  running  4g  created 2 seconds ago
${b}  "b\\u009b1m c"  running  1g  created 1 second ago
2 containers can be imported. Nothing was changed: --run imports them.
`,
    );
    const requests = emulator.requests.slice(before).map(({ method, path }) => `${method} ${path}`);
    assert.deepEqual([...new Set(requests)], ["GET /v1/containers"]);
  });

  it("writes an import file with inputs and outputs, a program and a mapping, the same ones again", async () => {
    const policy = { type: "allowlist", allowed_domains: ["api.github.com"] };
    const id = await created("web scraper", { network_policy: policy });
    const files = [
      "--file",
      inFolder("import.json"),
      "--program",
      inFolder("sandboxes.ts"),
      "--mapping",
      inFolder("map.json"),
    ];
    const [exitCode, out, err] = await command(...files);
    assert.deepEqual([exitCode, err], [0, ""]);
    assert.match(out, /^1 container in .*\nTo import: pulumi import --file .*import\.json --generate-code=false\n$/);

    const [resource] = JSON.parse(written("import.json")).resources;
    const { type, name, inputs, outputs } = resource;
    assert.deepEqual(
      [type, name, resource.id],
      ["pulumi-nodejs:dynamic/openai-containers:Container", "webScraper", id],
    );
    assert.deepEqual([inputs.name, inputs.backend, outputs.status], ["web scraper", "openai", "running"]);
    assert.deepEqual(outputs.__unreported, ["fileIds", "skills", "networkPolicy.domainSecrets"]);
    for (const properties of [inputs, outputs])
      assert.match(properties.__provider, /pulumi-openai-containers\/provider/);
    assert.deepEqual(JSON.parse(written("map.json")), { [id]: { name: "webScraper", import: true } });
    assert.match(written("sandboxes.ts"), /^export const webScraper = new Container\($/m);

    const texts = readdirSync(folder).map(written);
    await command(...files);
    assert.deepEqual(readdirSync(folder).map(written), texts);
  });

  it("follows a mapping that a person edited", async () => {
    const [a, b] = [await created("a"), await created("b")];
    await command("--mapping", inFolder("map.json"));
    const edited = {
      [b]: { name: "second", import: true },
      [a]: { name: "a", import: false, reason: "of another team" },
    };
    writeFileSync(inFolder("map.json"), `${JSON.stringify(edited, null, 2)}\n`);
    const added = await created("c");
    const [exitCode, out] = await command(
      "--mapping",
      inFolder("map.json"),
      "--file",
      inFolder("import.json"),
      "--json",
    );
    assert.equal(exitCode, 0);
    assert.deepEqual(JSON.parse(out), {
      selected: [{ id: b, name: "second" }],
      managed: [],
      skipped: [
        { id: a, name: "a", reason: "of another team" },
        { id: added, name: "c", reason: "new since this mapping was written" },
      ],
      files: [inFolder("map.json"), inFolder("import.json")],
      imported: [],
      unchanged: 0,
    });
    assert.deepEqual(Object.keys(JSON.parse(written("map.json"))), [b, a, added]);
  });

  it("warns of containers that the mapping imports and that are gone or have expired, and does the rest", async () => {
    const old = await created("old", { expires_after: { anchor: "last_active_at", minutes: 1 } });
    const a = await created("a", { expires_after: { anchor: "last_active_at", minutes: 20 } });
    clock.advance(120_000);
    const entry = (name: string) => ({ name, import: true });
    const mapping = { cntr_gone: entry("gone"), [old]: entry("old"), [a]: entry("a") };
    writeFileSync(inFolder("map.json"), JSON.stringify(mapping));
    const [exitCode, , err] = await command("--mapping", inFolder("map.json"), "--file", inFolder("import.json"));
    assert.equal(exitCode, 0);
    assert.deepEqual(
      err.trimEnd().split("\n").sort(),
      [
        `OC5224: The mapping imports ${old}, which is skipped: it has expired.`,
        "OC5224: The mapping imports cntr_gone, which is skipped: there is no such container.",
      ].sort(),
    );
    assert.equal(JSON.parse(written("import.json")).resources.length, 1);
  });

  it("skips containers that expired, with the reason, and refuses them by their id with OC5217", async () => {
    const id = await created("old", { expires_after: { anchor: "last_active_at", minutes: 1 } });
    clock.advance(120_000);
    const [exitCode, out] = await command();
    assert.deepEqual([exitCode, out.split("\n")[0]], [0, `skipped  ${id}  "old": it has expired`]);
    const [code, , err] = await command("--id", id, "--program", inFolder("x.ts"));
    assert.equal(code, 1);
    assert.match(err, new RegExp(`^OC5217: Container ${id} cannot be imported: it has expired\\.`));
    assert.deepEqual(readdirSync(folder), []);
  });

  it("selects by filters and by ids", async () => {
    const [a, b] = [await created("a", { memory_limit: "4g" }), await created("b")];
    const selected = async (...args: string[]) =>
      JSON.parse((await command("--json", ...args))[1]).selected.map(({ id }: { id: string }) => id);
    assert.deepEqual(await selected("--memory", "4g"), [a]);
    assert.deepEqual(await selected("--name", "?", "--newer-than", "2s"), [b]);
    assert.deepEqual(await selected("--id", b, "--id", a), [a, b]);
    assert.deepEqual(await selected("--status", "expired"), []);
  });

  const mistakes: [code: string, exitCode: number, what: RegExp, ...args: string[]][] = [
    [
      "OC5216",
      1,
      /There is no container cntr_none at openai:http.*--backend, and OPENAI_BASE_URL/,
      "--id",
      "cntr_none",
    ],
    ["OC5216", 1, /There is no container my-box at /, "--id", "my-box"],
  ];
  for (const [code, exitCode, what, ...args] of mistakes) {
    it(`exits with ${exitCode} and ${code} for ${args.join(" ")}`, async () => {
      await created("a");
      const [exited, out, err] = await command(...args);
      assert.deepEqual([exited, out], [exitCode, ""]);
      assert.ok(err.startsWith(`${code}: `), err);
      assert.match(err, what);
    });
  }

  it("exits with 2 and OC5202 for --run where nobody chooses and nobody can be asked", () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [main, "import", "--run"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
    assert.deepEqual([status, stdout], [2, ""]);
    assert.match(stderr, /^OC5202: --run without a terminal needs a choice/);
  });

  it("lets the person at a terminal choose from a list", async () => {
    const [first, , third] = [await created("a"), await created("b"), await created("c")];
    const answers = ["4\n", "1,3\n"];
    // `script` of util-linux runs a command at a terminal of its own.
    const line = [process.execPath, main, "import", "--file", inFolder("import.json")].join(" ");
    const child = spawn("script", ["-qec", line, "/dev/null"], { stdio: ["pipe", "pipe", "inherit"] });
    let shown = "";
    child.stdout.on("data", (data) => {
      shown += data;
      if (shown.split("Import which").length > 3 - answers.length && answers.length > 0)
        child.stdin.write(answers.shift());
    });
    const [exitCode] = await once(child, "close");
    assert.equal(exitCode, 0, shown);
    assert.match(shown, /Type numbers from 1 to 3/);
    assert.deepEqual(
      JSON.parse(written("import.json")).resources.map(({ id }: { id: string }) => id),
      [first, third],
    );
  });

  it("fails without an API key in one line with a code", async () => {
    delete process.env["OPENAI_API_KEY"];
    const [exitCode, out, err] = await command("--program", inFolder("x.ts"));
    assert.deepEqual([exitCode, out, existsSync(inFolder("x.ts"))], [1, "", false]);
    assert.match(err, /^OC\d{4}: .*OPENAI_API_KEY.*\n$/);
  });

  it("never overwrites a program that it did not generate", async () => {
    await created("a");
    writeFileSync(inFolder("index.ts"), "export const mine = 1;\n");
    const [exitCode, , err] = await command("--program", inFolder("index.ts"));
    assert.equal(exitCode, 1);
    assert.match(err, /^OC5209: /);
    assert.equal(written("index.ts"), "export const mine = 1;\n");
  });

  it("appends to a program that it generated, which a person has edited since", async () => {
    await created("a");
    await command("--program", inFolder("x.ts"));
    const edited = written("x.ts").replace(/"a"/g, "'a'").replace("export const", "const");
    writeFileSync(inFolder("x.ts"), edited);
    await command("--program", inFolder("x.ts"));
    assert.equal(written("x.ts"), edited);
    await created("b");
    await command("--program", inFolder("x.ts"));
    assert.ok(written("x.ts").startsWith(edited), written("x.ts"));
    assert.match(
      written("x.ts").slice(edited.length),
      /^\n\/\/ Imported from cntr_\w+\nexport const b = new Container\(/,
    );
  });

  it("never overwrites a file that is not an import file", async () => {
    await created("a");
    for (const text of ['{"resources":[],"name":"package"}', "export const mine = 1;\n", "[]", "{}"]) {
      writeFileSync(inFolder("package.json"), text);
      const [exitCode, , err] = await command("--file", inFolder("package.json"));
      assert.deepEqual([exitCode, err.slice(0, 8), written("package.json")], [1, "OC5225: ", text]);
    }
    writeFileSync(inFolder("import.json"), '\ufeff{"resources":[],"nameTable":{}}');
    assert.equal((await command("--file", inFolder("import.json")))[0], 0);
    assert.equal(JSON.parse(written("import.json")).resources.length, 1);
  });

  it("says where a file cannot be written", async () => {
    await created("a");
    const [exitCode, , err] = await command("--file", inFolder("none/import.json"));
    assert.equal(exitCode, 1);
    assert.match(err, /^OC5208: Cannot write .*none\/import\.json: /);
  });
});

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { journalFolder } from "../../provider/host/run";
import type { Journal } from "../../provider/lifecycle/journal/journal";
import { type ProcessMark, processMark } from "../../provider/lifecycle/journal/process-mark";
import { type Emulator, startEmulator } from "../../sdk/emulator";
import { engine } from "../support/docker";
import { key } from "../support/hosted";
import { journalIn } from "../support/journal";
import { type Ran, ranMain } from "../support/ran-main";

const command = join(__dirname, "../../dist/sdk/cli/index.js");
const password = "pass-word-of-the-state";

type Env = Record<string, string | undefined>;

/** As its own process, and in this one. */
const ways: Record<string, (args: string[], env: Env) => Promise<Ran>> = {
  "the command": (args, env) =>
    new Promise((resolve) => {
      const options = { env: { ...process.env, ...env }, timeout: 30_000, killSignal: "SIGKILL" } as const;
      const child = execFile(process.execPath, [command, ...args], options, (_, out, err) => {
        resolve([child.exitCode ?? -1, out, err]);
      });
    }),
  main: async (args, env) => {
    const before = Object.fromEntries(Object.keys(env).map((name) => [name, process.env[name]]));
    try {
      put(env);
      return await ranMain(args);
    } finally {
      put(before);
    }
  },
};

function put(env: Env): void {
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}

for (const [way, run] of Object.entries(ways)) {
  describe(`openai-containers doctor, by ${way}`, () => {
    let emulator: Emulator;
    let state: string;
    let folder: string;
    let journal: Journal;
    beforeEach(async () => {
      emulator = await startEmulator();
      state = mkdtempSync(join(tmpdir(), "openai-containers-doctor-"));
      folder = journalFolder({ XDG_STATE_HOME: state });
      journal = journalOf(undefined);
    });
    afterEach(async () => {
      await emulator.stop();
      rmSync(state, { recursive: true, force: true });
    });

    function journalOf(engine: string | undefined, mark?: ProcessMark): Journal {
      return journalIn(folder, { program: "/shop", state: `postgres://me:${password}@state`, engine, process: mark });
    }

    const urnOf = (name: string) => `urn:pulumi:dev::shop::pulumi-nodejs:dynamic:Resource::${name}`;
    const location = () => `openai:${emulator.baseUrl}`;

    /** Writes down that a container was about to be made for a resource, as a run does, and its id where that came. */
    async function leave(
      resource: string,
      name: string,
      changes: { id?: string; isChosen?: boolean; in?: Journal } = {},
    ): Promise<string> {
      const into = changes.in ?? journal;
      const nameIsDrawn = !changes.isChosen;
      const file = into.begin({ urn: urnOf(resource), backend: "openai", location: location(), name, nameIsDrawn });
      if (changes.id) into.setId(file, changes.id);
      await sleep(2); // so that entries have an order
      return file;
    }

    function made(name: string): string {
      const [id = ""] = emulator.seed([{ name }]);
      return id;
    }

    async function doctor(args: string[] = [], env: Env = {}): Promise<Ran> {
      const place = { OPENAI_API_KEY: key, OPENAI_BASE_URL: emulator.baseUrl, OPENAI_LOG: "debug" };
      const noOther = { OPENAI_ORG_ID: undefined, OPENAI_PROJECT_ID: undefined };
      const noEngine = { DOCKER_HOST: `unix://${state}/no-engine.sock` };
      const ran = await run(["doctor", ...args], { XDG_STATE_HOME: state, ...place, ...noOther, ...noEngine, ...env });
      for (const text of ran.slice(1)) {
        assert.doesNotMatch(String(text), new RegExp(`${key}|${password}|^ +at .*:\\d+:\\d+`, "m"));
      }
      return ran;
    }

    const ids = () => emulator.containers().map(({ id }) => id);

    it("says that nothing is left", async () => {
      const nothing = `Nothing is left of any run of Pulumi (${folder}).\n`;
      assert.deepEqual(await doctor(), [0, nothing, ""]);
      assert.deepEqual(await doctor(["--clear"]), [0, nothing, ""]);
      mkdirSync(folder, { recursive: true });
      assert.deepEqual(await doctor(), [0, nothing, ""]);
      assert.deepEqual(emulator.requests, []);
    });

    it("says what the engine at hand does not keep from sandboxes", async () => {
      const host = await engine();
      const { ApiVersion } = await host.client.version();
      const isOld = Number(ApiVersion.split(".")[1]) < 42;
      const [exitCode, out, err] = await doctor([], { DOCKER_HOST: host.address });
      assert.deepEqual([exitCode, err], [0, ""]);
      assert.equal(out.includes("may let code in sandboxes open AF_VSOCK sockets"), isOld, out);
    });

    it("lists what is left, and neither asks nor removes anything", async () => {
      const id = made("box-1");
      const files = [
        await leave("box", "box-1", { id }),
        await leave("bag::2", "bag-1"),
        await leave("tin", "tin", { isChosen: true }),
      ];
      const [exitCode, out, err] = await doctor([], { OPENAI_API_KEY: undefined });
      assert.deepEqual([exitCode, err], [0, ""]);
      assert.match(out, /^3 entries /);
      const block = `
box
  entry      ${basename(files[0] ?? "", ".json")}
  began      TIME
  URN        ${urnOf("box")}
  program    /shop
  backend    openai, at ${location()}
  container  ${id}, named "box-1", drawn for it alone
  its run    is over
`;
      assert.ok(out.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME").includes(block), out);
      assert.match(out, /\nbag::2\n(.+\n)+ {2}container {2}id not known; named "bag-1", drawn for it alone\n/);
      assert.match(out, /\ntin\n(.+\n)+ {2}container {2}id not known; named "tin", which the program chose\n/);
      assert.match(out, /pulumi up.*doctor --clear\n.*doctor --forget ENTRY\n$/s);
      assert.ok(files.every((file) => existsSync(file)));
      assert.deepEqual(emulator.requests, []);
    });

    it("removes a container by its id, and says first what that may mean", async () => {
      const [id, other] = [made("box-1"), made("box-1")];
      const file = await leave("box", "box-1", { id });
      const [exitCode, out, err] = await doctor(["--clear"]);
      assert.deepEqual([exitCode, err], [0, ""]);
      assert.match(out, /^Prefer `pulumi up`\. .*makes a new one.*\n\nbox: /s);
      assert.ok(out.endsWith(`\nbox: container ${id} is gone from ${location()}, and its entry is cleared.\n`), out);
      assert.deepEqual([ids(), existsSync(file)], [[other], false]);
    });

    it("clears the entry of a container that is gone already", async () => {
      const file = await leave("box", "box-1", { id: "cntr_gone" });
      assert.deepEqual([(await doctor(["--clear"]))[0], existsSync(file)], [0, false]);
    });

    it("removes a container by the name that was drawn for it", async () => {
      const other = made("box-2");
      const file = await leave("box", "box-1");
      made("box-1");
      const [exitCode, out, err] = await doctor(["--clear"]);
      assert.deepEqual([exitCode, err], [0, ""]);
      assert.ok(
        out.endsWith(`\nbox: nothing named "box-1" is left at ${location()}, and its entry is cleared.\n`),
        out,
      );
      assert.deepEqual([ids(), existsSync(file)], [[other], false]);
    });

    it("lists what has a name of the program's, and does not remove it", async () => {
      const file = await leave("box", "shared", { isChosen: true });
      const id = made("shared");
      const [exitCode, out, err] = await doctor(["--clear"]);
      assert.deepEqual([exitCode, err], [0, ""]);
      assert.match(
        out,
        new RegExp(`\nbox: .* may have created ${id} \\(named "shared" by the program\\): delete what nobody`),
      );
      assert.match(out, /\nbox: nothing was removed, and its entry is cleared\.\n$/);
      assert.deepEqual([ids(), existsSync(file)], [[id], false]);
    });

    it("leaves what belongs to a run that goes on, and does the others", async () => {
      const engine: Server = createServer().listen(0, "127.0.0.1");
      await once(engine, "listening");
      try {
        const address = engine.address();
        assert.ok(address && typeof address === "object");
        const place = `127.0.0.1:${address.port}`;
        const [id, over] = [made("box-1"), made("bag-1")];
        const file = await leave("box", "box-1", { id, in: journalOf(place, processMark(process.pid)) });
        await leave("bag", "bag-1", { id: over });
        assert.match(
          (await doctor())[1],
          new RegExp(`\nbox\n(.+\n)+ {2}its run {4}goes on, as ${place} answers\n\nbag\n`),
        );
        const [exitCode, out, err] = await doctor(["--clear"]);
        assert.deepEqual([exitCode, err], [0, ""]);
        assert.match(out, new RegExp(`\nbox: left as it is: its run goes on, as ${place} answers\\.\nbag: `));
        assert.deepEqual([ids(), existsSync(file)], [[id], true]);
      } finally {
        engine.close();
      }
    });

    it("does not take for that run what listens where its engine did", async () => {
      const other = createServer().listen(0, "127.0.0.1");
      await once(other, "listening");
      try {
        const address = other.address();
        assert.ok(address && typeof address === "object");
        const over = { pid: process.pid, started: "long ago" };
        const place = `127.0.0.1:${address.port}`;
        const file = await leave("box", "box-1", { id: made("box-1"), in: journalOf(place, over) });
        assert.match((await doctor())[1], /its run {4}is over/);
        assert.equal((await doctor(["--clear"]))[0], 0);
        assert.deepEqual([ids(), existsSync(file)], [[], false]);
      } finally {
        other.close();
      }
    });

    it("forgets one entry, asks and removes nothing, and says what that means", async () => {
      const id = made("box-1");
      const [file, other] = [await leave("box", "box-1", { id }), await leave("bag", "bag-1")];
      const [exitCode, out, err] = await doctor(["--forget", basename(file, ".json")], { OPENAI_API_KEY: undefined });
      assert.deepEqual([exitCode, err], [0, ""]);
      assert.match(
        out,
        new RegExp(
          `^box: forgotten\\. Nothing was asked or removed at ${location()}: if container ${id} is there, no run`,
        ),
      );
      assert.deepEqual([ids(), entriesThere(), emulator.requests], [[id], [other], []]);
    });

    it("forgets no entry that is none, or whose run goes on", async () => {
      const [exitCode, out, err] = await doctor(["--forget", "0123"]);
      assert.deepEqual([exitCode, out], [1, ""]);
      assert.equal(err, 'There is no entry "0123": openai-containers doctor lists the entries there are.\n');
      const engine = createServer().listen(0, "127.0.0.1");
      await once(engine, "listening");
      try {
        const address = engine.address();
        assert.ok(address && typeof address === "object");
        const run = journalOf(`127.0.0.1:${address.port}`, processMark(process.pid));
        const file = await leave("box", "box-1", { in: run });
        const [kept, , why] = await doctor(["--forget", basename(file, ".json")]);
        assert.deepEqual([kept, existsSync(file)], [1, true]);
        assert.match(why, /^box: kept\. Its run goes on, .*: wait for its end\.\n$/);
      } finally {
        engine.close();
      }
    });

    it("keeps an entry that it cannot read, and says so", async () => {
      mkdirSync(join(folder, "0123.json"), { recursive: true });
      const [exitCode, out, err] = await doctor(["--clear"]);
      assert.deepEqual([exitCode, out], [0, ""]);
      assert.match(err, /^Cannot read .*0123\.json, which may be an entry: EISDIR.*\n$/);
    });

    it("refuses to take another account for the one", async () => {
      const id = made("box-1");
      const file = await leave("box", "box-1", { id });
      const [exitCode, , err] = await doctor(["--clear"], { OPENAI_PROJECT_ID: "proj_other" });
      assert.equal(exitCode, 1);
      assert.equal(
        err,
        `box: kept. It is at ${location()}, and the environment points at ${location()} proj_other. Point at the first with OPENAI_BASE_URL, OPENAI_ORG_ID and OPENAI_PROJECT_ID, and run this again.
1 entry of 1 kept. This command finds accounts and engines by the environment, not by a stack's configuration. Of a place that is gone for good: openai-containers doctor --forget ENTRY.
`,
      );
      assert.deepEqual([ids(), existsSync(file), emulator.requests], [[id], true, []]);
    });

    it("keeps what is out of reach, and does the others", async () => {
      const docker = { urn: urnOf("tub"), backend: "docker", location: "docker:x", name: "tub-1" } as const;
      const kept = [journal.begin({ ...docker, nameIsDrawn: true })];
      await sleep(2);
      const id = made("box-1");
      await leave("box", "box-1", { id });
      const engineless = { DOCKER_HOST: `unix://${state}/no.sock`, DOCKER_CONTEXT: undefined };
      const [exitCode, out, err] = await doctor(["--clear"], engineless);
      assert.equal(exitCode, 1);
      assert.match(err, /^tub: kept\. .*no\.sock.*\n1 entry of 2 kept\. .*\n$/);
      assert.match(out, /\nbox: container .* is gone from/);
      assert.deepEqual([ids(), entriesThere()], [[], kept]);
    });

    it("keeps all where the API is down, has no key, or refuses it", async () => {
      const kept = [await leave("box", "box-1", { id: made("box-1") }), await leave("bag", "bag-1")].sort();
      const [noKey, , said] = await doctor(["--clear"], { OPENAI_API_KEY: undefined });
      assert.equal(noKey, 1);
      assert.match(
        said,
        /^box: kept\. There is no API key\. .*\nbag: kept\. There is no API key.*\n2 entries of 2 kept\./,
      );

      const body = { error: { message: `Incorrect API key provided: ${key}.`, code: "invalid_api_key" } };
      emulator.fault({ times: 2, answer: { status: 401, body } });
      const [refused, , why] = await doctor(["--clear"]);
      assert.equal(refused, 1);
      assert.match(why, /^box: kept\. .*OPENAI_API_KEY.*\nbag: kept\. .*OPENAI_API_KEY.*\n2 entries of 2 kept\./);
      assert.equal(ids().length, 1);

      await emulator.stop();
      const [down, , lost] = await doctor(["--clear"]);
      assert.equal(down, 1);
      assert.match(
        lost,
        /^box: kept\. No API can be reached at .*ECONNREFUSED.*\nbag: kept\. .*\n2 entries of 2 kept\./,
      );
      assert.deepEqual(entriesThere(), kept);
    });

    it("names what lies there and is no entry, and leaves it", async () => {
      const file = await leave("box", "box-1", { id: made("box-1") });
      const strangers = ["notes.txt", "torn.json", "torn.json.new"].map((name) => join(folder, name));
      for (const stranger of strangers) writeFileSync(stranger, '{"urn": "urn:pul');
      const [exitCode, out, err] = await doctor(["--clear"]);
      assert.equal(exitCode, 0);
      assert.match(out, /its entry is cleared/);
      const line = (stranger: string) =>
        `Not an entry, or a torn one: ${stranger}. Delete it, unless a newer version of this package wrote it.\n`;
      assert.deepEqual(err.match(/.+\n/g)?.sort(), strangers.map(line).sort());
      assert.deepEqual([entriesThere(), existsSync(file)], [strangers, false]);
    });

    it("says in one line that the journal cannot be read", async () => {
      mkdirSync(join(folder, ".."), { recursive: true });
      writeFileSync(folder, "");
      const [exitCode, out, err] = await doctor();
      assert.deepEqual([exitCode, out], [1, ""]);
      assert.match(err, /^The journal cannot be read: ENOTDIR.*\n$/);
    });

    it("explains itself", async () => {
      assert.match(
        (await doctor(["--help"]))[1],
        /^Usage: openai-containers doctor.*stack makes a new one.*exit code is 1/s,
      );
      const [exitCode, out, err] = await doctor(["--cleer"]);
      assert.deepEqual([exitCode, out], [2, ""]);
      assert.match(err, /^Unknown option '--cleer'.*Usage: openai-containers doctor/s);
      assert.equal((await doctor(["box"]))[0], 2);
      assert.equal((await doctor(["--clear", "--forget", "0123"]))[0], 2);
    });

    function entriesThere(): string[] {
      return readdirSync(folder)
        .map((name) => join(folder, name))
        .sort();
    }
  });
}

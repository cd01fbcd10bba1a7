import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { type Emulator, ManualClock, startEmulator } from "../../sdk/emulator";
import { key } from "../support/hosted";
import { canGet, Stack } from "../support/stack";
import { upWarnings } from "../support/stack-warnings";

const token = "ghp_notToBeSeenAnywhere0123456789";
const data = Buffer.from("PK a zip").toString("base64");

/** Waits until a process has printed a text. */
function untilPrinted(child: ChildProcess, text: string): Promise<void> {
  return new Promise((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (data) => {
        if (String(data).includes(text)) resolve();
      });
    }
  });
}

/** A container with every argument of the API, and one without arguments. */
function program(memoryLimit: string): string {
  return `new Container("full", {
    memoryLimit: "${memoryLimit}",
    expiresAfter: { anchor: "last_active_at", minutes: 15 },
    networkPolicy: {
      type: "allowlist",
      allowedDomains: ["API.GitHub.com.", "pypi.example.com"],
      domainSecrets: [{ domain: "api.github.com", name: "GITHUB_TOKEN", value: "${token}" }],
    },
    fileIds: ["file-1", "file-2"],
    skills: [
      { type: "skill_reference", skillId: "openai-spreadsheets", version: 2 },
      { type: "inline", name: "report", description: "Writes reports", source: { type: "base64", mediaType: "application/zip", data: "${data}" } },
    ],
  });
  new Container("plain");`;
}

describe("the hosted backend in a stack", function () {
  this.timeout(300_000);
  const clock = new ManualClock();
  let emulator: Emulator;
  let stack: Stack;
  let all = "";

  /** The requests since the last call, as `{"GET list": 1, "POST": 2}`. */
  let counted = 0;
  function requests(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { method, path } of emulator.requests.slice(counted)) {
      const what = method === "GET" ? (path === "/v1/containers" ? "GET list" : "GET one") : method;
      counts[what] = (counts[what] ?? 0) + 1;
    }
    counted = emulator.requests.length;
    return counts;
  }
  async function up(...args: string[]): Promise<string> {
    const text = await stack.up(...args);
    all += text;
    return text;
  }
  const idOf = (name: string) => {
    const found = emulator.containers().find((container) => container.name.startsWith(`${name}-`));
    return found?.id ?? assert.fail(`there is no ${name}`);
  };

  before(async () => {
    emulator = await startEmulator({ clock, requestsPerMinute: 100_000 });
    // The official client would print requests with their bodies.
    stack = new Stack({ OPENAI_API_KEY: key, OPENAI_BASE_URL: emulator.baseUrl, OPENAI_LOG: "debug" });
    stack.program(program("1g")).init();
  });
  after(async () => {
    await stack.end(emulator).finally(() => emulator.stop());
  });

  it("creates each container with its arguments, in one request", async () => {
    await up();
    assert.deepEqual(requests(), { POST: 2 });
    assert.deepEqual(emulator.bodyOf(idOf("full")), {
      name: emulator.containers().find(({ id }) => id === idOf("full"))?.name,
      memory_limit: "1g",
      expires_after: { anchor: "last_active_at", minutes: 15 },
      network_policy: {
        type: "allowlist",
        allowed_domains: ["api.github.com", "pypi.example.com"],
        domain_secrets: [{ domain: "api.github.com", name: "GITHUB_TOKEN", value: token }],
      },
      file_ids: ["file-1", "file-2"],
      skills: [
        { type: "skill_reference", skill_id: "openai-spreadsheets", version: "2" },
        {
          type: "inline",
          name: "report",
          description: "Writes reports",
          source: { type: "base64", media_type: "application/zip", data },
        },
      ],
    });
    assert.deepEqual(emulator.bodyOf(idOf("plain")), {
      name: emulator.containers().find(({ id }) => id === idOf("plain"))?.name,
      memory_limit: "1g",
      expires_after: { anchor: "last_active_at", minutes: 20 },
      network_policy: { type: "disabled" },
    });
  });

  it("shows no change of an unchanged program minutes later, with one list request for all containers", async () => {
    clock.advance(6 * 60_000);
    emulator.touch(idOf("full"));
    clock.advance(6 * 60_000);
    const text = await up();
    assert.match(text, /3 unchanged/);
    assert.deepEqual(upWarnings(text), []);
    assert.deepEqual(requests(), { "GET list": 1 });
  });

  it("shows no drift in a refresh, and keeps the recorded arguments that the API does not report", async () => {
    const before = stack.state();
    const text = await stack.ok("refresh", "--yes", "--skip-preview", "--expect-no-changes", "--diff");
    all += text;
    assert.doesNotMatch(text, /networkPolicy|fileIds|skills|warning/);
    assert.deepEqual(requests(), { "GET list": 1 });
    const args = ({ deployment }: typeof before) =>
      deployment.resources.map(({ inputs, outputs }) => ({ inputs, outputs }));
    const after = stack.state();
    const sealed = /"ciphertext":"[^"]*"/g;
    const textOf = (state: typeof before) => JSON.stringify(args(state)).replace(sealed, "sealed");
    assert.equal(textOf(after), textOf(before));
    assert.match(textOf(after), /sealed/);
  });

  it("replaces only the container whose argument changed", async () => {
    stack.program(program("4g"));
    requests();
    const old = idOf("full");
    await up();
    assert.deepEqual(requests(), { "GET list": 1, POST: 1, DELETE: 1 });
    assert.notEqual(idOf("full"), old);
  });

  it("creates one container although the response to its create is lost", async () => {
    emulator.fault({ method: "POST", answer: "cut", afterWork: true });
    stack.program(`${program("4g")}\nnew Container("lost");`);
    await up();
    assert.equal(emulator.containers().filter(({ name }) => name.startsWith("lost-")).length, 1);
  });

  it("waits for the pause that the API asks for, with progress in the resource's row", async () => {
    emulator.fault({ method: "POST", answer: { status: 429, headers: { "retry-after": "5" } } });
    stack.program(`${program("4g")}\nnew Container("late");`);
    assert.match(
      await up(),
      /Container \w+ creating .*the API asked for a pause: \d s to go \(press Ctrl-C once only.*\n.*(\n.*)*sending the request to the API/,
    );
  });

  it("fails with the argument's name where the API rejects it, and leaves nothing in state", async () => {
    stack.program(
      `${program("4g")}\nnew Container("long", { expiresAfter: { anchor: "last_active_at", minutes: 21 } });`,
    );
    const { code, text } = await stack.run(["up", "--yes", "--skip-preview"]);
    all += text;
    assert.notEqual(code, 0);
    assert.match(
      text,
      /OC2118: The API rejected expiresAfter\.minutes \(HTTP 400, integer_above_max_value, request req_/,
    );
    assert.doesNotMatch(text, /\bat .*\.[jt]s:\d+/);
    stack.program(program("4g"));
    assert.match(await up(), /3 unchanged/);
  });

  it("skips the liveness check in a preview without an API key, with one warning", async () => {
    const keyless = new Stack({ OPENAI_API_KEY: "", OPENAI_BASE_URL: emulator.baseUrl }, stack);
    const { code, text } = await keyless.run(["preview"]);
    assert.equal(code, 0, text);
    const summary = text.slice(text.indexOf("Diagnostics:")); // above it, Pulumi may print a row more than once
    assert.equal(summary.match(/OC2007: skipped the liveness check: OC2101: There is no API key/g)?.length, 1, text);
    assert.match(text, /3 unchanged/);
  });

  it("fails for another account than the recorded one, and names both", async () => {
    const env = { OPENAI_API_KEY: key, OPENAI_BASE_URL: emulator.baseUrl, OPENAI_PROJECT_ID: "proj_2" };
    const before = emulator.containers().length;
    const { code, text } = await new Stack(env, stack).run(["up", "--yes", "--skip-preview"]);
    assert.notEqual(code, 0);
    assert.match(
      text,
      /OC2010: Container \w+ is at openai:http:\/\/127\.0\.0\.1:\d+\/v1, and this run uses openai:\S+ proj_2\. Point/,
    );
    assert.doesNotMatch(text, /\n\s+at /);
    assert.equal(emulator.containers().length, before);
  });

  it("reads an existing container by its id with Container.get (SDK 3.268 or newer)", async function () {
    if (!canGet) this.skip();
    const [id] = emulator.seed([{ name: "by hand", memory_limit: "16g" }]);
    stack.program(
      `${program("4g")}\nconst got = Container.get("got", "${id}"); exports.tier = got.memoryLimit; exports.name = got.name;`,
    );
    await up();
    assert.deepEqual(stack.outputs(), { tier: "16g", name: "by hand" });
    assert.equal(emulator.containers().length, 3);
    emulator.expire(id ?? "");
    await fetch(`${emulator.baseUrl}/containers/${id}`, { method: "DELETE", headers: { authorization: "Bearer any" } });
  });

  it("ends at the second Ctrl-C, sends no waiting request, and orphans no container", async () => {
    const before = emulator.containers().length;
    emulator.fault({ method: "POST", answer: { delayMs: 3_000 }, afterWork: true, times: 10 });
    stack.program(`${program("4g")}\nfor (const at of [1, 2, 3, 4, 5, 6]) new Container("more-" + at);`);
    stack.configure("openai-containers:requestsPerMinute", "3"); // for lists and creates, in any order
    counted = emulator.requests.length;
    const { text } = await stack.run(["up", "--yes", "--skip-preview"], {
      started: async (child) => {
        for (let at = 0; at < 1_000 && emulator.containers().length < before + 2; at += 1) await sleep(20);
        const printed = untilPrinted(child, "^C received");
        child.kill("SIGINT");
        await printed;
        child.kill("SIGINT");
      },
    });
    assert.match(text, /terminating/);
    assert.equal(emulator.containers().length, before);
    emulator.clearFaults();
    const { POST: created = 0, DELETE: removed, "GET list": lists = 0 } = requests();
    assert.equal(removed, created);
    assert.ok(created >= 2 && created + lists <= 3, `${created} creates, ${lists} lists`);
    stack.configure("openai-containers:requestsPerMinute");
    stack.program(program("4g"));
    await stack.ok("refresh", "--yes", "--skip-preview", "--clear-pending-creates");
    assert.match(await up(), /3 unchanged/);
  });

  it("shows the API key and the domain secrets in no output, state or log", async () => {
    const state = await stack.ok("stack", "export");
    const preview = (await stack.run(["preview", "--diff", "--json"])).text;
    for (const secret of [key, token]) {
      for (const output of [all, state, preview, JSON.stringify(emulator.requests)])
        assert.ok(!output.includes(secret));
    }
  });

  it("uses the API key of the stack's secret configuration, which is in clear nowhere in state", async () => {
    const configured = new Stack({ OPENAI_API_KEY: "", OPENAI_BASE_URL: "" }, stack);
    await configured.ok("config", "set", "--secret", "openai-containers:apiKey", key);
    configured.configure("openai-containers:baseUrl", emulator.baseUrl);
    requests();
    assert.match(await configured.up(), /3 unchanged/);
    assert.deepEqual(requests(), { "GET list": 1 });
    assert.ok(!(await configured.ok("stack", "export")).includes(key));
  });
});

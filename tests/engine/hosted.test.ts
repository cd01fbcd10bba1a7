import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { type Emulator, startEmulator } from "../../sdk/emulator";
import { key } from "../support/hosted";
import { skillZip } from "../support/skill-zip";
import { Stack } from "../support/stack";
import { upWarnings } from "../support/stack-warnings";

const token = "ghp_notToBeSeenAnywhere0123456789";
let data: string;

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
  let emulator: Emulator;
  let stack: Stack;
  /** The output of all commands of Pulumi, which must not contain a secret. */
  let all = "";

  const idOf = (name: string) => {
    const found = emulator.containers().find((container) => container.name.startsWith(`${name}-`));
    return found?.id ?? assert.fail(`there is no ${name}`);
  };

  before(async () => {
    data = (await skillZip()).toString("base64");
    emulator = await startEmulator({ requestsPerMinute: 100_000 });
    for (const id of ["file-1", "file-2"]) emulator.addFile({ id, name: `${id}.csv`, content: "1,2" });
    const env = { OPENAI_API_KEY: key, OPENAI_BASE_URL: emulator.baseUrl, OPENAI_CONTAINERS_DEBUG: "1" };
    // The official client would print requests with their bodies.
    stack = new Stack({ ...env, OPENAI_LOG: "debug" });
    stack.program(program("1g")).init();
  });
  after(() => stack.end(emulator).finally(() => emulator.stop()));

  it("creates each container with its arguments, in one request", async () => {
    all += await stack.up();
    assert.deepEqual(
      emulator.requests.map(({ method }) => method),
      ["POST", "POST"],
    );
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

  it("prints a line for each API call under Diagnostics, at the stack, with OPENAI_CONTAINERS_DEBUG=1", () => {
    const line = (name: string) =>
      new RegExp(`^\\S+-dev: openai-containers: \\S+Z openai POST /containers 200 \\d+ ms req_\\w+ ${idOf(name)}$`);
    const lines = upWarnings(all).filter((one) => one.includes(": openai-containers: "));
    assert.equal(lines.length, 2, all);
    for (const name of ["full", "plain"]) assert.equal(lines.filter((one) => line(name).test(one)).length, 1, all);
  });

  it("waits for the pause that the API asks for, with progress in the resource's row, and creates one container although a response is lost", async () => {
    emulator.fault({ method: "POST", answer: { status: 429, headers: { "retry-after": "5" } } });
    emulator.fault({ method: "POST", answer: "cut", afterWork: true });
    stack.program(`${program("1g")}\nnew Container("late");`);
    const text = await stack.up();
    all += text;
    assert.match(
      text,
      /Container \w+ creating .*the API asked for a pause: \d s to go \(press Ctrl-C once only.*\n.*(\n.*)*sending the request to the API/,
    );
    assert.equal(emulator.containers().filter(({ name }) => name.startsWith("late-")).length, 1);
  });

  it("shows the API key and the domain secrets in no output, state or log", async () => {
    stack.program(program("4g"));
    all += (await stack.run(["preview", "--diff", "--json"])).text;
    assert.match(all, /networkPolicy/);
    const state = JSON.stringify(stack.state());
    assert.match(state, /ciphertext/);
    for (const secret of [key, token]) {
      for (const text of [all, state, JSON.stringify(emulator.requests)]) assert.ok(!text.includes(secret));
    }
  });

  it("ends at the second Ctrl-C, sends no waiting request, and orphans no container", async () => {
    const before = emulator.containers().length;
    emulator.fault({ method: "POST", answer: { delayMs: 3_000 }, afterWork: true, times: 10 });
    stack.program(
      `${program("1g")}\nnew Container("late");\nfor (const at of [1, 2, 3, 4, 5, 6]) new Container("more-" + at);`,
    );
    stack.configure("openai-containers:requestsPerMinute", "3"); // for lists and creates, in any order
    const counted = emulator.requests.length;
    const { text } = await stack.run(["up", "--yes", "--skip-preview"], {
      started: async (child) => {
        while (emulator.containers().length < before + 2 && child.exitCode === null) await sleep(20);
        const printed = untilPrinted(child, "^C received");
        child.kill("SIGINT");
        await printed;
        child.kill("SIGINT");
      },
    });
    assert.match(text, /terminating/);
    assert.equal(emulator.containers().length, before);
    const since = emulator.requests.slice(counted).map(({ method }) => method);
    const [created, removed, lists] = ["POST", "DELETE", "GET"].map(
      (method) => since.filter((one) => one === method).length,
    );
    assert.equal(removed, created);
    assert.ok(Number(created) >= 2 && Number(created) + Number(lists) <= 3, since.join());
  });
});

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { DockerBackend } from "../../provider/backends/docker/docker-backend";
import { type Emulator, startEmulator } from "../../sdk/emulator";
import { autoNamed, named } from "../support/create-context";
import { debugLinesOf } from "../support/debug-lines";
import { assertNothingLeft, engine, sandboxArgs } from "../support/docker";
import { hosted, hostedArgs, key } from "../support/hosted";
import { gatewayImage } from "../support/live/images";
import { silent } from "../support/silent";

const canary = "canary-0123456789abcdef";
const allowedDomain = "api.canary-domain.example.com";
const networkPolicy = {
  type: "allowlist" as const,
  allowedDomains: [allowedDomain],
  domainSecrets: [{ domain: allowedDomain, name: "CANARY_NAME", value: canary }],
};

/** No part of a key, a policy or a secret, as it is or encoded. */
function assertNoSecret(lines: string[]): void {
  const text = lines.join("\n");
  const values = [canary, key, allowedDomain, "CANARY_NAME"];
  for (const value of values.flatMap((one) => [one, Buffer.from(one).toString("base64").replace(/=+$/, "")]))
    assert.ok(!text.includes(value), text);
}

describe("the debug log of the hosted backend", () => {
  let emulator: Emulator;
  beforeEach(async () => {
    emulator = await startEmulator();
  });
  afterEach(() => emulator.stop());

  /** `GET /containers?limit&order 200 req cntr`: without time and duration, and ids by their kind. */
  const calls = (lines: string[]) =>
    lines.map((line) =>
      line
        .replace(/^openai-containers: \S+ openai /, "")
        .replace(/ \d+ ms/, "")
        .replace(/req_\w+/, "req")
        .replace(/cntr_\w+/, "cntr"),
    );

  it("has one line for each call, with the ids of request and new container", async () => {
    const lines = await debugLinesOf(async () => {
      const backend = await hosted(emulator.baseUrl);
      const { id } = await backend.create(hostedArgs("analysis", { networkPolicy }), silent, named);
      await backend.observe(id, {}, silent);
      await backend.observe("cntr_gone", {}, silent);
      await backend.delete(id, {}, silent);
      emulator.fault({ method: "GET", answer: { status: 429, headers: { "retry-after": "0" } } });
      await backend.list("analysis", silent);
    });
    assert.deepEqual(calls(lines), [
      "POST /containers 200 req cntr",
      "GET /containers?limit&order 200 req",
      "GET /containers/cntr 404 req",
      "DELETE /containers/cntr 200 req",
      "GET /containers?limit&order&name 429 req",
      "GET /containers?limit&order&name 200 req",
    ]);
    assertNoSecret(lines);
  });

  it("has the error code where no response came", async () => {
    const lines = await debugLinesOf(async () => {
      const backend = await hosted(emulator.baseUrl);
      emulator.fault({ method: "POST", answer: "cut" });
      await backend.create(hostedArgs("analysis-0a1b2c3d", { networkPolicy }), silent, autoNamed);
      await emulator.stop();
      await assert.rejects(backend.list(undefined, silent));
    });
    const [lost, ...rest] = calls(lines);
    assert.match(lost ?? "", /^POST \/containers (ECONNRESET|UND_ERR_SOCKET)$/);
    assert.equal(rest.at(-1), "GET /containers?limit&order ECONNREFUSED");
    assertNoSecret(lines);
  });

  it("has no secret where the API echoes one", async () => {
    const lines = await debugLinesOf(async () => {
      const backend = await hosted(emulator.baseUrl);
      const error = { message: `Bad value ${canary} for ${key}`, code: canary, param: null };
      emulator.fault({ method: "POST", answer: { status: 400, body: { error } } });
      await assert.rejects(backend.create(hostedArgs("analysis", { networkPolicy }), silent, named));
    });
    assert.deepEqual(calls(lines), ["POST /containers 400 req"]);
    assertNoSecret(lines);
  });
});

describe("the debug log of the Docker backend", () => {
  it("has a line for each call, and nothing of a policy that is pushed to a gateway", async () => {
    const prefix = `dbg${randomBytes(4).toString("hex")}`;
    const host = await engine();
    try {
      const lines = await debugLinesOf(async () => {
        const backend = new DockerBackend(await engine(), { gatewayImage });
        const args = sandboxArgs(prefix, { networkPolicy });
        const { id } = await backend.create(args, silent, named);
        await backend.delete(id);
        await assert.rejects((await engine()).client.getContainer("cntr_gone").inspect());
      });
      assertNoSecret(lines);
      for (const call of [
        /^openai-containers: \S+ docker GET \/version ok \d+ ms$/,
        / docker POST \/containers\/create\?\S*\bname\S* ok \d+ ms [0-9a-f]{12}$/,
        / docker POST \/containers\/\w+-gateway\/attach\?\S+ ok \d+ ms$/,
        / docker DELETE \/containers\/\w+\?\S+ ok \d+ ms$/,
        / docker GET \/containers\/cntr_gone\/json 404 \d+ ms$/,
      ]) {
        assert.ok(
          lines.some((line) => call.test(line)),
          `${call}\n${lines.join("\n")}`,
        );
      }
    } finally {
      await assertNothingLeft(host.client, prefix);
    }
  });
});

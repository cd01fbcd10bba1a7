import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer as createHttpServer, type IncomingMessage } from "node:http";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { UnreachableError } from "../../provider/backends/backend";
import { diff } from "../../provider/lifecycle/diff";
import { recordFrom } from "../../provider/model/record";
import { startEmulator } from "../../sdk/emulator";
import { autoNamed, named } from "../support/create-context";
import { createFailure } from "../support/create-failure";
import { hosted, hostedArgs, quick } from "../support/hosted";
import { silent } from "../support/silent";

async function listening(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
}

describe("an API that accepts connections and never responds", () => {
  const sockets = new Set<Socket>();
  let server: Server;
  let baseUrl: string;
  beforeEach(async () => {
    sockets.clear();
    server = createServer((socket) => sockets.add(socket.on("error", () => {})));
    baseUrl = await listening(server);
  });
  afterEach(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });

  const timeouts = { ...quick, responseMs: 60_000, livenessMs: 1_500, progressEveryMs: 100 };

  it("delays the diffs of all containers by one short timeout, with one warning", async () => {
    const backend = await hosted(baseUrl, {}, timeouts);
    const progress: string[] = [];
    const warnings: string[] = [];
    const report = {
      progress: (text: string) => progress.push(text),
      info: assert.fail,
      warning: assert.fail,
      runWarning: (code: string, text: string) => warnings.push(`${code}: ${text}`),
    };
    const inputs = { ...hostedArgs("analysis") };
    const record = recordFrom({ ...inputs, createdAt: 1, location: backend.location, status: "running" });
    const began = performance.now();
    const differences = await Promise.all(
      ["cntr_1", "cntr_2", "cntr_3"].map((id) =>
        diff(id, record, inputs, {
          open: async () => backend,
          checksLiveness: true,
          recordedInputs: inputs,
          secretArguments: [],
          provider: undefined,
          report,
        }),
      ),
    );
    const took = performance.now() - began;
    assert.deepEqual(differences, [{ changes: false }, { changes: false }, { changes: false }]);
    const reason = `OC2108: The API at ${baseUrl} (from OPENAI_BASE_URL) did not respond within 1.5 s. Run the same command again, or correct OPENAI_BASE_URL.`;
    assert.equal(new Set(warnings).size, 1); // PulumiLog shows equal ones once
    assert.ok(warnings[0]?.endsWith(`skipped the liveness check: ${reason}`), warnings[0]);
    assert.ok(took >= 1_490 && took < timeouts.responseMs, `${took} ms`);
    assert.ok(sockets.size >= 2, "a dead connection leaves time for another one");
    assert.equal(progress.at(-1)?.replace(/: \d s/, ""), "waiting for the API's response of at most 1.5 s");
  });

  it("fails a refresh after all retries", async () => {
    const backend = await hosted(baseUrl, {}, { ...timeouts, responseMs: 300, livenessMs: 10 });
    const began = performance.now();
    await assert.rejects(backend.observe("cntr_1", {}, silent), /OC2107: The response from .* was lost/);
    assert.ok(performance.now() - began >= 5 * 290);
  });
});

describe("the liveness check of a diff", () => {
  it("does not count pauses for the rate limit", async () => {
    const emulator = await startEmulator();
    try {
      const backend = await hosted(emulator.baseUrl, {}, { ...quick, livenessMs: 2_000 });
      const { id } = await backend.create(hostedArgs("analysis"), silent, named);
      emulator.fault({ method: "GET", answer: { status: 429, headers: { "retry-after": "2.2" } } });
      assert.equal(await backend.status(id, {}, silent), "running");
    } finally {
      await emulator.stop();
    }
  });

  it("has a shorter timeout than a create", async () => {
    const emulator = await startEmulator();
    try {
      const backend = await hosted(emulator.baseUrl, {}, { ...quick, livenessMs: 50 });
      emulator.fault({ answer: { delayMs: 300 }, times: 100 });
      const { id } = await backend.create(hostedArgs("analysis"), silent, named);
      await assert.rejects(backend.status(id, {}, silent), UnreachableError);
    } finally {
      await emulator.stop();
    }
  });
});

describe("an upload to the hosted API", () => {
  /** Reads a request at the given MB per second, and responds with a created container. */
  async function slowReader(megabytes: number, read: { requests: number }) {
    const take = async (request: IncomingMessage) => {
      read.requests += 1;
      const began = performance.now();
      let bytes = 0;
      for await (const chunk of request) {
        bytes += chunk.length;
        const early = (bytes / 1e6 / megabytes) * 1_000 - (performance.now() - began);
        if (early > 5) await sleep(early);
      }
    };
    const server = createHttpServer((request, response) => {
      take(request).then(
        () => {
          const { expiresAfter: expires_after, memoryLimit: memory_limit, ...rest } = hostedArgs("analysis");
          const { networkPolicy: network_policy, name } = rest;
          const answer = { id: "cntr_1", name, created_at: 1, status: "running" };
          response.setHeader("content-type", "application/json");
          response.end(JSON.stringify({ ...answer, expires_after, memory_limit, network_policy }));
        },
        () => response.destroy(),
      );
    });
    return { baseUrl: await listening(server), stop: () => server.closeAllConnections() ?? server.close() };
  }

  const skills = (megabytes: number) => [
    {
      type: "inline" as const,
      name: "report",
      description: "Writes reports",
      source: { type: "base64" as const, mediaType: "application/zip" as const, data: "A".repeat(megabytes * 1e6) },
    },
  ];
  const args = hostedArgs("analysis", { skills: skills(20) });

  it("has a timeout in proportion to its size, and is sent once", async () => {
    const read = { requests: 0 };
    const { baseUrl, stop } = await slowReader(20, read);
    try {
      const backend = await hosted(baseUrl, {}, { ...quick, responseMs: 300, uploadMsPerMb: 1_000 });
      assert.equal((await backend.create(args, silent, autoNamed)).id, "cntr_1");
      assert.equal(read.requests, 1);
    } finally {
      stop();
    }
  });

  it("fails after that timeout", async () => {
    const read = { requests: 0 };
    const { baseUrl, stop } = await slowReader(0.5, read);
    try {
      const backend = await hosted(
        baseUrl,
        {},
        { ...quick, responseMs: 50, uploadMsPerMb: 10, retryDelaysMs: [1], findDelaysMs: [0] },
      );
      const began = performance.now();
      await createFailure(backend.create(args, silent, autoNamed));
      assert.ok(performance.now() - began < 30_000); // the server reads for 40 seconds
    } finally {
      stop();
    }
  });
});

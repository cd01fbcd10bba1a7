import assert from "node:assert/strict";
import { UnknownOutcomeError } from "../../provider/backends/backend";
import { LostResponseError } from "../../provider/backends/openai/api-error";
import type { OpenAIBackend } from "../../provider/backends/openai/openai-backend";
import { type Emulator, type Fault, type LoggedRequest, startEmulator } from "../../sdk/emulator";
import { autoNamed, named } from "../support/create-context";
import { hosted, hostedArgs, quick } from "../support/hosted";
import { createIn } from "../support/journal";
import { silent } from "../support/silent";

const post = { method: "POST", path: "/v1/containers" };
const page = { status: 200, body: "<html><body>Sign in to the network</body></html>" };

/** The ways in which the response to a create can be lost, by the step of the request. */
const losses: Record<string, Fault> = {
  "the connection is cut before the request is executed": { ...post, answer: "cut" },
  "the API fails before the request is executed": { ...post, answer: { status: 500 } },
  "the response is cut before the request is executed": { ...post, answer: "truncated" },
  "no response comes and the request was not executed": { ...post, answer: "hang" },
  "the connection is cut after the request was executed": { ...post, answer: "cut", afterWork: true },
  "the response is cut after the request was executed": { ...post, answer: "truncated", afterWork: true },
  "no response comes after the request was executed": { ...post, answer: "hang", afterWork: true },
  "the API fails after the request was executed": { ...post, answer: { status: 500 }, afterWork: true },
  "a gateway times out after the request was executed": {
    ...post,
    answer: { status: 504, body: "<html>" },
    afterWork: true,
  },
  "a proxy's page replaces the response": { ...post, answer: page, afterWork: true },
  "the response is other JSON than the API's": {
    ...post,
    answer: { status: 200, body: { ok: true } },
    afterWork: true,
  },
};

describe("OpenAIBackend.create, when the response is lost", () => {
  let emulator: Emulator;
  let backend: OpenAIBackend;

  beforeEach(async () => {
    emulator = await startEmulator({ requestsPerMinute: 100_000, listLagSeconds: 0.02 });
    backend = await hosted(emulator.baseUrl, {}, { ...quick, responseMs: 1_500 });
  });
  afterEach(() => emulator.stop());

  const ids = () => emulator.containers().map(({ id }) => id);
  const posts = () => emulator.requests.filter(({ method }) => method === "POST").length;

  for (const [what, loss] of Object.entries(losses)) {
    const wasMade = loss.afterWork === true;

    it(`leaves exactly one container where ${what}, and returns it`, async () => {
      emulator.fault(loss);
      const { id } = await backend.create(hostedArgs("analysis-0a1b2c3d"), silent, autoNamed);
      assert.deepEqual(ids(), [id]);
      assert.equal(posts(), wasMade ? 1 : 2);
    });

    if (wasMade) {
      it(`fails and names the candidate where ${what} and the name is the program's`, async () => {
        emulator.fault(loss);
        await assert.rejects(backend.create(hostedArgs("analysis"), silent, named), (error: Error) => {
          assert.match(
            error.message,
            /^OC2122: It is unknown whether this run or someone else created cntr_[0-9a-f]{48}, named "analysis": /,
          );
          assert.ok(error.message.includes(ids()[0] ?? "nothing"), error.message);
          return true;
        });
        assert.equal(ids().length, 1);
        assert.equal(posts(), 1);
      });
    } else {
      it(`retries where ${what} and the name is the program's`, async () => {
        emulator.fault(loss);
        const { id } = await backend.create(hostedArgs("analysis"), silent, named);
        assert.deepEqual(ids(), [id]);
        assert.equal(posts(), 2);
      });
    }
  }

  it("creates two containers of one name when both responses arrive", async () => {
    const made = await Promise.all([1, 2].map(() => backend.create(hostedArgs("analysis"), silent, named)));
    assert.deepEqual(made.map(({ id }) => id).sort(), ids().sort());
    assert.equal(ids().length, 2);
  });

  it("adopts no older container of the program's name, and none whose response arrived", async () => {
    const anHourAgo = Math.floor(Date.now() / 1000) - 3_600;
    emulator.seed([{ name: "analysis", created_at: anHourAgo }]);
    await backend.create(hostedArgs("analysis"), silent, named);
    emulator.fault({ ...post, answer: "cut" });
    const { id } = await backend.create(hostedArgs("analysis"), silent, named);
    assert.ok(ids().includes(id));
    assert.equal(ids().length, 3);
  });

  it("uses the API's clock where the name is the program's, however wrong this machine's is", async () => {
    await emulator.stop();
    const daysAhead = { now: () => Date.now() + 3 * 86_400_000 };
    const daysBehind = { now: () => Date.now() - 3 * 86_400_000 };
    for (const clock of [daysAhead, daysBehind]) {
      emulator = await startEmulator({ clock });
      emulator.fault({ ...post, answer: "cut", afterWork: true });
      backend = await hosted(emulator.baseUrl);
      await assert.rejects(backend.create(hostedArgs("analysis"), silent, named), (error: Error) => {
        assert.ok(error.message.includes(ids()[0] ?? "nothing"), error.message);
        return true;
      });
      await emulator.stop();
    }
  });

  it("adopts no container of another name", async () => {
    emulator.seed([{ name: "analysis-ffffffff" }]);
    emulator.fault({ ...post, answer: "cut" });
    const { id } = await backend.create(hostedArgs("analysis-0a1b2c3d"), silent, autoNamed);
    assert.equal(emulator.containers().find((one) => one.id === id)?.name, "analysis-0a1b2c3d");
    assert.equal(posts(), 2);
  });

  it("adopts no container that was created a minute before, or that has status deleted", async () => {
    const aMinuteAgo = Math.floor(Date.now() / 1000) - 60;
    const others = emulator.seed([
      { name: "analysis", created_at: aMinuteAgo },
      { name: "analysis", status: "deleted" },
    ]);
    emulator.fault({ ...post, answer: "cut" });
    const { id } = await backend.create(hostedArgs("analysis"), silent, named);
    assert.deepEqual(ids().sort(), [...others, id].sort());
    assert.equal(posts(), 2);
  });

  it("finds the container among more of its name than a page holds", async () => {
    const anHourAgo = Math.floor(Date.now() / 1000) - 3_600;
    emulator.seed(Array.from({ length: 150 }, () => ({ name: "analysis", created_at: anHourAgo })));
    emulator.fault({ ...post, answer: "cut", afterWork: true });
    await assert.rejects(backend.create(hostedArgs("analysis"), silent, named), (error: Error) => {
      assert.ok(error.message.includes(ids()[0] ?? "nothing"), error.message);
      return true;
    });
    assert.equal(posts(), 1);
  });

  it("fails and names every candidate where the name is the program's", async () => {
    await emulator.stop();
    emulator = await startEmulator();
    backend = await hosted(emulator.baseUrl);
    emulator.seed([{ name: "analysis" }]); // another client's, created now
    emulator.fault({ ...post, answer: "cut", afterWork: true });
    await assert.rejects(backend.create(hostedArgs("analysis"), silent, named), (error: Error) => {
      assert.equal(ids().length, 2);
      for (const id of ids()) assert.ok(error.message.includes(id), error.message);
      return true;
    });
  });

  it("searches once where the first search finds the container, and reports progress", async () => {
    await emulator.stop();
    emulator = await startEmulator();
    backend = await hosted(emulator.baseUrl);
    emulator.fault({ ...post, answer: "cut", afterWork: true });
    const reported: string[] = [];
    const report = { ...silent, progress: (text: string) => reported.push(text), warning: assert.fail };
    await backend.create(hostedArgs("analysis-0a1b2c3d"), report, autoNamed);
    assert.deepEqual(
      emulator.requests.map(({ method }) => method),
      ["POST", "GET"],
    );
    assert.deepEqual(reported, ["the response was lost: searching for the container by its name"]);
  });

  it("uses this machine's clock where responses have no date", async () => {
    await emulator.stop();
    // Once the container is created, each list has all containers, without a date that can be parsed.
    const onRequest = ({ method }: LoggedRequest) => {
      if (method !== "POST") return;
      const body = { data: emulator.containers(), has_more: false };
      emulator.fault({ method: "GET", answer: { status: 200, headers: { date: "today" }, body }, times: 9 });
    };
    emulator = await startEmulator({ onRequest });
    backend = await hosted(emulator.baseUrl);
    const anHourAgo = Math.floor(Date.now() / 1000) - 3_600;
    const [old = ""] = emulator.seed([{ name: "analysis", created_at: anHourAgo }]);
    emulator.fault({ ...post, answer: "cut", afterWork: true });
    await assert.rejects(backend.create(hostedArgs("analysis"), silent, named), (error: Error) => {
      assert.ok(error.message.includes(ids()[0] ?? "nothing") && !error.message.includes(old), error.message);
      return true;
    });
    assert.equal(posts(), 1);
  });

  it("finds a container that was created long before the request timed out", async () => {
    const clock = Date.now;
    let passed = 0;
    const onRequest = ({ method }: LoggedRequest) => {
      if (method === "POST") passed += 50_000;
    };
    await emulator.stop();
    emulator = await startEmulator({ onRequest });
    backend = await hosted(emulator.baseUrl);
    emulator.fault({ ...post, answer: "cut", afterWork: true });
    Date.now = () => clock() + passed; // for both sides: the emulator's clock is the system's
    try {
      await assert.rejects(backend.create(hostedArgs("analysis"), silent, named), (error: Error) => {
        assert.ok(error.message.includes(ids()[0] ?? "nothing"), error.message);
        return true;
      });
      assert.equal(posts(), 1);
    } finally {
      Date.now = clock;
    }
  });

  it("cancels the search at shutdown, and throws UnknownOutcomeError", async () => {
    await emulator.stop();
    const ending = new AbortController();
    emulator = await startEmulator({ onRequest: () => setImmediate(() => ending.abort()) });
    backend = await hosted(emulator.baseUrl, {}, { ...quick, findDelaysMs: [3_600_000] }, ending.signal);
    emulator.fault({ ...post, answer: "cut", afterWork: true });
    await assert.rejects(backend.create(hostedArgs("analysis-0a1b2c3d"), silent, autoNamed), (error: Error) => {
      assert.ok(error instanceof UnknownOutcomeError);
      assert.match(error.message, /^OC2123: .* Searching for it failed: The request was cancelled/);
      return true;
    });
    assert.equal(emulator.requests.length, 1);
  });

  it("keeps one of two containers where the list lagged for longer than the search", async () => {
    emulator.fault({ ...post, answer: "cut", afterWork: true, times: 2 });
    const nothing = { object: "list", data: [], first_id: null, last_id: null, has_more: false };
    emulator.fault({ method: "GET", answer: { status: 200, body: nothing }, times: quick.findDelaysMs.length });
    const { id } = await backend.create(hostedArgs("analysis-0a1b2c3d"), silent, autoNamed);
    assert.deepEqual(ids(), [id]);
    assert.equal(posts(), 2);
  });

  it("throws UnknownOutcomeError after three lost requests that created nothing", async () => {
    emulator.fault({ ...post, answer: "cut", times: 9 });
    await assert.rejects(backend.create(hostedArgs("analysis-0a1b2c3d"), silent, autoNamed), UnknownOutcomeError);
    assert.deepEqual(ids(), []);
    assert.equal(posts(), 3);
  });

  it("throws UnknownOutcomeError and sends no second request where the search fails", async () => {
    emulator.fault({ ...post, answer: "cut", afterWork: true });
    emulator.fault({ method: "GET", answer: "cut", times: 99 });
    await assert.rejects(
      backend.create(hostedArgs("analysis-0a1b2c3d"), silent, autoNamed),
      /^BackendError: OC2123: It is unknown whether the container "analysis-0a1b2c3d" was created: The response from .* was lost: .*\. Searching for it failed: .*\. Run the same command again/,
    );
    assert.equal(posts(), 1);
  });

  it("searches for nothing where no connection was established", async () => {
    await emulator.stop();
    await assert.rejects(backend.create(hostedArgs("analysis"), silent, named), (error: Error) => {
      assert.ok(!(error instanceof LostResponseError));
      assert.match(
        error.message,
        /^OC2105: Cannot connect to the API at http:.* \(from OPENAI_BASE_URL\): ECONNREFUSED\. /,
      );
      return true;
    });
  });

  for (const status of [400, 401, 403, 404, 409, 413, 422]) {
    it(`does not retry after HTTP ${status}`, async () => {
      emulator.fault({ ...post, answer: { status, body: { error: { message: "No.", code: null, param: null } } } });
      await assert.rejects(backend.create(hostedArgs("analysis-0a1b2c3d"), silent, autoNamed), /No\b/);
      assert.equal(emulator.requests.length, 1);
    });
  }
});

describe("create at shutdown", () => {
  it("returns only after the new container was deleted", async () => {
    const ending = new AbortController();
    const emulator = await startEmulator({ onRequest: () => ending.abort() });
    try {
      emulator.fault({ method: "DELETE", answer: { delayMs: 100 } });
      const backend = await hosted(emulator.baseUrl, {}, quick, ending.signal);
      const { name: _, ...inputs } = hostedArgs("");
      await assert.rejects(createIn(inputs, backend, silent, ending.signal), /OC2013: /);
      assert.deepEqual(
        emulator.requests.map(({ method, status }) => [method, status]),
        [
          ["POST", 200],
          ["DELETE", 200],
        ],
      );
      assert.deepEqual(emulator.containers(), []);
    } finally {
      await emulator.stop();
    }
  });
});

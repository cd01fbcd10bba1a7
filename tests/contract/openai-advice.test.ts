import assert from "node:assert/strict";
import { type Emulator, startEmulator } from "../../sdk/emulator";
import { named } from "../support/create-context";
import { createFailure } from "../support/create-failure";
import { hosted, hostedArgs, key, quick } from "../support/hosted";
import { silent } from "../support/silent";

/** Settings from one source alone, as a Provider's arguments or the stack's configuration. */
const sources = {
  "a Provider's own arguments": ["provider:", (name: string) => `the provider's ${name}`],
  "the stack's configuration": ["openai-containers:", (name: string) => `openai-containers:${name}`],
} as const;

describe("the advice in an error of the hosted API", () => {
  let emulator: Emulator;
  before(async () => {
    emulator = await startEmulator();
  });
  after(() => emulator.stop());

  for (const [what, [prefix, source]] of Object.entries(sources)) {
    const adviceOn = async (status: number, body: unknown = { error: { message: "No." } }) => {
      const set = { apiKey: key, baseUrl: emulator.baseUrl, organization: "org-1", requestsPerMinute: "1000" };
      const config = Object.fromEntries(Object.entries(set).map(([name, value]) => [`${prefix}${name}`, value]));
      const timeouts = { ...quick, rateLimitedMs: 0 };
      const backend = await hosted("", { OPENAI_API_KEY: "" }, timeouts, undefined, config);
      emulator.fault({ method: "POST", answer: { status, body } });
      return (await createFailure(backend.create(hostedArgs("analysis"), silent, named))).advice;
    };

    it(`names ${what} where the wrong value came from there`, async () => {
      assert.equal(await adviceOn(404), `Correct ${source("baseUrl")}, which usually ends in /v1`);
      assert.match(await adviceOn(403), new RegExp(`, or correct ${source("organization")}$`));
      assert.match(await adviceOn(429), new RegExp(`, or set ${source("requestsPerMinute")} to the share that others`));
      assert.match(await adviceOn(404, "<html>"), new RegExp(`^Correct ${source("baseUrl")}, or sign in`));
    });
  }

  it("names the Provider's organization and project where the key is the Provider's and neither is set", async () => {
    const config = { "provider:apiKey": key };
    const backend = await hosted(emulator.baseUrl, {}, quick, undefined, config);
    emulator.fault({ method: "POST", answer: { status: 403 } });
    const { advice } = await createFailure(backend.create(hostedArgs("analysis"), silent, named));
    assert.match(advice, /, or correct the provider's organization and project$/);
  });

  it("names the Provider's baseUrl where nothing listens there, and where the service changes an argument", async () => {
    const away = { "provider:baseUrl": "http://127.0.0.1:3/v1" };
    const unreachable = await hosted("", {}, quick, undefined, away);
    const { advice } = await createFailure(unreachable.create(hostedArgs("analysis"), silent, named));
    assert.equal(advice, "Check the network connection, or correct the provider's baseUrl");

    const backend = await hosted("", {}, quick, undefined, { "provider:baseUrl": emulator.baseUrl });
    emulator.fault({ method: "POST", answer: { patch: { memory_limit: "64g" } } });
    const other = await createFailure(backend.create(hostedArgs("analysis"), silent, named));
    assert.equal(other.advice, "Correct the provider's baseUrl, or request what the service supports");
  });
});

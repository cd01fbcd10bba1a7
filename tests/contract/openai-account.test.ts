import assert from "node:assert/strict";
import { read } from "../../provider/lifecycle/read";
import { recordFrom } from "../../provider/model/record";
import { type Emulator, startEmulator } from "../../sdk/emulator";
import { named } from "../support/create-context";
import { hosted, hostedArgs, key } from "../support/hosted";
import { silent } from "../support/silent";

describe("OpenAIBackend.location and Container.project", () => {
  const locationOf = async (baseUrl: string, env: NodeJS.ProcessEnv = {}) => (await hosted(baseUrl, env)).location;

  it("location is the base URL, the organization and the project", async () => {
    assert.equal(await locationOf("https://api.openai.com/v1/"), "openai:https://api.openai.com/v1");
    const env = { OPENAI_ORG_ID: "org-1", OPENAI_PROJECT_ID: "proj_1" };
    assert.equal(
      await locationOf("https://API.openai.com:443/v1", env),
      "openai:https://api.openai.com/v1 org-1 proj_1",
    );
  });

  it("the organization and the project are sent to the API, so that accounts do not see each other's containers", async () => {
    const emulator = await startEmulator();
    try {
      const mine = await hosted(emulator.baseUrl, { OPENAI_ORG_ID: "org-1", OPENAI_PROJECT_ID: "proj_1" });
      const { id } = await mine.create(hostedArgs("analysis"), silent, named);
      assert.equal(emulator.containers("org-1/proj_1").length, 1);
      assert.equal(await (await hosted(emulator.baseUrl)).observe(id, {}, silent), undefined);
    } finally {
      await emulator.stop();
    }
  });

  it("the account is that of the settings, not that of the official client's environment variables", async () => {
    const emulator = await startEmulator();
    const variables = { OPENAI_ORG_ID: "org-other", OPENAI_PROJECT_ID: "proj_other" };
    const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
    Object.assign(process.env, variables);
    try {
      const { id } = await (await hosted(emulator.baseUrl)).create(hostedArgs("analysis"), silent, named);
      assert.deepEqual(
        emulator.containers("-/-").map((one) => one.id),
        [id],
      );
    } finally {
      for (const [name, value] of before) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
      await emulator.stop();
    }
  });

  it("reading a container of another account fails with both locations and the settings to correct", async () => {
    const record = recordFrom({ backend: "openai", createdAt: 1, location: "openai:https://api.openai.com/v1 org-1" });
    const elsewhere = await hosted("https://api.openai.com/v1");
    await assert.rejects(read("cntr_1", record, elsewhere, silent), {
      name: "BackendError",
      message:
        /^OC\d{4}: .*cntr_1.* openai:https:\/\/api\.openai\.com\/v1 org-1\b.* openai:https:\/\/api\.openai\.com\/v1\b.*OPENAI_BASE_URL, OPENAI_ORG_ID and OPENAI_PROJECT_ID.*`pulumi state delete`/,
    });
  });

  describe("where the API reports the key's project", () => {
    const other = "sk-test-of-another-project";
    let emulator: Emulator;
    beforeEach(async () => {
      emulator = await startEmulator({ projects: { [key]: "proj_1", [other]: "proj_2" } });
    });
    afterEach(() => emulator.stop());

    it("create and observe report the project of the container", async () => {
      const backend = await hosted(emulator.baseUrl);
      const created = await backend.create(hostedArgs("analysis"), silent, named);
      assert.equal(created.project, "proj_1");
      assert.equal((await backend.observe(created.id, created, silent))?.project, "proj_1");
    });

    it("the project is that of the response that reported the container, not of a later response", async () => {
      const backend = await hosted(emulator.baseUrl);
      const created = await backend.create(hostedArgs("analysis"), silent, named);
      assert.equal((await backend.observe(created.id, created, silent))?.project, "proj_1");
      const body = { error: { message: "Container with id 'cntr_1' not found.", code: null, param: null } };
      emulator.fault({ answer: { status: 404, headers: { "openai-project": "proj_3" }, body } });
      await assert.rejects(
        backend.observe("cntr_1", created, silent),
        /OC2132: .* belongs to project proj_1, .* to project proj_3/,
      );
      assert.equal((await backend.observe(created.id, created, silent))?.project, "proj_1");
    });

    it("a container of another project is an error in observe and delete, not a container that is gone", async () => {
      const created = await (await hosted(emulator.baseUrl)).create(hostedArgs("analysis"), silent, named);
      const otherRun = await hosted(emulator.baseUrl, { OPENAI_API_KEY: other });
      const message = `OC2132: Container ${created.id} belongs to project proj_1, but the API key of this run belongs to project proj_2. Use a key of project proj_1. If that project was deleted, forget the container with \`pulumi state delete\`.`;
      await assert.rejects(otherRun.observe(created.id, created, silent), { message });
      await assert.rejects(otherRun.delete(created.id, created, silent), { message });
      assert.equal(emulator.containers("-/proj_1").length, 1);
    });

    it("delete and observe accept a container that is gone from its own project", async () => {
      const backend = await hosted(emulator.baseUrl);
      const created = await backend.create(hostedArgs("analysis"), silent, named);
      await backend.delete(created.id, created, silent);
      await backend.delete(created.id, created, silent);
      assert.equal(await backend.observe(created.id, created, silent), undefined);
    });
  });
});

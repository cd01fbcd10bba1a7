import assert from "node:assert/strict";
import { read } from "../../provider/lifecycle/read";
import { recordFrom } from "../../provider/model/record";
import { type Emulator, startEmulator } from "../../sdk/emulator";
import { hosted, hostedArgs, key } from "../support/hosted";
import { named } from "../support/making";
import { silent } from "../support/silent";

describe("the account of a hosted container", () => {
  const locationOf = async (baseUrl: string, env: NodeJS.ProcessEnv = {}) => (await hosted(baseUrl, env)).location;

  it("is the address, the organization and the project", async () => {
    assert.equal(await locationOf("https://api.openai.com/v1/"), "openai:https://api.openai.com/v1");
    const env = { OPENAI_ORG_ID: "org-1", OPENAI_PROJECT_ID: "proj_1" };
    assert.equal(
      await locationOf("https://API.openai.com:443/v1", env),
      "openai:https://api.openai.com/v1 org-1 proj_1",
    );
  });

  it("is told to the API, so that accounts do not see each other's containers", async () => {
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

  it("is what the settings say, whatever variables the official client would read", async () => {
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

  it("is named with what leads there, where a run looks at another", async () => {
    const record = recordFrom({ backend: "openai", createdAt: 1, location: "openai:https://api.openai.com/v1 org-1" });
    const elsewhere = await hosted("https://api.openai.com/v1");
    await assert.rejects(read("cntr_1", record, elsewhere, silent), {
      name: "BackendError",
      message:
        "Container cntr_1 lives at openai:https://api.openai.com/v1 org-1, and this run looks at openai:https://api.openai.com/v1. Point this run at the place where it lives (OPENAI_BASE_URL, OPENAI_ORG_ID and OPENAI_PROJECT_ID, or openai-containers:baseUrl, organization and project, or the arguments of its Provider), or, if that is gone for good, forget the container with `pulumi state delete`.",
    });
  });

  describe("where the API tells the key's project", () => {
    const other = "sk-test-of-another-project";
    let emulator: Emulator;
    beforeEach(async () => {
      emulator = await startEmulator({ projects: { [key]: "proj_1", [other]: "proj_2" } });
    });
    afterEach(() => emulator.stop());

    it("is recorded with the container", async () => {
      const backend = await hosted(emulator.baseUrl);
      const created = await backend.create(hostedArgs("analysis"), silent, named);
      assert.equal(created.project, "proj_1");
      assert.equal((await backend.observe(created.id, created, silent))?.project, "proj_1");
    });

    it("is that of the answer that told of the container, whatever a later answer says", async () => {
      const backend = await hosted(emulator.baseUrl);
      const created = await backend.create(hostedArgs("analysis"), silent, named);
      assert.equal((await backend.observe(created.id, created, silent))?.project, "proj_1");
      const body = { error: { message: "Container with id 'cntr_1' not found.", code: null, param: null } };
      emulator.fault({ answer: { status: 404, headers: { "openai-project": "proj_3" }, body } });
      await assert.rejects(backend.observe("cntr_1", created, silent), /belongs to project proj_1, .* to proj_3/);
      assert.equal((await backend.observe(created.id, created, silent))?.project, "proj_1");
    });

    it("is no other one, in which the container would be taken for gone", async () => {
      const created = await (await hosted(emulator.baseUrl)).create(hostedArgs("analysis"), silent, named);
      const stranger = await hosted(emulator.baseUrl, { OPENAI_API_KEY: other });
      const message = `Container ${created.id} belongs to project proj_1, and the key of this run to proj_2. Use a key of the first; or, if that project is gone for good, forget the container with \`pulumi state delete\`.`;
      await assert.rejects(stranger.observe(created.id, created, silent), { message });
      await assert.rejects(stranger.delete(created.id, created, silent), { message });
      assert.equal(emulator.containers("-/proj_1").length, 1);
    });

    it("is no obstacle where the container is gone from its own", async () => {
      const backend = await hosted(emulator.baseUrl);
      const created = await backend.create(hostedArgs("analysis"), silent, named);
      await backend.delete(created.id, created, silent);
      await backend.delete(created.id, created, silent);
      assert.equal(await backend.observe(created.id, created, silent), undefined);
    });
  });
});

import assert from "node:assert/strict";
import { zipOfFolder } from "../../provider/skills/skill-zip";
import { type Emulator, startEmulator } from "../../sdk/emulator";
import { inside } from "../support/docker";
import { key } from "../support/hosted";
import { withTrial } from "../support/on-backends";
import type { RunningCommand } from "../support/running-command";
import { dockerTestBackend } from "../support/test-backend";

/** Arguments with two files and a skill, as JavaScript. */
async function content(): Promise<string> {
  const bytes = Buffer.from("third");
  const files = [
    {
      path: "SKILL.md",
      executable: false,
      bytes: Buffer.from("---\nname: report\ndescription: Writes reports\n---\n"),
    },
    { path: "third", executable: false, bytes },
  ];
  const zip = await zipOfFolder({ name: "report", description: "Writes reports", files, sha256: "" });
  const source = { type: "base64", mediaType: "application/zip", data: zip.toString("base64") };
  const skills = [{ type: "inline", name: "report", description: "Writes reports", source }];
  return `fileIds: ["file-1", "file-2"], skills: ${JSON.stringify(skills)}`;
}

const first = "1".repeat(1_000_000);

describe("an up that is killed while it copies files and skills into a sandbox", () => {
  let emulator: Emulator;
  /** Called for each request to the emulator, just before its response, and to the engine. */
  let onRequest: (request: string) => void = () => {};

  before(async () => {
    emulator = await startEmulator({ onRequest: ({ method, path }) => onRequest(`${method} ${path}`) });
    emulator.addFile({ id: "file-1", name: "1", content: first, purpose: "batch" });
    emulator.addFile({ id: "file-2", name: "2", content: "second", purpose: "batch" });
  });
  after(() => emulator?.stop());

  async function connectedBackend() {
    const backend = await dockerTestBackend();
    const account = { OPENAI_API_KEY: key, OPENAI_BASE_URL: emulator.baseUrl };
    return { ...backend, env: { ...backend.env, ...account } };
  }

  const skillsRequest = /^PUT .*path=%2Fhome%2Foai%2Fskills/;
  const kills: [when: string, request: RegExp, kill: (going: RunningCommand) => void][] = [
    ["all of its processes, between two files", /^GET .*file-1\/content$/, (going) => going.killTree()],
    ["only the provider, between files and skills", skillsRequest, (going) => going.killProvider()],
  ];
  for (const [when, request, kill] of kills) {
    it(`leaves a sandbox that the next up removes and replaces by a whole one: ${when}`, () =>
      withTrial(connectedBackend, async (trial, { client, faulty }) => {
        const reached = new Promise<void>((resolve) => {
          onRequest = (made) => request.test(made) && resolve();
        });
        if (request !== skillsRequest) emulator.fault({ path: "/v1/files/file-2/content", answer: "hang" });
        faulty.fault = (made) => {
          onRequest(made);
          return skillsRequest.test(made) ? "body not read" : undefined;
        };
        const going = trial.program(["one"], await content()).startUp();
        await Promise.race([reached, going.ended]);
        kill(going);
        await going.ended;
        trial.stack.release();
        emulator.clearFaults();
        faulty.fault = () => undefined;

        const [orphan = assert.fail("there is no orphan"), ...more] = await trial.inventory();
        assert.deepEqual([more, trial.inState()], [[], []]);
        assert.equal((await client.getContainer(orphan).inspect()).State.Status, "created");

        await trial.up();
        const [id = ""] = await trial.assertSettled(1);
        assert.notEqual(id, orphan);
        const { text } = await inside(client, id, "cat /mnt/data/* /home/oai/skills/*/third | wc -c");
        assert.equal(text, String(first.length + "second".length + "third".length));
      }));
  }
});

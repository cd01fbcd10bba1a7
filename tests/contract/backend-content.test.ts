import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import OpenAI, { toFile } from "openai";
import { type Backend, BackendError } from "../../provider/backends/backend";
import { DockerBackend } from "../../provider/backends/docker/docker-backend";
import { openAccountContent } from "../../provider/backends/openai/account";
import { openAISettings } from "../../provider/backends/openai/settings";
import { settingSources } from "../../provider/config";
import type { Container } from "../../provider/model/container";
import { zipOfFolder } from "../../provider/skills/skill-zip";
import { type Emulator, startEmulator } from "../../sdk/emulator";
import { named } from "../support/create-context";
import { assertNothingLeft, engine, inside, sandboxArgs } from "../support/docker";
import { hosted, hostedArgs, key, quick } from "../support/hosted";
import { silent } from "../support/silent";

/** A backend whose containers get files and skills of the emulator's account. */
interface Place {
  open(env: NodeJS.ProcessEnv): Promise<Backend>;
  args(name: string, changes: Omit<Partial<Container>, "name">): Container & { name: string };
  /** The paths of the files in a container, each with its content. */
  filesIn(id: string): Promise<[path: string, content: string][]>;
}

const settings = (env: NodeJS.ProcessEnv) => openAISettings(settingSources(env));
const ending = new AbortController().signal;

describe("the files and skills of an account", () => {
  const prefix = `c${randomBytes(4).toString("hex")}`;
  let emulator: Emulator;
  let client: OpenAI;
  let env: NodeJS.ProcessEnv;
  const made: [Backend, string][] = [];

  before(async () => {
    emulator = await startEmulator({ requestsPerMinute: 1_000 });
    client = new OpenAI({ baseURL: emulator.baseUrl, apiKey: key });
    env = { OPENAI_API_KEY: key, OPENAI_BASE_URL: emulator.baseUrl };
  });
  after(async () => {
    for (const [backend, id] of made) await backend.delete(id, {}, silent);
    await assertNothingLeft((await engine()).client, prefix);
    assert.deepEqual(emulator.containers(), []);
    await emulator.stop();
  });

  const places: Record<string, Place> = {
    openai: {
      open: () => hosted(emulator.baseUrl),
      args: hostedArgs,
      filesIn: async (id) => {
        const files: [string, string][] = [];
        for await (const { id: file, path } of client.containers.files.list(id)) {
          const content = await client.containers.files.content.retrieve(file, { container_id: id });
          files.push([path, await content.text()]);
        }
        return files;
      },
    },
    docker: {
      open: async (account) =>
        new DockerBackend(await engine(), {
          openAccount: (neededBy, report) => openAccountContent(settings(account), neededBy, report, ending, quick),
        }),
      args: sandboxArgs,
      filesIn: async (id) => {
        const { text } = await inside(
          (await engine()).client,
          id,
          'for f in /mnt/data/*; do echo "$f $(cat "$f")"; done',
        );
        return text.split("\n").map((line): [string, string] => [line.split(" ")[0] ?? "", line.replace(/^\S+ /, "")]);
      },
    },
  };

  for (const [name, place] of Object.entries(places)) {
    describe(`on ${name}`, () => {
      let backend: Backend;

      before(async () => {
        backend = await place.open(env);
      });

      async function create(changes: Omit<Partial<Container>, "name">, on = backend): Promise<string> {
        const { id } = await on.create(place.args(`${prefix}-${made.length}`, changes), silent, named);
        made.push([on, id]);
        return id;
      }

      const fails = (create: Promise<string>, says: RegExp) =>
        assert.rejects(create, (error) => {
          assert.ok(error instanceof BackendError, String(error));
          assert.match(error.message, says);
          return true;
        });

      async function upload(text: string): Promise<string> {
        return (await client.files.create({ file: await toFile(Buffer.from(text), `${text}.txt`), purpose: "batch" }))
          .id;
      }

      it("are in the container: files by their names", async () => {
        const fileIds = [await upload("first"), await upload("second")];
        const files = await place.filesIn(await create({ fileIds }));
        assert.deepEqual(
          files.map(([path, content]) => [path.replace(/[\da-f]{32}/, "HEX"), content]).sort(),
          ["first", "second"].map((text) => [`/mnt/data/HEX-${text}.txt`, text]),
        );
      });

      it("are in the container: skills of the account, and inline ones", async () => {
        const bytes = Buffer.from("---\nname: report\ndescription: Writes reports\n---\n");
        const files = [{ path: "SKILL.md", executable: false, bytes }];
        const zip = await zipOfFolder({ name: "report", description: "Writes reports", files, sha256: "" });
        const { id: skillId } = await client.skills.create({ files: [await toFile(zip, "report.zip")] });
        const source = { type: "base64", mediaType: "application/zip", data: zip.toString("base64") } as const;
        const id = await create({
          skills: [
            { type: "skill_reference", skillId, version: "1" },
            { type: "inline", name: "inline-report", description: "Writes reports", source },
          ],
        });
        if (name === "openai") return; // the API shows nothing of skills
        const { text } = await inside(
          (await engine()).client,
          id,
          "cat /home/oai/skills/*/SKILL.md | grep -c name:; ls /home/oai/skills",
        );
        assert.match(text, /^2\ninline-report-[\da-f]{32}\nreport-[\da-f]{32}$/);
      });

      it("fail a create with their id where the account does not have them, and nothing is left", async () => {
        const there = await upload("there");
        await fails(create({ fileIds: [there, "file-unknown"] }), /file-unknown/);
        await fails(create({ skills: [{ type: "skill_reference", skillId: "skill_unknown" }] }), /skill_unknown/);
      });
    });
  }

  it("fail a create on Docker without an API key, with the argument and the settings, and nothing is left", async () => {
    const backend = (await places["docker"]?.open({})) ?? assert.fail();
    const create = (changes: Omit<Partial<Container>, "name">) =>
      backend.create(sandboxArgs(`${prefix}-without`, changes), silent, named);
    const says = (argument: string) => ({
      message: `OC2136: There is no API key, and ${argument} must be fetched from the API. Set OPENAI_API_KEY, or run: pulumi config set --secret openai-containers:apiKey.`,
    });
    await assert.rejects(create({ fileIds: ["file-1"] }), says("fileIds"));
    await assert.rejects(create({ skills: [{ type: "skill_reference", skillId: "skill_1" }] }), says("skills[0]"));
  });
});

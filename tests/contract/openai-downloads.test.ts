import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { setImmediate } from "node:timers/promises";
import OpenAI, { toFile } from "openai";
import type { AccountContent } from "../../provider/backends/account-content";
import { type BackendError, UnreachableError } from "../../provider/backends/backend";
import { openAccountContent } from "../../provider/backends/openai/account";
import { openAISettings } from "../../provider/backends/openai/settings";
import { settingSources } from "../../provider/config";
import { type Emulator, startEmulator } from "../../sdk/emulator";
import { backendFailure } from "../support/backend-failure";
import { key, quick } from "../support/hosted";
import { silent } from "../support/silent";
import { manifest, skillZip } from "../support/skill-zip";

const never = new AbortController().signal;

describe("the account's files and skills, as another backend downloads them", () => {
  let emulator: Emulator;
  let content: AccountContent;

  beforeEach(async () => {
    emulator = await startEmulator({ requestsPerMinute: 100_000 });
    content = await open({ OPENAI_API_KEY: key });
  });
  afterEach(() => emulator.stop());

  const open = (env: NodeJS.ProcessEnv, neededBy = "fileIds", ending = never, timeouts = quick) => {
    const settings = openAISettings(settingSources({ OPENAI_BASE_URL: emulator.baseUrl, ...env }));
    return openAccountContent(settings, neededBy, silent, ending, timeouts);
  };
  const file = (bytes: string | Buffer, purpose = "vision") =>
    emulator.addFile({ name: "dir/ä.csv", content: bytes, purpose });

  async function skill(...names: string[]): Promise<string> {
    const { skills } = new OpenAI({ apiKey: "key", baseURL: emulator.baseUrl });
    const [first = "", ...others] = names;
    const zip = async (name: string) => toFile(await skillZip({ "report/SKILL.md": manifest(name) }), "report.zip");
    const { id } = await skills.create({ files: await zip(first) });
    for (const name of others) await skills.versions.create(id, { files: await zip(name) });
    return id;
  }
  const failures = async (download: () => Promise<unknown>): Promise<BackendError> => {
    const error = await download().then(
      () => assert.fail("it succeeded"),
      (reason: BackendError) => reason,
    );
    assert.ok(!error.message.includes(key), error.message);
    return error;
  };

  it("have a file's name, its size and its bytes as a stream", async () => {
    const bytes = Buffer.alloc(3_000_000, "0123456789");
    const id = file(bytes);
    const found = await content.file(id);
    assert.deepEqual([found.id, found.name, found.bytes], [id, "dir/ä.csv", bytes.length]);
    assert.deepEqual(await buffer(await found.content(never)), bytes);
    assert.deepEqual(
      emulator.requests.map(({ path }) => path),
      [`/v1/files/${id}`, `/v1/files/${id}/content`],
    );
  });

  it("have an empty file", async () => {
    const found = await content.file(file(""));
    assert.deepEqual([found.bytes, (await buffer(await found.content(never))).length], [0, 0]);
  });

  for (const [asked, number] of [
    [undefined, "1"],
    ["latest", "3"],
    ["2", "2"],
  ] as const) {
    it(`have the zip of a skill's version ${asked ?? "by default"}, and its number`, async () => {
      const id = await skill("one", "two", "three");
      const found = await content.skill(id, asked);
      const name = { 1: "one", 2: "two", 3: "three" }[number];
      assert.deepEqual([found.version, found.name, found.description], [number, name, "Writes reports"]);
      assert.deepEqual(found.zip, await skillZip({ "report/SKILL.md": manifest(name) }));
    });
  }

  it("need a key: without one the error names the argument that needs it and the settings that give it", async () => {
    const error = await failures(() => open({}, "skills[0]"));
    assert.ok(error instanceof UnreachableError);
    assert.equal(
      error.message,
      "OC2136: There is no API key, and skills[0] must be fetched from the API. Set OPENAI_API_KEY, or run: pulumi config set --secret openai-containers:apiKey.",
    );
  });

  it("that do not exist fail with the id and the request's id", async () => {
    const id = await skill("one");
    const wayOut =
      "Correct the id, or the key, organization or project \\(OPENAI_API_KEY, OPENAI_ORG_ID and OPENAI_PROJECT_ID\\)\\.$";
    for (const [download, what] of [
      [() => content.file("file-9"), "file file-9"],
      [() => content.skill("skill_9", undefined), "skill skill_9"],
      [() => content.skill(id, "7"), `version 7 of skill ${id}`],
    ] as const) {
      const { message } = await failures(download);
      assert.match(
        message,
        new RegExp(`^OC2137: The account has no ${what} \\(HTTP 404, request req_\\w+\\): .*${wayOut}`),
      );
    }
  });

  it("that the key may not read fail with the id and the key's source", async () => {
    const error = { message: `No access with ${key}.`, type: "invalid_request_error", code: null, param: null };
    emulator.fault({ path: "/v1/files/*", answer: { status: 403, body: { error } } });
    const { message } = await failures(() => content.file("file-1"));
    assert.match(
      message,
      /^OC2138: The key from OPENAI_API_KEY may not read file file-1 \(HTTP 403, request req_\w+\): No access with \[secret\]\. Give/,
    );
  });

  it("of purpose user_data, which the API does not allow downloading, fail with the way out", async () => {
    const id = file("1,2", "user_data");
    const { message } = await failures(async () => (await content.file(id)).content(never));
    assert.match(
      message,
      new RegExp(
        `^OC2139: The API does not allow downloading file ${id} \\(HTTP 400, .*: Not allowed to download files of purpose: user_data\\. .*use the hosted backend, for which nothing is downloaded\\.$`,
      ),
    );
  });

  it("with an id that the API rejects fail with the id", async () => {
    const error = { message: "Invalid id.", type: "invalid_request_error", code: null, param: "skill_id" };
    emulator.fault({ path: "/v1/skills/*", answer: { status: 400, body: { error } } });
    const { message } = await failures(() => content.skill("skill 1", "1"));
    assert.match(
      message,
      /^OC2139: The API does not allow downloading version 1 of skill skill 1 \(HTTP 400, .*: Invalid id\. Correct the id\.$/,
    );
  });

  it("fail with the key's source where the key is wrong", async () => {
    await emulator.stop();
    emulator = await startEmulator({ keys: ["other"] });
    content = await open({ OPENAI_API_KEY: key });
    assert.match(
      (await failures(() => content.file("file-1"))).message,
      /^OC2111: The API rejected the key from OPENAI_API_KEY/,
    );
  });

  it("are requested again after a lost response, a zip also where it breaks off", async () => {
    const [id, skillId] = [file("1,2"), await skill("one")];
    emulator.fault({ path: `/v1/files/${id}`, answer: "cut" });
    emulator.fault({ path: `/v1/files/${id}/content`, answer: { status: 503 } });
    emulator.fault({ path: `/v1/skills/${skillId}/versions/1/content`, answer: "truncated" });
    assert.equal((await buffer(await (await content.file(id)).content(never))).toString(), "1,2");
    assert.equal((await content.skill(skillId, "1")).name, "one");
  });

  it("fail where a file breaks off while it is read, and say after how many bytes", async () => {
    const found = await content.file(file(Buffer.alloc(200_000)));
    emulator.fault({ path: "/v1/files/*", answer: "truncated" });
    const stream = await found.content(never);
    const { message } = await failures(() => buffer(stream));
    assert.match(
      message,
      new RegExp(`^OC2142: The download of file ${found.id} broke off after \\d+ of 200000 bytes: `),
    );
  });

  for (const [announced, says] of [
    [4, "only 3"],
    [2, "more"],
  ] as const) {
    it(`fail where a file of 3 bytes was announced with ${announced}`, async () => {
      const id = file("1,2");
      const body = { id, object: "file", bytes: announced, filename: "a.csv" };
      emulator.fault({ path: `/v1/files/${id}`, answer: { status: 200, body } });
      const stream = await (await content.file(id)).content(never);
      const message = await backendFailure(() => buffer(stream));
      assert.equal(
        message.split(". ")[0],
        `OC2141: The API announced ${announced} bytes of file ${id}, and sent ${says}`,
      );
    });
  }

  it("are no longer requested where their reader gives up, or Pulumi shuts down", async () => {
    const ending = new AbortController();
    const id = file("1,2");
    const patient = { ...quick, responseMs: 600_000 };
    const account = await open({ OPENAI_API_KEY: key }, "fileIds", ending.signal, patient);
    for (const until of [new AbortController(), ending]) {
      const found = await account.file(id);
      emulator.fault({ path: `/v1/files/${id}/content`, answer: "hang" });
      const before = emulator.requests.length;
      const failed = failures(() => found.content(until === ending ? never : until.signal));
      while (emulator.requests.length === before) await setImmediate();
      until.abort();
      assert.equal((await failed).code, "OC2133");
      assert.equal(emulator.requests.length, before + 1);
    }
  });

  it("are no longer received where their reader gives up while no data comes", async () => {
    const sending = createServer(({ url }, response) => {
      response.setHeader("content-type", url?.endsWith("/content") ? "application/binary" : "application/json");
      if (url?.endsWith("/content")) response.write("1,2");
      else response.end(JSON.stringify({ filename: "a.csv", bytes: 5 }));
    }).listen(0, "127.0.0.1");
    try {
      await once(sending, "listening");
      const { port } = sending.address() as AddressInfo;
      const account = await open({ OPENAI_API_KEY: key, OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1` });
      const until = new AbortController();
      const found = await account.file("file-1");
      const requested = once(sending, "request");
      const stream = await found.content(until.signal);
      const [, response] = await requested;
      const chunks = stream.iterator();
      await chunks.next();
      const closed = once(response, "close");
      until.abort();
      await closed;
      assert.match(
        await backendFailure(() => chunks.next()),
        /^OC2142: .* broke off after 3 of 5 bytes: This operation/,
      );
    } finally {
      sending.closeAllConnections();
      sending.close();
    }
  });

  for (const [field, value, text] of [
    ["bytes", -5, "bytes: got a number below 0, expected at least 0"],
    ["bytes", "10", "bytes: got text of 2 characters, expected a number"],
    ["bytes", 1.5, "bytes: got a fraction, expected a whole number"],
    ["bytes", null, "bytes: got null, expected a number"],
    ["filename", undefined, "filename: missing, expected text"],
  ] as const) {
    it(`fail with the file and the field where its description has ${field} ${JSON.stringify(value)}`, async () => {
      const body = { id: "file-1", bytes: 1, filename: "a.csv", [field]: value };
      emulator.fault({ path: "/v1/files/*", answer: { status: 200, body } });
      assert.equal(
        (await failures(() => content.file("file-1"))).message,
        `OC2144: The API's description of file file-1 is invalid: ${text}. Upload it again, or report this to the operator of the API at ${emulator.baseUrl} (from OPENAI_BASE_URL).`,
      );
    });
  }

  it("fail with the skill and the field where its description has no name", async () => {
    const body = { id: "ver_1", version: "1", description: "Writes reports" };
    emulator.fault({ path: "/v1/skills/*", times: 1, answer: { status: 200, body } });
    assert.match(
      (await failures(() => content.skill("skill_1", "1"))).message,
      /^OC2144: The API's description of version 1 of skill skill_1 is invalid: name: missing, expected text\. Upload/,
    );
  });

  it("fail with the file where the response has no body", async () => {
    const found = await content.file(file("1,2"));
    emulator.fault({ path: "/v1/files/*", answer: { status: 204 } });
    const message = await backendFailure(async () => buffer(await found.content(never)));
    assert.match(message, new RegExp(`^OC2141: The API announced 3 bytes of file ${found.id}, and sent only 0\\. `));
  });

  it("fail with the file and the time where the API does not respond, and with the file where it breaks off", async () => {
    const account = await open({ OPENAI_API_KEY: key }, "fileIds", never, { ...quick, responseMs: 200 });
    emulator.fault({ path: "/v1/files/*", times: 5, answer: "hang" });
    assert.match(
      (await failures(() => account.file("file-1"))).message,
      /^OC2108: The API at .* did not respond within 1 s to requests for file file-1\. Run the same command again, or correct/,
    );
    emulator.fault({ path: "/v1/files/*", times: 5, answer: "cut" });
    assert.match(
      (await failures(() => account.file("file-1"))).message,
      /^OC2107: The response from the API at .* was lost: \w+ \(while downloading file file-1\)\. Run/,
    );
  });

  it("fail with the API's words with control and invisible characters escaped", async () => {
    const error = { message: "No\u001b[31m file\n\u202e1", code: "a\u0007", param: null };
    emulator.fault({ path: "/v1/files/*", answer: { status: 404, body: { error } } });
    assert.match(
      (await failures(() => content.file("file-1"))).message,
      /^OC2137: .*HTTP 404, a\\u0007, request req_\w+\): No\\u001b\[31m file\\n\\u202e1\. Correct/,
    );
  });

  it("fail where a service sends another response than the API's", async () => {
    emulator.fault({ path: "/v1/files/*", answer: { status: 200, body: "<html>" } });
    assert.match(
      (await failures(() => content.file("file-1"))).message,
      /^OC2109: .* is not the Containers API: it sent a web page/,
    );
  });

  it("fail where a skill's zip is larger than the API's limit", async () => {
    const id = await skill("one");
    const body = "x".repeat(52_690_945);
    emulator.fault({ path: `/v1/skills/${id}/versions/1/content`, answer: { status: 200, body } });
    assert.match(
      (await failures(() => content.skill(id, "1"))).message,
      /^OC2140: The zip of version 1 of skill \S+ is larger than/,
    );
  });
});

import assert from "node:assert/strict";
import type OpenAI from "openai";
import { toFile } from "openai";
import {
  assertRejected,
  client,
  clock,
  send,
  startSeconds,
  startWithClient,
  stopEmulator,
} from "../support/emulator-client";

const noSuchFile = { message: "No such File object: file-1", param: "id" };

describe("the emulator's Files endpoints", () => {
  afterEach(stopEmulator);

  async function start() {
    const { emulator } = await startWithClient();
    const { files } = client(emulator);
    const upload = async (
      name: string,
      content: string | Buffer,
      purpose: "vision" | "user_data" | "batch" = "vision",
    ) => files.create({ file: await toFile(Buffer.from(content), name), purpose });
    return { emulator, files, upload };
  }

  it("store what the official client uploads, report it with the fields of the published schema, and send it back", async () => {
    const { files, upload } = await start();
    const content = Buffer.from([0, 255, 13, 10, 45, 45, 0]);
    const { id, ...file } = await upload("Büro a.csv", content);
    assert.match(id, /^file-[0-9a-f]{24}$/);
    assert.deepEqual(file, {
      object: "file",
      bytes: 7,
      created_at: startSeconds,
      filename: "Büro a.csv",
      purpose: "vision",
      status: "processed",
    });
    assert.deepEqual(await files.retrieve(id), { id, ...file });
    assert.deepEqual(Buffer.from(await (await files.content(id)).arrayBuffer()), content);
  });

  it("list files newest first, by purpose and in pages", async () => {
    const { files, upload } = await start();
    for (const name of ["a", "b", "c"]) await upload(name, name);
    await upload("d", "d", "user_data");
    const names = async (query: OpenAI.FileListParams) => {
      const all: string[] = [];
      for await (const { filename } of files.list(query)) all.push(filename);
      return all.join("");
    };
    assert.equal(await names({}), "dcba");
    assert.equal(await names({ purpose: "vision", limit: 2 }), "cba");
    assert.equal(await names({ order: "asc", limit: 1 }), "abcd");
    await assertRejected(files.list({ after: "file-1" }), 400, {
      message: "Invalid 'after': no file with id 'file-1'.",
      param: "after",
      code: "invalid_value",
    });
  });

  it("do not find a file that is deleted, has expired or belongs to another account", async () => {
    const { emulator, files, upload } = await start();
    const { id, expires_at } = await upload("a.jsonl", "{}", "batch");
    const other = client(emulator, { project: "proj_1" }).files;
    await assertRejected(other.retrieve(id), 404, { ...noSuchFile, message: `No such File object: ${id}` });
    assert.equal(expires_at, startSeconds + 30 * 24 * 60 * 60);
    clock.advance(30 * 24 * 60 * 60_000);
    await assertRejected(files.content(id), 404, { ...noSuchFile, message: `No such File object: ${id}` });
    const { id: second } = await upload("b", "b");
    assert.deepEqual(await files.delete(second), { id: second, object: "file", deleted: true });
    await assertRejected(files.delete(second), 404, { ...noSuchFile, message: `No such File object: ${second}` });
    assert.deepEqual((await files.list()).data, []);
  });

  it("refuse to send the content of a file of purpose user_data, as the API does", async () => {
    const { files, upload } = await start();
    const { id } = await upload("a.csv", "1,2", "user_data");
    await assertRejected(files.content(id), 400, { message: "Not allowed to download files of purpose: user_data" });
  });

  it("reject an upload without a file, with an unknown purpose, for too long, and that is no form", async () => {
    const { emulator } = await start();
    const rejection = async (...fields: [string, string | Blob][]) => {
      const body = new FormData();
      for (const [name, value] of fields) body.append(name, value);
      const { status, error } = await send(emulator, "POST", "/v1/files", {
        body,
        headers: { authorization: "Bearer key" },
      });
      return [status, error.code, error.param];
    };
    const file: [string, Blob] = ["file", new Blob(["a"])];
    assert.deepEqual(await rejection(["purpose", "vision"]), [400, "missing_required_parameter", "file"]);
    assert.deepEqual(await rejection(["file", "a"], ["purpose", "vision"]), [400, "invalid_value", "file"]);
    assert.deepEqual(await rejection(file, ["purpose", "x"]), [400, "invalid_value", "purpose"]);
    const expiry: [string, string][] = [
      ["purpose", "vision"],
      ["expires_after[anchor]", "created_at"],
      ["expires_after[seconds]", "3599"],
    ];
    assert.deepEqual(await rejection(file, ...expiry), [400, "integer_below_min_value", "expires_after.seconds"]);
    const json = await send(emulator, "POST", "/v1/files", { body: "{}" });
    assert.deepEqual([json.status, json.error.code], [400, "unsupported_content_type"]);
    const headers = { authorization: "Bearer key", "content-type": "multipart/form-data; boundary=x" };
    const broken = await send(emulator, "POST", "/v1/files", { body: "--x\r\nnothing", headers });
    assert.deepEqual([broken.status, broken.error.message], [400, "Could not parse multipart form"]);
  });
});

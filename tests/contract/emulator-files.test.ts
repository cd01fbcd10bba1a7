import assert from "node:assert/strict";
import { toFile } from "openai";
import {
  assertRejected,
  client,
  clock,
  send,
  startSeconds,
  startWithClient,
  stopEmulator,
  unknownId,
} from "../support/emulator-client";
import { skillZip } from "../support/skill-zip";

describe("the emulator's container files", () => {
  afterEach(stopEmulator);

  it("are those of the create request, newest first, with the fields of the published schema", async () => {
    const { emulator, containers } = await startWithClient();
    const file_ids = [
      emulator.addFile({ name: "a.csv", content: "1,2" }),
      emulator.addFile({ name: "../../b c.bin", content: "" }),
    ];
    const { id } = await containers.create({ name: "a", file_ids });
    const { data, has_more } = await containers.files.list(id);
    assert.equal(has_more, false);
    assert.deepEqual(
      data.map(({ path }) => path.replace(/[0-9a-f]{32}/, "HEX")),
      ["/mnt/data/HEX-b c.bin", "/mnt/data/HEX-a.csv"],
    );
    assert.deepEqual(
      data.map(({ bytes }) => bytes),
      [0, 3],
    );
    for (const { id: fileId, path, bytes, ...file } of data) {
      assert.match(fileId, /^cfile_[0-9a-f]{32}$/);
      assert.deepEqual(file, {
        object: "container.file",
        created_at: startSeconds,
        container_id: id,
        source: "user",
      });
    }
    assert.deepEqual((await containers.files.list(id)).data, data);
  });

  it("are an empty list for a container created without files", async () => {
    const { emulator } = await startWithClient();
    const [id] = emulator.seed([{}]);
    const { status, text } = await send(emulator, "GET", `/v1/containers/${id}/files`);
    const page = { object: "list", data: [], first_id: "", last_id: "", has_more: false };
    assert.deepEqual([status, JSON.parse(text)], [200, page]);
  });

  it("are paged, and reject an unknown cursor and parameter", async () => {
    const { emulator, containers } = await startWithClient();
    const file_ids = ["1", "2", "3", "4", "5"].map((name) => emulator.addFile({ name, content: name }));
    const { id } = await containers.create({ name: "a", file_ids });
    const all = (await containers.files.list(id, { order: "asc" })).data;
    const seen: string[] = [];
    for await (const { path } of containers.files.list(id, { limit: 2, order: "asc" })) seen.push(path.slice(-1));
    assert.deepEqual(seen, ["1", "2", "3", "4", "5"]);
    const { text } = await send(emulator, "GET", `/v1/containers/${id}/files?limit=2&order=asc`);
    const { data: _, ...ends } = JSON.parse(text);
    assert.deepEqual(ends, { object: "list", first_id: all[0]?.id, last_id: all[1]?.id, has_more: true });
    await assertRejected(containers.files.list(id, { after: "cfile_1" }), 400, {
      message: "Invalid 'after': no file with id 'cfile_1'.",
      param: "after",
      code: "invalid_value",
    });
    const { status, error } = await send(emulator, "GET", `/v1/containers/${id}/files?name=a`);
    assert.deepEqual([status, error.code, error.param], [400, "unknown_parameter", "name"]);
  });

  it("are read by id with their contents, also once deleted in the account, which counts as activity", async () => {
    const { emulator, containers } = await startWithClient();
    const fileId = emulator.addFile({ name: "a.csv", content: "1,2" });
    const { id } = await containers.create({ name: "a", file_ids: [fileId] });
    await client(emulator).files.delete(fileId);
    const [file] = (await containers.files.list(id)).data;
    const params = { container_id: id };
    clock.advance(60_000);
    assert.deepEqual(await containers.files.retrieve(file?.id ?? "", params), file);
    assert.equal((await containers.list()).data[0]?.last_active_at, startSeconds + 60);
    assert.equal(await (await containers.files.content.retrieve(file?.id ?? "", params)).text(), "1,2");
    await assertRejected(containers.files.retrieve("cfile_1", params), 404, {
      message: "Container file with id 'cfile_1' not found.",
    });
  });

  it("and skills that do not exist let a create fail with the parameter's name, and create nothing", async () => {
    const { emulator, containers } = await startWithClient();
    const { id } = await client(emulator).skills.create({ files: await toFile(await skillZip(), "report.zip") });
    const reference = (skill_id: string, version: string) => ({ type: "skill_reference" as const, skill_id, version });
    const zip = (data: Buffer) => ({
      type: "inline" as const,
      name: "report",
      description: "Writes reports",
      source: { type: "base64" as const, media_type: "application/zip" as const, data: data.toString("base64") },
    });
    const file_ids = [emulator.addFile({ name: "a.csv", content: "" }), "file-1"];
    await assertRejected(containers.create({ name: "a", file_ids }), 404, {
      message: "No such File object: file-1",
      param: "file_ids[1]",
    });
    await assertRejected(containers.create({ name: "a", skills: [reference("skill_1", "latest")] }), 404, {
      message: "Skill with id 'skill_1' not found.",
      param: "skills[0].skill_id",
    });
    await assertRejected(containers.create({ name: "a", skills: [reference(id, "latest"), reference(id, "2")] }), 404, {
      message: `Version '2' of skill '${id}' not found.`,
      param: "skills[1].version",
    });
    await assertRejected(containers.create({ name: "a", skills: [zip(Buffer.from("PK no zip"))] }), 400, {
      message: "Invalid 'skills[0].source.data': not a valid zip file.",
      param: "skills[0].source.data",
      code: "invalid_value",
    });
    assert.deepEqual(emulator.containers(), []);
    await containers.create({ name: "a", skills: [reference(id, "1"), zip(await skillZip())] });
    assert.equal(emulator.containers().length, 1);
  });

  it("count as activity when listed, and cannot be listed once the container expired", async () => {
    const { containers } = await startWithClient();
    const { id } = await containers.create({ name: "a" });
    clock.advance(19 * 60_000);
    await containers.files.list(id);
    assert.equal((await containers.list()).data[0]?.last_active_at, startSeconds + 19 * 60);
    clock.advance(20 * 60_000);
    await assertRejected(containers.files.list(id), 400, { message: "Container is expired." });
    await assertRejected(containers.files.list(unknownId), 404, {
      message: `Container with id '${unknownId}' not found.`,
    });
  });
});

import assert from "node:assert/strict";
import {
  assertRejected,
  clock,
  send,
  startSeconds,
  startWithClient,
  stopEmulator,
  unknownId,
} from "../support/emulator-client";

describe("the emulator's container files", () => {
  afterEach(stopEmulator);

  it("are those of the create request, newest first, with the fields of the published schema", async () => {
    const { containers } = await startWithClient();
    const { id } = await containers.create({ name: "a", file_ids: ["file-1", "file-2"] });
    const { data, has_more } = await containers.files.list(id);
    assert.equal(has_more, false);
    assert.deepEqual(
      data.map(({ path }) => path.replace(/[0-9a-f]{32}/, "HEX")),
      ["/mnt/data/HEX-file-2", "/mnt/data/HEX-file-1"],
    );
    for (const { id: fileId, path, ...file } of data) {
      assert.match(fileId, /^cfile_[0-9a-f]{32}$/);
      assert.deepEqual(file, {
        object: "container.file",
        created_at: startSeconds,
        bytes: 0,
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
    const { id } = await containers.create({ name: "a", file_ids: ["1", "2", "3", "4", "5"] });
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

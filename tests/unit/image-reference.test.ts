import assert from "node:assert/strict";
import { isImageReference } from "../../provider/model/image-reference";
import { processorTime } from "../support/processor-time";

const hex = "0123456789abcdef".repeat(4);
const longest = "a".repeat(255);

describe("an image reference", () => {
  // As distribution/reference accepts them; an image id reads as a name, or as a name with a tag.
  for (const text of [
    "alpine",
    "python:3.11-slim-bookworm",
    "library/alpine",
    "a.b_c__d---e/f:Tag_1.2-3",
    "registry.example.com/owner/name:latest",
    "127.0.0.1:5000/box",
    "REGISTRY/box",
    "Example.COM:443/box/in/box:1",
    "[2001:db8::1]:5000/box",
    `alpine@sha256:${hex}`,
    `alpine:3@sha512:${hex}${hex}`,
    `alpine@sha256+b64u:${hex}`,
    `sha256:${hex}`,
    hex,
    "0123456789ab",
    `example.com/${longest}`,
    `a:${"t".repeat(128)}`,
  ]) {
    it(`may be ${text.slice(0, 60)} (${text.length} characters)`, () => assert.ok(isImageReference(text)));
  }

  for (const text of [
    "",
    "UPPER Case!",
    "Alpine",
    "box/Alpine",
    "alpine ",
    "alpine\n",
    "openai-containers-sandbox:bookworm/json?x=",
    "alpine:",
    "alpine:-1",
    `a:${"t".repeat(129)}`,
    "a//b",
    "/alpine",
    "alpine/",
    "-alpine",
    "a...b",
    "a___b",
    "https://registry.example.com/owner/name",
    "alpine@sha256:1234",
    `alpine@${hex}`,
    `${longest}a`,
    "../../json",
  ]) {
    it(`cannot be ${JSON.stringify(text.slice(0, 60))} (${text.length} characters)`, () =>
      assert.ok(!isImageReference(text)));
  }

  it("is validated in linear time", async () => {
    const took = await processorTime(() => {
      for (const part of ["a", "a-", "a.", "a/", "a_", "1:"]) assert.ok(!isImageReference(`${part.repeat(200_000)}!`));
    });
    assert.ok(took < 10_000, `${took} ms`); // milliseconds; minutes in quadratic time
  });
});

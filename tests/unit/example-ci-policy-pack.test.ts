import assert from "node:assert/strict";
import { PolicyPackProcess } from "../support/ci/policy-pack-process";

const container = "pulumi-nodejs:dynamic/openai-containers:Container";
const allowlist = (...allowedDomains: string[]) => ({ networkPolicy: { type: "allowlist", allowedDomains } });

/** As Pulumi's policy SDK serves it: the language host at hand cannot run a policy pack. */
describe("examples/policy-pack", function () {
  this.timeout(60_000);
  let pack: PolicyPackProcess;

  before(async () => {
    pack = await PolicyPackProcess.start();
  });
  after(() => pack.stop());
  beforeEach(() => pack.configure({}));

  it("forbids each domain outside the configured list", async () => {
    await pack.configure({ "container-egress": { allowedDomains: ["api.github.com"] } });
    const [violation = "", ...more] = await pack.analyze(
      container,
      allowlist("api.github.com", "a.example.com", "b.example.com"),
    );
    assert.match(
      violation,
      /\nIt could reach a\.example\.com, b\.example\.com\. Containers may reach api\.github\.com\.$/,
    );
    assert.deepEqual(more, []);
    assert.deepEqual(await pack.analyze(container, allowlist("api.github.com")), []);
    assert.deepEqual(await pack.analyze(container, { networkPolicy: { type: "disabled" } }), []);
  });

  it("forbids every domain unless a list is configured", async () => {
    const [violation = ""] = await pack.analyze(container, allowlist("api.github.com"));
    assert.match(
      violation,
      /^container-egress mandatory: .*\nIt could reach api\.github\.com\. Containers may reach nothing\.$/,
    );
  });

  it("forbids a memory limit above the configured one, by default 4g", async () => {
    const forbidden = async (memoryLimit: string) =>
      (await pack.analyze(container, { memoryLimit })).join().split("\n").at(-1);
    assert.equal(await forbidden("4g"), "");
    assert.equal(await forbidden("16g"), "Its memory limit is 16g. Containers may have at most 4g.");
    await pack.configure({ "container-memory": { maximum: "16g" } });
    assert.equal(await forbidden("16g"), "");
    assert.equal(await forbidden("64g"), "Its memory limit is 64g. Containers may have at most 16g.");
  });

  it("validates no other resources", async () => {
    assert.deepEqual(
      await pack.analyze("aws:s3/bucket:Bucket", { memoryLimit: "64g", ...allowlist("example.com") }),
      [],
    );
  });

  it("says that it cannot validate what is not known before the update", async () => {
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"; // how Pulumi writes it
    const [message = "", ...more] = await pack.analyze(container, allowlist(unknown));
    assert.match(message, /^container-egress advisory: .*can't be known during preview/);
    assert.deepEqual(more, []);
  });
});

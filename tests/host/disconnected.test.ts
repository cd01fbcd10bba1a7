import assert from "node:assert/strict";
import { gatewayName } from "../../provider/backends/docker/allowlist/gateway/gateway-spec";
import { inside } from "../support/docker";
import { HostStack } from "../support/host/host-stack";
import { assertLines } from "../support/lines";
import { clientsImage, gatewayImage } from "../support/live/images";
import { LiveSite, partsOf } from "../support/live/site";

const secrets = [{ domain: "a.example.com", name: "TOKEN", value: "hunter2-correct-horse" }];
const update = { op: "update", reasons: [], changed: [] };
const same = { op: "same", reasons: [], changed: [] };

describe("a sandbox with an egress gateway", function () {
  this.timeout(180_000);
  let site: LiveSite;
  let stack: HostStack;
  let id: string;
  const args = (allowedDomains = ["a.example.com"]) => ({
    networkPolicy: { type: "allowlist" as const, allowedDomains, domainSecrets: secrets },
    docker: {
      image: clientsImage,
      egress: { privateRanges: [site.range], certificateAuthorities: [site.authority.certificate] },
    },
  });

  const program = (allowedDomains?: string[]) =>
    stack.containers({ box: { backend: "docker", ...args(allowedDomains) } });

  before(async function () {
    if (clientsImage === "") this.skip(); // no image with clients can be made here
    site = await LiveSite.start();
    stack = new HostStack({});
    stack.config = { "openai-containers:gatewayImage": gatewayImage };
    await program().up();
    id = stack.idOf("box");
  });
  after(async () => {
    if (!site) return;
    await stack.end(site.client);
    await site.stop();
    assert.deepEqual(await partsOf(site.client, id), []);
  });

  const gateway = () => site.client.getContainer(gatewayName(id));

  const fetched = () => site.requested({ id, args: args() }, "https://a.example.com/echo");

  it("shows no change in refresh and up for the same domains, and for another spelling of them", async () => {
    assert.deepEqual((await stack.refresh()).steps["box"], same);
    assert.deepEqual((await program(["A.Example.com.", "a.example.com"]).up()).steps["box"], same);
    program();
  });

  const damages: Record<string, () => Promise<unknown>> = {
    "was killed": () => gateway().kill(),
    "was restarted, and has no policy": () => gateway().restart({ t: 0 }),
    "is gone": () => gateway().remove({ force: true, v: true }),
  };
  for (const [what, damage] of Object.entries(damages)) {
    it(`is repaired by a plain up, with a warning, where the gateway ${what}`, async () => {
      await inside(site.client, id, "echo kept > file");
      await damage();
      const lines = [
        new RegExp(
          `^box: OC2005: container ${id} is disconnected: up restarts its egress gateway; its processes keep running`,
        ),
      ];
      const preview = await stack.preview();
      assert.deepEqual(preview.steps["box"], update);
      assertLines(preview.warnings, lines);
      assertLines((await stack.up()).warnings, lines);
      assert.equal(stack.idOf("box"), id);
      assert.match(await fetched(), /"authorization":"Bearer \*+"/);
      assert.equal((await inside(site.client, id, "cat file")).text, "kept");
    });
  }

  it("has the status disconnected in a refresh after its gateway was killed, and is repaired by the next up", async () => {
    await gateway().kill();
    assert.deepEqual((await stack.refresh()).steps["box"], { ...update, changed: ["status"] });
    assert.equal(stack.resources.get("box")?.outputs["status"], "disconnected");
    assert.deepEqual((await stack.up()).steps["box"], update);
    assert.equal(stack.resources.get("box")?.outputs["status"], "running");
    assert.match(await fetched(), /"authorization":"Bearer \*+"/);
  });

  it("is started again with its gateway after both were killed", async () => {
    for (const name of [gatewayName(id), id]) await site.client.getContainer(name).kill();
    const { steps, warnings } = await stack.up();
    assert.deepEqual(steps["box"], update);
    assertLines(warnings, [new RegExp(`^box: OC2005: container ${id} is stopped: up starts it again, with its files`)]);
    assert.match(await fetched(), /"authorization":"Bearer \*+"/);
    assert.deepEqual((await stack.up()).steps["box"], same);
  });

  it("is destroyed with its gateway", async () => {
    assert.equal((await partsOf(site.client, id)).length, 2);
    assert.deepEqual((await stack.destroy()).problems, {});
    assert.deepEqual(await partsOf(site.client, id), []);
  });
});

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gatewayName } from "../../provider/backends/docker/allowlist/gateway/gateway-spec";
import { certificateNames } from "../../provider/model/egress-settings";
import { assertLines } from "../support/lines";
import { clientsImage, gatewayImage } from "../support/live/images";
import { LiveSite, partsOf } from "../support/live/site";
import { Stack } from "../support/stack";
import { previewWarnings, upWarnings } from "../support/stack-warnings";

const secretValue = "hunter2-correct-horse";

describe("a stack with an allow list on Docker", function () {
  this.timeout(240_000);
  const stack = new Stack();
  let site: LiveSite;
  /** The output of all commands of Pulumi, which must not contain the secret. */
  const shown: string[] = [];
  const ok = async (...args: string[]) => {
    const text = await stack.ok(...args);
    shown.push(text);
    return text;
  };
  const up = (...args: string[]) => ok("up", "--yes", "--skip-preview", "--suppress-progress", ...args);
  const idOf = () => stack.container().id ?? "";

  let allowedNow: string[] = [];
  let valueNow = secretValue;

  function program(allowedDomains = ["a.example.com"], token = 'config.requireSecret("token")'): void {
    allowedNow = allowedDomains;
    stack.program(`const { readFileSync } = require("node:fs");
      const config = new pulumi.Config();
      const box = new Container("box", {
        name: "${stack.prefix}-box",
        backend: "docker",
        networkPolicy: {
          type: "allowlist",
          allowedDomains: ${JSON.stringify(allowedDomains)},
          domainSecrets: [{ domain: "a.example.com", name: "TOKEN", value: ${token} }],
        },
        docker: {
          image: "${clientsImage}",
          egress: { privateRanges: ["${site.range}"], certificateAuthorities: [${JSON.stringify(site.authority.certificate)}] },
        },
      });
      exports.policy = box.networkPolicy;`);
  }

  const fetched = (url: string) => site.requested({ id: idOf(), args: argsNow() }, url);

  /** Its recorded arguments. */
  function argsNow() {
    const domainSecrets = [{ domain: "a.example.com", name: "TOKEN", value: valueNow }];
    const egress = { privateRanges: [site.range], certificateAuthorities: [site.authority.certificate] };
    return {
      networkPolicy: { type: "allowlist" as const, allowedDomains: allowedNow, domainSecrets },
      docker: { image: clientsImage, egress },
    };
  }

  before(async function () {
    if (clientsImage === "") this.skip(); // no image with clients can be made here
    site = await LiveSite.start();
    program();
    stack.init();
    stack.configure("openai-containers:gatewayImage", gatewayImage);
    await stack.ok("config", "set", "--secret", "token", secretValue);
  });
  after(async () => {
    if (!site) return;
    const id = stack.containers()[0]?.id;
    await stack.end(site.client);
    await site.stop();
    if (id) assert.deepEqual(await partsOf(site.client, id), []);
  });

  it("warns of the wider access that its settings allow, in preview and up", async () => {
    const names = certificateNames(site.authority.certificate).join().replace(/[()]/g, ".");
    const lines = [
      new RegExp(`^box: OC1008: docker\\.egress\\.privateRanges: .*${site.range}`),
      new RegExp(`^box: OC1009: docker\\.egress\\.certificateAuthorities: .*${names}`),
    ];
    const preview = await stack.preview();
    shown.push(JSON.stringify(preview));
    assertLines(previewWarnings(preview), lines);
    assertLines(upWarnings(await up()), lines);
  });

  it("reaches the allowed domain only, and the gateway injects a secret that the sandbox does not have", async () => {
    assert.match(await fetched("https://a.example.com/echo"), /"authorization":"Bearer \*+"/);
    assert.ok((await site.upstream.received()).includes(`Authorization: Bearer ${secretValue}\r\n`));
    assert.match(await fetched("http://evil.example.com/"), /is not on the allow list \(allowed: a\.example\.com\)/);
  });

  it("shows no change in refresh and up for the same domains, and for another spelling of them", async () => {
    await ok("refresh", "--yes", "--skip-preview", "--expect-no-changes");
    program(["A.Example.com.", "a.example.com"]);
    await up("--expect-no-changes");
    program();
  });

  it("is replaced for an added domain, which is the only change in the preview", async () => {
    program(["a.example.com", "b.example.com"]);
    const { steps, ...preview } = await stack.preview();
    const step = steps.find(({ op }) => op === "replace");
    assert.deepEqual(step?.replaceReasons, ["networkPolicy"]);
    assert.deepEqual(step?.detailedDiff, { "networkPolicy.allowedDomains[1]": { kind: "add" } });
    shown.push(JSON.stringify(preview));
    const old = idOf();
    await up();
    assert.notEqual(idOf(), old);
    assert.deepEqual(await partsOf(site.client, old), []);
    assert.match(await fetched("https://b.example.com/echo"), /"url":"\/echo"/);
  });

  const gatewayOf = (id: string) => site.client.getContainer(gatewayName(id));

  it("has the status disconnected in a refresh after its gateway was killed, and is repaired by the next up", async () => {
    await gatewayOf(idOf()).kill();
    assert.match(await ok("refresh", "--yes", "--skip-preview", "--diff"), /~ status +: "running" => "disconnected"/);
    assert.match(await up(), /1 updated/);
    assert.equal(stack.container().outputs["status"], "running");
    assert.match(await fetched("https://a.example.com/echo"), /"url"/);
  });

  it("is replaced for another secret, whose value the preview does not show", async () => {
    program(["a.example.com", "b.example.com"], `pulumi.secret("${secretValue}-new")`);
    const text = await ok("preview", "--diff");
    assert.match(text, /~ domainSecrets *: \[secret\] => \[secret\]/);
    await up();
    valueNow = `${secretValue}-new`;
    await fetched("https://a.example.com/echo");
    assert.ok((await site.upstream.received()).includes(`Bearer ${secretValue}-new\r\n`));
  });

  it("has its secret in clear neither in Pulumi's output nor in the files of state", async () => {
    shown.push(await ok("stack", "export"), await ok("stack", "output"), JSON.stringify(stack.container()));
    for (const text of shown) assert.ok(!text.includes("hunter2"), text);
    const files = filesUnder(join(stack.folder, "state"));
    assert.ok(files.length > 0);
    for (const file of files) assert.ok(!readFileSync(file, "utf8").includes("hunter2"), file);
    assert.match(await stack.ok("stack", "export", "--show-secrets"), /hunter2/, "it is there, encrypted");
  });

  it("is destroyed with its gateway", async () => {
    const id = idOf();
    assert.equal((await partsOf(site.client, id)).length, 2);
    await ok("destroy", "--yes", "--skip-preview");
    assert.deepEqual(await partsOf(site.client, id), []);
  });
});

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

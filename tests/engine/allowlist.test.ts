import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { certificateNames } from "../../provider/model/egress-settings";
import { assertLines } from "../support/lines";
import { clientsImage, gatewayImage } from "../support/live/images";
import { LiveSite, partsOf } from "../support/live/site";
import { Stack } from "../support/stack";
import { upWarnings } from "../support/stack-warnings";

const secretValue = "hunter2-correct-horse";

describe("a stack with an allow list on Docker", function () {
  this.timeout(300_000);
  const stack = new Stack();
  let site: LiveSite;
  /** The output of all commands of Pulumi, which must not contain the secret. */
  const shown: string[] = [];
  const ok = async (...args: string[]) => {
    const text = await stack.ok(...args);
    shown.push(text);
    return text;
  };
  const up = () => ok("up", "--yes", "--skip-preview", "--suppress-progress");
  const idOf = () => stack.container().id ?? "";

  function program(allowedDomains: string[], token: string): void {
    stack.program(`const config = new pulumi.Config();
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

  /** @param value the recorded secret */
  function fetched(url: string, allowedDomains: string[], value: string): Promise<string> {
    const domainSecrets = [{ domain: "a.example.com", name: "TOKEN", value }];
    const egress = { privateRanges: [site.range], certificateAuthorities: [site.authority.certificate] };
    const networkPolicy = { type: "allowlist" as const, allowedDomains, domainSecrets };
    return site.requested({ id: idOf(), args: { networkPolicy, docker: { image: clientsImage, egress } } }, url);
  }

  before(async function () {
    if (clientsImage === "") this.skip(); // no image with clients can be made here
    site = await LiveSite.start();
    program(["a.example.com"], 'config.requireSecret("token")');
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

  it("warns of the wider access that its settings allow, and names its secrets", async () => {
    const names = certificateNames(site.authority.certificate).join().replace(/[()]/g, ".");
    assertLines(upWarnings(await up()), [
      new RegExp(`^box: OC1008: docker\\.egress\\.privateRanges: .*${site.range}`),
      new RegExp(`^box: OC1009: docker\\.egress\\.certificateAuthorities: .*${names}`),
      /^box: OC3002: domain secrets: added "TOKEN for a\.example\.com"$/,
    ]);
  });

  it("reaches the allowed domain only, and the gateway injects a secret that the sandbox does not have", async () => {
    const allowed = ["a.example.com"];
    assert.match(await fetched("https://a.example.com/echo", allowed, secretValue), /"authorization":"Bearer \*+"/);
    assert.ok((await site.upstream.received()).includes(`Authorization: Bearer ${secretValue}\r\n`));
    const refusal = await fetched("http://evil.example.com/", allowed, secretValue);
    assert.match(refusal, /is not on the allow list \(allowed: a\.example\.com\)/);
  });

  it("shows an added domain and another secret in a preview, without the secret's value and without other changes", async () => {
    program(["a.example.com", "b.example.com"], `pulumi.secret("${secretValue}-new")`);
    const text = await ok("preview", "--diff");
    const box = text.slice(text.indexOf("Container::box]"), text.indexOf("Resources:"));
    const signs = box.split("\n").map((line) => line.trim().replace(/ +:/, ":"));
    assert.deepEqual(
      signs.filter((line) => /^[-+~] /.test(line)),
      ["~ networkPolicy: {", "~ allowedDomains: [", '+ [1]: "b.example.com"', "~ domainSecrets: [secret] => [secret]"],
    );
    assert.match(text, /\+-1 to replace/);
  });

  it("is replaced for them, reaches the added domain, and sends the new secret", async () => {
    const old = idOf();
    await up();
    assert.notEqual(idOf(), old);
    assert.deepEqual(await partsOf(site.client, old), []);
    const allowed = ["a.example.com", "b.example.com"];
    assert.match(await fetched("https://b.example.com/echo", allowed, `${secretValue}-new`), /"url":"\/echo"/);
    await fetched("https://a.example.com/echo", allowed, `${secretValue}-new`);
    assert.ok((await site.upstream.received()).includes(`Bearer ${secretValue}-new\r\n`));
  });

  it("has its secret in clear neither in Pulumi's output nor in the files of state", () => {
    for (const text of shown) assert.ok(!text.includes("hunter2"), text);
    const files = filesUnder(join(stack.folder, "state"));
    assert.ok(files.length > 0);
    for (const file of files) assert.ok(!readFileSync(file, "utf8").includes("hunter2"), file);
    const { inputs, outputs } = stack.container();
    for (const side of [inputs, outputs]) {
      assert.match(JSON.stringify(side), /"domainSecrets":\{[^[\]{}]*"ciphertext":"/, "it is there, encrypted");
    }
    assert.match(JSON.stringify(stack.outputs()["policy"]), /"ciphertext":"/);
  });
});

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

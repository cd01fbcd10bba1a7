import assert from "node:assert/strict";
import { image } from "../support/docker";
import { gatewayImage } from "../support/live/images";
import { hostedSets, type SetOf, setChanges } from "../support/set-changes";
import { Stack } from "../support/stack";
import { dockerTestBackend, hostedTestBackend, type TestBackend } from "../support/test-backend";

const dockerSets: Record<string, SetOf> = {
  privateRanges: {
    before: ["10.1.0.0/16", "10.2.0.0/16", "10.3.0.0/16"],
    fresh: "192.168.7.0/24",
    args: (privateRanges) => ({
      networkPolicy: { type: "allowlist", allowedDomains: ["api.example.com"] },
      backend: "docker",
      docker: { image, egress: { privateRanges } },
    }),
    words: { line: "OC3004: private ranges", added: "now reachable", removed: "no longer reachable" },
    path: ["docker", "egress", "privateRanges"],
  },
};

describe("the text of a preview of sets that change", function () {
  this.timeout(300_000);
  let hosted: TestBackend;
  let docker: TestBackend;
  let stack: Stack;
  let text = "";

  const all = Object.entries({ ...hostedSets, ...dockerSets }).flatMap(([set, of]) =>
    Object.entries(setChanges).map(([what, change]) => ({ name: `${set}-${what}`, of, change })),
  );
  /** A container for each set and change, with the given members. */
  function program(membersOf: (one: (typeof all)[number]) => readonly string[]): void {
    const containers = all.map((one) => {
      return `new Container("${stack.prefix}-${one.name}", ${JSON.stringify(one.of.args(membersOf(one)))});`;
    });
    stack.program(containers.join("\n"));
  }

  before(async () => {
    [hosted, docker] = await Promise.all([hostedTestBackend(), dockerTestBackend()]);
    stack = new Stack({ ...hosted.env, ...docker.env });
    program(({ of }) => of.before);
    stack.init();
    stack.configure("openai-containers:gatewayImage", gatewayImage);
    await stack.up();
    program(({ of, change }) => change.members(of.before, of.fresh));
    text = await stack.ok("preview", "--diff");
  });
  after(async () => {
    await stack.end(docker.holder);
    await Promise.all([hosted.stop(), docker.stop()]);
  });

  for (const { name, of, change } of all) {
    it(`shows only the added and removed members: ${name}`, () => {
      const shown = change.shown(of.before, of.fresh);
      const logLine = change.logLine(of.words, of.before, of.fresh);
      const diff = linesOf(text, `::${stack.prefix}-${name}`).filter((line) => /^[-+~] \[|=>/.test(line));
      assert.deepEqual(diff, of.isSecret && shown.length > 0 ? ["~ domainSecrets: [secret] => [secret]"] : shown);
      // Once for each container with this change.
      const same = all.filter((one) => one.change.logLine(one.of.words, one.of.before, one.of.fresh) === logLine);
      if (logLine) assert.equal(text.split("\n").filter((line) => line.trim() === logLine).length, same.length);
    });
  }

  it("shows no secret", () => assert.doesNotMatch(text, /CANARY/));
});

/** The lines under a resource in a preview's text, without indentation. */
function linesOf(text: string, urn: string): string[] {
  const lines = text.split("\n").map((line) => line.trim());
  const from = lines.findIndex((line) => line.endsWith(`${urn}]`));
  if (from < 0) return [];
  const more = lines.slice(from + 1);
  const end = more.findIndex((line) => line.includes("pulumi-nodejs:dynamic/") || line === "Resources:");
  return more.slice(0, end);
}

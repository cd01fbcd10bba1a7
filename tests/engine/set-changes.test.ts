import assert from "node:assert/strict";
import { image } from "../support/docker";
import { gatewayImage } from "../support/live/images";
import { Stack } from "../support/stack";
import { dockerTestBackend, hostedTestBackend, type TestBackend } from "../support/test-backend";

/** A change of a set with three members, and its expected preview. */
interface Change {
  members(before: readonly [string, string, string], fresh: string): string[];
  /** The lines of Pulumi's diff, without indentation; none without a change. */
  shown(before: readonly [string, string, string], fresh: string): string[];
  /** The members afterwards, by position. */
  planned(before: readonly [string, string, string], fresh: string): string[];
  logLine(words: Words, before: readonly [string, string, string], fresh: string): string;
}

interface Words {
  line: string;
  added: string;
  removed: string;
}

const added = ({ line, added }: Words, _: unknown, fresh: string) => `${line}: ${added} "${fresh}"`;
const changes: Record<string, Change> = {
  front: {
    members: ([a, b, c], fresh) => [fresh, a, b, c],
    shown: (_, fresh) => [`+ [3]: "${fresh}"`],
    planned: (before, fresh) => [...before, fresh],
    logLine: added,
  },
  middle: {
    members: ([a, b, c], fresh) => [a, fresh, b, c],
    shown: (_, fresh) => [`+ [3]: "${fresh}"`],
    planned: (before, fresh) => [...before, fresh],
    logLine: added,
  },
  removed: {
    members: ([a, , c]) => [a, c],
    shown: ([, b, c]) => [`~ [1]: "${b}" => "${c}"`, `- [2]: "${c}"`],
    planned: ([a, , c]) => [a, c],
    logLine: ({ line, removed }, [, b]) => `${line}: ${removed} "${b}"`,
  },
  exchanged: {
    members: ([a, , c], fresh) => [c, fresh, a],
    shown: ([, b], fresh) => [`~ [1]: "${b}" => "${fresh}"`],
    planned: ([a, , c], fresh) => [a, fresh, c],
    logLine: ({ line, added, removed }, [, b], fresh) => `${line}: ${added} "${fresh}"; ${removed} "${b}"`,
  },
  reversed: {
    members: ([a, b, c]) => [c, b, a],
    shown: () => [],
    planned: (before) => [...before],
    logLine: () => "",
  },
};

/** A set of a container's arguments. */
interface SetOf {
  before: readonly [string, string, string];
  fresh: string;
  args(members: readonly string[]): object;
  words: Words;
  /** Its path in the inputs. */
  path: string[];
  /** Pulumi shows only that it differs. */
  isSecret?: true;
}

const domains = {
  before: ["api.example.com", "docs.example.com", "npm.example.com"],
  fresh: "evil.example.com",
} as const;

const onHosted: Record<string, SetOf> = {
  allowedDomains: {
    ...domains,
    args: (allowedDomains) => ({ networkPolicy: { type: "allowlist", allowedDomains } }),
    words: { line: "OC3001: allowed domains", added: "now reachable", removed: "no longer reachable" },
    path: ["networkPolicy", "allowedDomains"],
  },
  fileIds: {
    before: ["file-a", "file-b", "file-c"],
    fresh: "file-evil",
    args: (fileIds) => ({ fileIds }),
    words: { line: "OC3006: files", added: "added", removed: "removed" },
    path: ["fileIds"],
  },
  domainSecrets: {
    before: ["A for api.example.com", "B for api.example.com", "C for api.example.com"],
    fresh: "EVIL for api.example.com",
    args: (names) => ({
      networkPolicy: {
        type: "allowlist",
        allowedDomains: ["api.example.com"],
        domainSecrets: names.map((name) => ({
          domain: "api.example.com",
          name: name.split(" ")[0],
          value: `CANARY ${name}`,
        })),
      },
    }),
    words: { line: "OC3002: domain secrets", added: "added", removed: "removed" },
    path: ["networkPolicy", "domainSecrets"],
    isSecret: true,
  },
};

const onDocker: Record<string, SetOf> = {
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

describe("a preview of sets that change", function () {
  this.timeout(240_000);
  let hosted: TestBackend;
  let docker: TestBackend;
  let stack: Stack;
  let text = "";
  let json: Awaited<ReturnType<Stack["preview"]>>;

  const all = Object.entries({ ...onHosted, ...onDocker }).flatMap(([set, of]) =>
    Object.entries(changes).map(([what, change]) => ({ name: `${set}-${what}`, of, change })),
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
    json = await stack.preview();
  });
  after(async () => {
    await stack.end(docker.holder);
    await Promise.all([hosted.stop(), docker.stop()]);
  });

  /** Asserts the step in the JSON; an unchanged resource has none. */
  function assertPlanned(urn: string, { path, isSecret }: SetOf, planned: string[] | undefined): void {
    const step = json.steps.find((one) => one.urn.endsWith(urn));
    assert.equal(step?.op, planned && "replace");
    if (!step) return;
    const list = path.reduce<unknown>((value, key) => Reflect.get(Object(value), key), step.newState.inputs);
    assert.deepEqual(list, isSecret ? "[secret]" : planned);
  }

  for (const { name, of, change } of all) {
    it(`shows only the added and removed members: ${name}`, () => {
      const urn = `::${stack.prefix}-${name}`;
      const shown = change.shown(of.before, of.fresh);
      const logLine = change.logLine(of.words, of.before, of.fresh);
      const diff = linesOf(text, urn).filter((line) => /^[-+~] \[|=>/.test(line));
      assert.deepEqual(diff, of.isSecret && shown.length > 0 ? ["~ domainSecrets: [secret] => [secret]"] : shown);

      assertPlanned(urn, of, shown.length > 0 ? change.planned(of.before, of.fresh) : undefined);
      const lines = json.diagnostics.filter((one) => one.urn?.endsWith(urn) && one.message.startsWith("OC3"));
      assert.deepEqual(
        lines.map(({ message }) => message.trim()),
        logLine ? [logLine] : [],
      );
      // Once in the text for each container with this change.
      const same = all.filter((one) => one.change.logLine(one.of.words, one.of.before, one.of.fresh) === logLine);
      if (logLine) assert.equal(text.split("\n").filter((line) => line.trim() === logLine).length, same.length);
    });
  }

  it("shows no secret", () => assert.doesNotMatch(text + JSON.stringify(json), /CANARY/));
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

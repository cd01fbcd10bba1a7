import assert from "node:assert/strict";
import { expiringDockerBackend, expiringHostedBackend } from "../support/expiring-backend";
import { Stack } from "../support/stack";
import { upWarnings } from "../support/stack-warnings";
import { expiryText } from "./expiry-texts";

describe("expired containers and removed ones, on the hosted API and on Docker", function () {
  this.timeout(300_000);
  let hosted: Awaited<ReturnType<typeof expiringHostedBackend>>;
  let docker: Awaited<ReturnType<typeof expiringDockerBackend>>;
  let stack: Stack;
  let old: Record<string, string>;

  /** They depend on each other so that Pulumi prints them in this order. */
  function program(): string {
    const make = (of: string, minutes: number, args: string, more = "") =>
      `new Container("${stack.prefix}-${of}", { ${more} expiresAfter: { anchor: "last_active_at", minutes: ${minutes} }, ${args} }`;
    const three = ({ name, args, maxIdleMinutes }: typeof hosted | typeof docker, dependsOn: string) => `
      const ${name}Short = ${make(`${name}-short`, 1, args)}, { dependsOn: ${dependsOn} });
      const ${name}Lost = ${make(`${name}-lost`, maxIdleMinutes, args, `name: "${stack.prefix}-${name}-lost",`)}, { dependsOn: ${name}Short });
      const ${name}Name = pulumi.interpolate\`${stack.prefix}-${name}-after-\${${name}Short.id}\`;
      const ${name}Follower = ${make(`${name}-follower`, maxIdleMinutes, args, `name: ${name}Name,`)}, { dependsOn: ${name}Lost });
      exports["${name}-short"] = ${name}Short.id;
      exports["${name}-lost"] = ${name}Lost.id;
      exports["${name}-follower"] = ${name}Follower.id;`;
    return three(hosted, "[]") + three(docker, "hostedFollower");
  }

  before(async () => {
    [hosted, docker] = await Promise.all([expiringHostedBackend(), expiringDockerBackend()]);
    stack = new Stack({ ...hosted.env, ...docker.env });
    stack.program(program()).init();
    await stack.up();
    old = stack.ids();
    await hosted.remove(old["hosted-lost"] ?? "");
    await docker.remove(old["docker-lost"] ?? "");
    await docker.expired(old["docker-short"] ?? "");
    hosted.clock.advance(13 * 60_000);
  });
  after(async () => {
    await stack.end(docker.holder);
    await Promise.all([hosted.stop(), docker.stop()]);
  });

  /** The output without the parts that differ between runs. On the emulator ages do not: its clock is manual. */
  function plain(printed: string): string {
    const named = Object.entries(old).reduce((text, [of, id]) => text.replaceAll(id, `cntr_${of}`), printed);
    return named
      .replaceAll(stack.prefix, "stack")
      .replace(/-[0-9a-f]{8}"/g, '-01234567"')
      .replace(/(createdAt +): \d+/g, "$1: 1700000000")
      .replace(/(location +): ".*"/g, '$1: "here"')
      .replace(/(imageId +): ".*"/g, '$1: "sha256:…"')
      .replace(/(image): ".*"/g, '$1: "sandbox"')
      .replace(/(cntr_docker-short expired) \d+ (second|minute)s? ago/g, "$1 N seconds ago");
  }

  it("have one warning each in a preview, before their replacement", async () => {
    assert.equal(plain(await stack.ok("preview", "--diff", "--suppress-progress")).trim(), expiryText.trim());
  });

  it("are replaced by a plain up with the same warnings, and so are resources that depend on them", async () => {
    const lines = [...expiryText.matchAll(/^warning: (OC\d+: container cntr_(\S+) .*)/gm)]
      .map(([, line, of]) => `stack-${of}: ${line}`)
      .sort();
    const envWithoutExpiry = new Stack({ ...hosted.envWithoutExpiry, ...docker.envWithoutExpiry }, stack);
    assert.deepEqual(upWarnings(await envWithoutExpiry.up()).map(plain), lines);
    const now = stack.ids();
    const of = (name: string) => ["short", "lost", "follower"].map((which) => now[`${name}-${which}`] ?? "").sort();
    // Only the new containers: no expired sandbox, no volume.
    assert.deepEqual((await hosted.inventory(stack.prefix)).sort(), of("hosted"));
    assert.deepEqual((await docker.inventory(stack.prefix)).sort(), of("docker"));
    await docker.assertNoOrphans(stack.prefix, of("docker"));
    for (const [name, id] of Object.entries(old)) assert.notEqual(now[name], id);
    for (const { name } of [hosted, docker]) {
      const follower = stack.containers().find(({ id }) => id === now[`${name}-follower`]);
      assert.equal(follower?.outputs["name"], `${stack.prefix}-${name}-after-${now[`${name}-short`]}`);
    }
  });
});

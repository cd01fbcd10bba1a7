import assert from "node:assert/strict";
import { expiringDockerBackend, expiringHostedBackend } from "../support/expiring-backend";
import { Stack } from "../support/stack";
import { upWarnings } from "../support/stack-warnings";
import { dockerText, hostedText } from "./expiry-texts";

const ends = {
  hosted: { open: aged, text: hostedText },
  docker: { open: expiringDockerBackend, text: dockerText },
};

/** A backend on which expired containers expired twelve minutes ago. */
async function aged() {
  const backend = await expiringHostedBackend();
  return { ...backend, expired: async () => backend.clock.advance(13 * 60_000) };
}

for (const [name, { open, text }] of Object.entries(ends)) {
  describe(`an expired container and a removed one (${name})`, function () {
    this.timeout(180_000);
    let backend: Awaited<ReturnType<typeof open>>;
    let stack: Stack;
    let old: Record<string, string>;

    before(async () => {
      backend = await open();
      stack = new Stack(backend.env);
      const make = (of: string, minutes: number, more = "") =>
        `new Container("${stack.prefix}-${of}", { ${more} expiresAfter: { anchor: "last_active_at", minutes: ${minutes} }, ${backend.args} }`;
      // They depend on each other so that Pulumi prints them in this order.
      stack
        .program(
          `const short = ${make("short", 1)});
           const lost = ${make("lost", backend.maxIdleMinutes, `name: "${stack.prefix}-lost",`)}, { dependsOn: short });
           const name = pulumi.interpolate\`${stack.prefix}-after-\${short.id}\`;
           const follower = ${make("follower", backend.maxIdleMinutes, "name,")}, { dependsOn: lost });
           Object.assign(exports, { short: short.id, lost: lost.id, follower: follower.id });`,
        )
        .init();
      await stack.up();
      old = stack.ids();
      await backend.remove(old["lost"] ?? "");
      await backend.expired(old["short"] ?? "");
    });
    after(() => stack.end(backend.holder).finally(() => backend.stop()));

    /** The output without the parts that differ between runs. On the emulator ages do not: its clock is manual. */
    function plain(printed: string): string {
      const named = Object.entries(old).reduce((text, [of, id]) => text.replaceAll(id, `cntr_${of}`), printed);
      const same = named
        .replaceAll(stack.prefix, "stack")
        .replace(/-[0-9a-f]{8}"/g, '-01234567"')
        .replace(/(createdAt +): \d+/g, "$1: 1700000000")
        .replace(/(location +): ".*"/g, '$1: "here"')
        .replace(/(imageId +): ".*"/g, '$1: "sha256:…"')
        .replace(/(image): ".*"/g, '$1: "sandbox"');
      return name === "docker" ? same.replace(/\d+ (second|minute)s? ago/g, "N seconds ago") : same;
    }

    it("have one warning each in a preview, before their replacement", async () => {
      assert.equal(plain(await stack.ok("preview", "--diff", "--suppress-progress")).trim(), text.trim());
    });

    it("are replaced by a plain up with the same warnings, and so are resources that depend on them", async () => {
      const lines = [...text.matchAll(/^warning: (OC\d+: container cntr_(\S+) .*)/gm)]
        .map(([, line, of]) => `stack-${of}: ${line}`)
        .sort();
      const envWithoutExpiry = new Stack(backend.envWithoutExpiry, stack);
      assert.deepEqual(upWarnings(await envWithoutExpiry.up()).map(plain), lines);
      const { short = "", lost = "", follower = "" } = stack.ids();
      // Only the new containers: no expired sandbox, no volume.
      assert.deepEqual((await backend.inventory(stack.prefix)).sort(), [short, lost, follower].sort());
      await backend.assertNoOrphans(stack.prefix, [short, lost, follower]);
      assert.deepEqual(
        Object.values(old).filter((id) => [short, lost, follower].includes(id)),
        [],
      );
      assert.equal(await nameOf(follower), `${stack.prefix}-after-${short}`);
      await envWithoutExpiry.up("--expect-no-changes");
    });

    async function nameOf(id: string): Promise<unknown> {
      const { deployment } = stack.state();
      return deployment.resources.find((resource) => resource.id === id)?.outputs["name"];
    }
  });
}

import assert from "node:assert/strict";
import { idleDockerPlace, idleHostedPlace } from "../support/idle-place";
import { Stack } from "../support/stack";
import { warned } from "../support/told";
import { dockerText, hostedText } from "./expiry-texts";

const ends = {
  hosted: { open: aged, text: hostedText },
  docker: { open: idleDockerPlace, text: dockerText },
};

/** Where what has expired did so twelve minutes ago. */
async function aged() {
  const place = await idleHostedPlace();
  return { ...place, expired: async () => place.clock.advance(13 * 60_000) };
}

for (const [name, { open, text }] of Object.entries(ends)) {
  describe(`containers that expired and vanished (${name})`, function () {
    this.timeout(180_000);
    let place: Awaited<ReturnType<typeof open>>;
    let stack: Stack;
    let old: Record<string, string>;

    before(async () => {
      place = await open();
      stack = new Stack(place.env);
      const make = (of: string, minutes: number, more = "") =>
        `new Container("${stack.prefix}-${of}", { ${more} expiresAfter: { anchor: "last_active_at", minutes: ${minutes} }, ${place.args} }`;
      // They depend on each other so that Pulumi prints them in this order.
      stack
        .program(
          `const short = ${make("short", 1)});
           const lost = ${make("lost", place.longest, `name: "${stack.prefix}-lost",`)}, { dependsOn: short });
           const name = pulumi.interpolate\`${stack.prefix}-after-\${short.id}\`;
           const follower = ${make("follower", place.longest, "name,")}, { dependsOn: lost });
           Object.assign(exports, { short: short.id, lost: lost.id, follower: follower.id });`,
        )
        .init();
      await stack.up();
      old = stack.ids();
      await place.remove(old["lost"] ?? "");
      await place.expired(old["short"] ?? "");
    });
    after(() => stack.end(place.holder).finally(() => place.stop()));

    /** Without what differs from run to run. On the emulator how long ago something was does not: its clock stands still. */
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

    it("are told in a preview, one line each, before what becomes of them", async () => {
      assert.equal(plain(await stack.ok("preview", "--diff", "--suppress-progress")).trim(), text.trim());
    });

    it("are replaced by a plain up with the same lines at the resources, and what depends on them follows", async () => {
      const lines = [...text.matchAll(/^warning: (OC\d+: container cntr_(\S+) .*)/gm)]
        .map(([, line, of]) => `stack-${of}: ${line}`)
        .sort();
      const calm = new Stack(place.calm, stack);
      assert.deepEqual(warned(await calm.up()).map(plain), lines);
      const { short = "", lost = "", follower = "" } = stack.ids();
      // The new ones and nothing else: no tombstone, no entry of what expired, no volume.
      assert.deepEqual((await place.inventory(stack.prefix)).sort(), [short, lost, follower].sort());
      await place.assertNothingBesides(stack.prefix, [short, lost, follower]);
      assert.deepEqual(
        Object.values(old).filter((id) => [short, lost, follower].includes(id)),
        [],
      );
      assert.equal(await nameOf(follower), `${stack.prefix}-after-${short}`);
      await calm.up("--expect-no-changes");
    });

    async function nameOf(id: string): Promise<unknown> {
      const { deployment } = stack.state();
      return deployment.resources.find((resource) => resource.id === id)?.outputs["name"];
    }
  });
}

// npm run test:docker-28, test:podman, test:rootless [-- name…]: the tests that use an engine, or those named
// (contract/docker-sandbox), on an engine that is started for them. Then prints what that engine does otherwise.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { newerDocker } from "./engines/docker-28.mjs";
import { podman } from "./engines/podman.mjs";
import { rootless } from "./engines/rootless.mjs";
import { onOwnEngine } from "./own-engine.mjs";
import { attached, main } from "./quickstart.mjs";
import { checkout } from "./set-up/places.mjs";
import { connectAsProvider } from "./set-up/provider-engine.mjs";
import { SetUpError, step } from "./set-up/steps.mjs";
import { setUpForTests } from "./suites.mjs";

/** @type {Record<string, import("./own-engine.mjs").EngineKind>} */
const kinds = { "docker-28": newerDocker, podman, rootless };
const table = "contract/engines";

await main(async () => {
  const [name = "", ...named] = process.argv.slice(2);
  const kind = kinds[name];
  if (!kind) throw new SetUpError(`No engine ${name}: there are ${Object.keys(kinds).join(", ")}.`);
  const unknown = named.filter((test) => !existsSync(join(checkout, `tests/${test}.test.ts`)));
  if (unknown.length > 0) throw new SetUpError(`No tests ${unknown.join(", ")}: a name is such as contract/backend.`);
  if (process.platform !== "linux" || process.getuid?.() !== 0)
    throw new SetUpError("An engine can only be started beside other ones on Linux, as root.");
  let found = "";
  const { env, images } = await setUpForTests(async () => {
    await step(kind.title, async (say) => {
      found = await kind.find(say);
      return found;
    });
    return { DOCKER_TLS_VERIFY: undefined };
  });
  await onOwnEngine(kind, found, env, async ({ host, client, log, within }) => {
    const { Version } = await client.version();
    process.stdout.write(`\n${kind.title} ${Version}, whose log is ${log}\n`);
    const copies = await copied(images, client);
    /** @param {string[]} flags @param {string[]} tests */
    const run = (flags, tests) => {
      const specs = tests.flatMap((test) => ["--spec", `tests/${test}.test.ts`]);
      const [command = "", ...args] = [...within, join(checkout, "node_modules/.bin/mocha"), ...flags, ...specs];
      return attached(command, args, {
        ...env,
        ...copies,
        DOCKER_HOST: host,
        OPENAI_CONTAINERS_TEST_PRINTS_ENGINES: "true",
      });
    };
    const suites = named.length > 0 ? named : kind.suites;
    const code = suites.length > 0 ? await run(["--parallel", "--jobs", "2"], suites) : 0;
    process.exitCode = (named.length > 0 ? 0 : await run([], [table])) || code;
    await failIfAnythingIsLeft(client);
  });
});

/**
 * Copies images of the machine's engine to another.
 * @param {Record<string, string>} images
 * @param {import("dockerode")} to
 * @returns {Promise<Record<string, string>>} their names there: on Podman they are others
 */
async function copied(images, to) {
  const { client } = await connectAsProvider();
  /** @type {Map<string, string>} */
  const copies = new Map([["", ""]]);
  for (const name of Object.values(images)) {
    if (copies.has(name)) continue;
    let answer = "";
    for await (const chunk of await to.loadImage(await client.getImage(name).get())) answer += String(chunk);
    const [, loaded] = /Loaded image: ([^\s"\\]+)/.exec(answer) ?? [];
    if (!loaded) throw new SetUpError(`The engine did not take the image ${name}: ${answer}`);
    copies.set(name, loaded);
  }
  return Object.fromEntries(Object.entries(images).map(([variable, name]) => [variable, copies.get(name) ?? ""]));
}

/**
 * Nobody else uses the engine, and volumes have no label on Podman by which tests could find their own.
 * @param {import("dockerode")} client
 */
async function failIfAnythingIsLeft(client) {
  const { Volumes } = await client.listVolumes();
  const left = [...(await client.listContainers({ all: true })), ...Volumes].length;
  if (left > 0) throw new Error(`the tests left ${left} containers and volumes`);
}

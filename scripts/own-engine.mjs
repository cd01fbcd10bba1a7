// What tests on an engine of their own begin with: what it is made of, a connection, and images.
import { setTimeout as sleep } from "node:timers/promises";
import { connectAsProvider } from "./set-up/provider-engine.mjs";
import { SetUpError, step } from "./set-up/steps.mjs";

const patience = 60_000; // ms for an engine to answer

/**
 * Connects with the provider's own code, as soon as the engine answers.
 * @param {string} host
 * @param {import("node:child_process").ChildProcess} child
 */
export async function clientOf(host, child) {
  const { connect } = await import("../dist/provider/backends/docker/engine/engine.js");
  const { dockerSettings } = await import("../dist/provider/backends/docker/settings.js");
  const { settingSources } = await import("../dist/provider/config.js");
  const settings = dockerSettings(settingSources({ DOCKER_HOST: host }));
  for (const end = Date.now() + patience; ; await sleep(100)) {
    try {
      return (await connect(settings)).client;
    } catch (error) {
      if (hasEnded(child) || Date.now() > end) throw error;
    }
  }
}

/** @param {import("node:child_process").ChildProcess} child */
export function hasEnded(child) {
  return child.exitCode !== null || child.signalCode !== null;
}

/**
 * Copies an image of the machine's engine.
 * @param {string} name
 * @param {import("dockerode")} to
 * @returns {Promise<string>} its name there, which on Podman is another one
 */
export function copyImage(name, to) {
  return resultOf("copying", async () => {
    const { client } = await connectAsProvider();
    let answer = "";
    for await (const chunk of await to.loadImage(await client.getImage(name).get())) answer += String(chunk);
    const [, loaded] = /Loaded image: ([^\s"\\]+)/.exec(answer) ?? [];
    if (!loaded) throw new SetUpError(`The engine did not take the image ${name}: ${answer}`);
    return loaded;
  });
}

/** @param {string} name @param {(say: import("./set-up/steps.mjs").Say) => Promise<string>} work @returns what it made */
export async function resultOf(name, work) {
  let result = "";
  await step(name, async (say) => {
    result = await work(say);
    return result || "none can be made";
  });
  return result;
}

/**
 * Connects with the provider's own code, once it is built, so that the engine found here is the one found there.
 */
export async function connectAsProvider() {
  const { connect } = await import("../../dist/provider/backends/docker/engine/engine.js");
  return connect(await engineSettings());
}

/** What the environment says of the engine. */
export async function engineSettings() {
  const { readSettings } = await import("../../dist/provider/config.js");
  return readSettings(process.env, () => undefined).docker;
}

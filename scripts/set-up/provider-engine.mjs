/**
 * Connects with the provider's own code, once it is built, so that both find the same engine.
 */
export async function connectAsProvider() {
  const { connect } = await import("../../dist/provider/backends/docker/engine/engine.js");
  return connect(await engineSettings());
}

/** The engine settings of the environment. */
export async function engineSettings() {
  const { dockerSettings } = await import("../../dist/provider/backends/docker/settings.js");
  const { settingSources } = await import("../../dist/provider/config.js");
  return dockerSettings(settingSources(process.env));
}

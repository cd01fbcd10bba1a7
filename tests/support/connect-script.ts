import { join } from "node:path";

const dist = join(__dirname, "../../dist/provider");

/**
 * A script for `node -e` that connects to an engine by the built package.
 * @param env the settings
 * @param calls what follows, such as `.then(({ client }) => …)`
 */
export function connectScript(env: Record<string, string>, calls: string): string {
  return `
    const { connect } = require(${JSON.stringify(`${dist}/backends/docker/engine/engine.js`)});
    const { dockerSettings } = require(${JSON.stringify(`${dist}/backends/docker/settings.js`)});
    const { settingSources } = require(${JSON.stringify(`${dist}/config.js`)});
    connect(dockerSettings(settingSources(${JSON.stringify(env)})))${calls};`;
}

import assert from "node:assert/strict";
import { join } from "node:path";
import { ManualClock } from "../../sdk/emulator";
import { inside, stopped } from "./docker";
import { key } from "./hosted";
import { dockerTestBackend, hostedTestBackend, type TestBackend } from "./test-backend";

/** A backend on which a minute passes at once, and at whose containers somebody else can get. */
export interface ExpiringBackend extends TestBackend {
  /** The most minutes that a container may be idle here: as many do not pass in a test. */
  readonly maxIdleMinutes: number;
  /** Sends a stack's provider there as well; what it makes does not expire in a test. */
  readonly envWithoutExpiry: NodeJS.ProcessEnv;
  /** Settles when these containers, that may be idle for a minute, have expired. Others are left alone meanwhile. */
  expired(...ids: string[]): Promise<void>;
  /** Works in a container, for a moment. */
  use(id: string): Promise<void>;
  /** Removes a container, as somebody else would. */
  remove(id: string): Promise<void>;
  /** What was asked of the backend since the last call: `GET /containers`. */
  requests(): string[];
}

/** The emulator, whose clock stands still but for the test. */
export async function expiringHostedBackend() {
  const clock = new ManualClock();
  const backend = await hostedTestBackend(clock);
  const { emulator } = backend;
  let told = 0;
  return {
    ...backend,
    clock,
    maxIdleMinutes: 20,
    envWithoutExpiry: backend.env,
    expired: async () => clock.advance(60_000),
    use: async (id: string) => emulator.touch(id),
    remove: async (id: string) => {
      const headers = { authorization: `Bearer ${key}` };
      const { status } = await fetch(`${emulator.baseUrl}/containers/${id}`, { method: "DELETE", headers });
      assert.equal(status, 200);
    },
    requests: () => {
      const asked = emulator.requests.slice(told).map(({ method, path }) => `${method} ${path.replace("/v1", "")}`);
      told = emulator.requests.length;
      return asked;
    },
  };
}

/** A real engine, on which a minute takes so many seconds. */
export async function expiringDockerBackend(minute = 5) {
  const backend = await dockerTestBackend();
  const { client, faulty } = backend;
  const asked: string[] = [];
  faulty.fault = (request) => {
    asked.push(request);
    return undefined;
  };
  return {
    ...backend,
    env: {
      ...backend.env,
      NODE_OPTIONS: `--require=${join(__dirname, "short-minute.cjs")}`,
      TEST_SECONDS_OF_A_MINUTE: String(minute),
    },
    maxIdleMinutes: 525_600,
    envWithoutExpiry: backend.env,
    expired: async (...ids: string[]) => {
      await Promise.all(ids.map((id) => stopped(client, id)));
    },
    use: async (id: string) => {
      await inside(client, id, "true");
    },
    remove: (id: string) => client.getContainer(id).remove({ force: true, v: true }),
    requests: () => asked.splice(0),
  };
}

export const expiringBackends: Record<TestBackend["name"], () => Promise<ExpiringBackend>> = {
  hosted: expiringHostedBackend,
  docker: expiringDockerBackend,
};

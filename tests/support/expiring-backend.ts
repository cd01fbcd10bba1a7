import assert from "node:assert/strict";
import { join } from "node:path";
import { ManualClock } from "../../sdk/emulator";
import { inside, stopped } from "./docker";
import { key } from "./hosted";
import { dockerTestBackend, hostedTestBackend, type TestBackend } from "./test-backend";

/** A backend on which an idle minute is short, and whose containers a test can use and remove. */
export interface ExpiringBackend extends TestBackend {
  /** The highest idle limit in minutes, which no test reaches. */
  readonly maxIdleMinutes: number;
  /** Connects a stack's provider too; containers that it creates do not expire in a test. */
  readonly envWithoutExpiry: NodeJS.ProcessEnv;
  /** Settles when these containers, with an idle limit of a minute, have expired. Others are not used meanwhile. */
  expired(...ids: string[]): Promise<void>;
  /** Uses a container for a moment. */
  use(id: string): Promise<void>;
  /** Removes a container outside Pulumi. */
  remove(id: string): Promise<void>;
  /** The requests to the backend since the last call: `GET /containers`. */
  requests(): string[];
}

/** The emulator, with a manual clock. */
export async function expiringHostedBackend() {
  const clock = new ManualClock();
  const backend = await hostedTestBackend(clock);
  const { emulator } = backend;
  let counted = 0;
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
      const since = emulator.requests.slice(counted).map(({ method, path }) => `${method} ${path.replace("/v1", "")}`);
      counted = emulator.requests.length;
      return since;
    },
  };
}

/** A real engine, with idle minutes of the given number of seconds. */
export async function expiringDockerBackend(minute = 5) {
  const backend = await dockerTestBackend();
  const { client, faulty } = backend;
  const requests: string[] = [];
  faulty.fault = (request) => {
    requests.push(request);
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
    requests: () => requests.splice(0),
  };
}

export const expiringBackends: Record<TestBackend["name"], () => Promise<ExpiringBackend>> = {
  hosted: expiringHostedBackend,
  docker: expiringDockerBackend,
};

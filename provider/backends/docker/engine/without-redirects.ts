import type { Agent, ClientRequest } from "node:http";
import { inspect } from "node:util";

declare module "http" {
  interface Agent {
    /** Not documented by Node, and used by agents of others: https://github.com/TooTallNate/proxy-agents (agent-base) */
    addRequest(request: ClientRequest, options: object): void;
  }
}

/**
 * An agent whose requests are never redirected. docker-modem would send another one to wherever an engine's response says,
 * and its failure would end this process: https://github.com/apocas/docker-modem/blob/master/lib/http.js
 */
export function withoutRedirects(agent: Agent): Agent {
  const addRequest = (request: ClientRequest, options: object) => {
    request.prependOnceListener("response", ({ headers }) => delete headers.location);
    agent.addRequest(request, options);
  };
  // docker-modem inspects the options of each request to any depth, for a debug log that is off: an agent has all connections.
  const inspected = { value: () => "[agent]" };
  return Object.create(agent, { addRequest: { value: addRequest }, [inspect.custom]: inspected });
}

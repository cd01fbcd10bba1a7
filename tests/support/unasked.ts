import type { Backend } from "../../provider/backends/backend";

const notAsked = () => Promise.reject(new Error("nobody should ask this"));

/** A backend that fails whatever it is asked: a test says what may be. */
export const unasked: Backend = {
  name: "docker",
  location: "docker:HERE",
  locationSettings: { environment: "DOCKER_HOST", stack: "openai-containers:dockerHost" },
  repairable: new Map([["stopped", "starts it again, with its files"]]),
  create: notAsked,
  status: notAsked,
  observe: notAsked,
  activity: notAsked,
  list: notAsked,
  repair: notAsked,
  delete: notAsked,
  removePending: notAsked,
};

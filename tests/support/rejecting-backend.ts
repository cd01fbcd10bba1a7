import type { Backend } from "../../provider/backends/backend";

const reject = () => Promise.reject(new Error("this method should not be called"));

/** A backend whose methods all fail: a test replaces those that it expects to be called. */
export const rejectingBackend: Backend = {
  name: "docker",
  location: "docker:HERE",
  locationSettings: { environment: "DOCKER_HOST", stack: "openai-containers:dockerHost" },
  repairable: new Map([["stopped", "starts it again, with its files"]]),
  create: reject,
  status: reject,
  observe: reject,
  activity: reject,
  list: reject,
  candidates: reject,
  candidate: reject,
  repair: reject,
  delete: reject,
  removePending: reject,
};

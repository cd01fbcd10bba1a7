import { log, runtime } from "@pulumi/pulumi";
import { backendKinds } from "../backends";
import type { Backend, Report } from "../backends/backend";
import { readSettings } from "../backends/settings";
import { type Code, coded } from "../codes";
import type { BackendName } from "../model/container";
import { runErrorOf } from "../run-error";
import { filterFrom, idOrNameFrom } from "./arguments";
import { BackendCache } from "./backend-cache";
import { type FoundContainer, findAll, findOne } from "./find";

/** The data sources, which a program's process loads when it first calls one. */

const backends = new BackendCache();

const warning = (code: Code, text: string): void => {
  log.warn(coded(code, text));
};

const report: Report = {
  progress: (text) => {
    // Without an engine it would be printed into a script's output.
    if (runtime.getEngine()) log.info(text, undefined, undefined, true);
  },
  warning,
  runWarning: warning,
};

/** @throws RunError where that fails as a user can expect */
export function getOne(args: unknown): Promise<FoundContainer> {
  return withRunErrors(async () => {
    const wanted = idOrNameFrom(args);
    return findOne(wanted, await open(wanted.backend), report);
  });
}

/** @throws RunError where that fails as a user can expect */
export function getAll(args: unknown): Promise<FoundContainer[]> {
  return withRunErrors(async () => {
    const filter = filterFrom(args);
    return findAll(filter, await open(filter.backend), report);
  });
}

async function open(name: BackendName | undefined): Promise<Backend> {
  const settings = readSettings(process.env, runtime.getConfig, backendKinds);
  return backends.get(name ?? settings.backend.value, settings);
}

async function withRunErrors<T>(find: () => Promise<T>): Promise<T> {
  try {
    return await find();
  } catch (error) {
    throw runErrorOf(error);
  }
}

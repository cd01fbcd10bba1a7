import { log, RunError, runtime } from "@pulumi/pulumi";
import { backendKinds } from "../backends";
import { type Backend, BackendError, type Report } from "../backends/backend";
import { readSettings } from "../backends/settings";
import type { BackendName } from "../model/container";
import { filterFrom, oneFrom } from "./args";
import { Bursts } from "./cache";
import { type Found, findAll, findOne } from "./find";

/** What a program's process loads when it makes its first look-up. */

const bursts = new Bursts();

const warning = (text: string): void => {
  log.warn(text);
};

const report: Report = {
  progress: (text) => {
    // Without an engine it would be printed, and what is being waited for is no part of a script's output.
    if (runtime.getEngine()) log.info(text, undefined, undefined, true);
  },
  warning,
  runWarning: warning,
};

/** @throws RunError for what was expected to fail */
export function getOne(args: unknown): Promise<Found> {
  return presentably(async () => {
    const asked = oneFrom(args);
    return findOne(asked, await open(asked.backend), report);
  });
}

/** @throws RunError for what was expected to fail */
export function getAll(args: unknown): Promise<Found[]> {
  return presentably(async () => {
    const filter = filterFrom(args);
    return findAll(filter, await open(filter.backend), report);
  });
}

async function open(name: BackendName | undefined): Promise<Backend> {
  const settings = readSettings(process.env, runtime.getConfig, backendKinds);
  return bursts.get(name ?? settings.backend.value, settings);
}

/** Fails so that Pulumi, and Node, print the message and no stack trace. */
async function presentably<T>(lookUp: () => Promise<T>): Promise<T> {
  try {
    return await lookUp();
  } catch (error) {
    if (!(error instanceof BackendError)) throw error; // a mistake of ours: its stack trace is worth printing
    const failure = new RunError(error.message);
    failure.stack = error.message; // Pulumi prints it after all where nobody waits for the look-up
    throw failure;
  }
}

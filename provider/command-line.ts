import { backendKinds } from "./backends";
import type { Backend } from "./backends/backend";
import { connect, type Engine, survey } from "./backends/docker/engine/engine";
import { dockerSettings } from "./backends/docker/settings";
import { settingSources } from "./config";
import type { BackendName } from "./model/container";

/** What the `openai-containers` command uses of the provider: its settings are environment variables alone. */

export { type Backend, type Candidate, type Report, UnreachableError } from "./backends/backend";
export { type AuditLine, auditLog } from "./backends/docker/allowlist/gateway/audit-log";
export { DockerBackend } from "./backends/docker/docker-backend";
export type { Attempt, Engine } from "./backends/docker/engine/engine";
export { requireHostKernel } from "./backends/docker/engine/requirements";
export { journalFolder } from "./host/run";
export { span } from "./lifecycle/duration";
export { adopted } from "./lifecycle/import/adopt";
export { type Difference, differences } from "./lifecycle/import/differences";
export { type Entry, fileInPath, isFolder, keyOf, type PendingEntry, read, reasonOf } from "./lifecycle/journal/files";
export { removeNamed } from "./lifecycle/journal/orphans";
export { isGoingOn } from "./lifecycle/journal/process-mark";
export type { BackendName } from "./model/container";
export { defaultArguments } from "./model/default-arguments";
export { nameOf, typeOf } from "./model/urn";

/** @throws UnreachableError */
export function environmentEngine(): Promise<Engine> {
  return connect(dockerSettings(settingSources(process.env)));
}

/** Tries every place where an engine may be. */
export function environmentSurvey(): ReturnType<typeof survey> {
  return survey(dockerSettings(settingSources(process.env)));
}

/** @throws BackendError */
export function openFromEnvironment(name: BackendName): Promise<Backend> {
  // Never aborted: a signal ends the command at once, and the journal still has the entries it has not cleared.
  return backendKinds[name].configured(settingSources(process.env)).open(new AbortController().signal);
}

import type { Readable } from "node:stream";
import type { Report } from "./backend";

/**
 * The files and skills of an account of the API, for a backend that copies them into its containers itself. Every promise
 * rejects with an UnreachableError where the API does not answer or refuses the key, and with a BackendError that names the
 * id where it has no such file or skill, or does not allow downloading it.
 */
export interface AccountContent {
  file(id: string): Promise<AccountFile>;
  /** @param version a number or `latest`; undefined for the skill's default version */
  skill(id: string, version: string | undefined): Promise<AccountSkill>;
}

export interface AccountFile {
  id: string;
  /** As it was uploaded: it may hold anything, also `/` and control characters. */
  name: string;
  bytes: number;
  /**
   * The file itself, which is requested now. The stream fails with a BackendError where it does not end after `bytes`.
   * The API does not allow downloading files of some purposes, `user_data` and `assistants` among them, by users' reports:
   * https://github.com/BasedHardware/omi/issues/3361
   * @param until aborts the request, and the stream
   */
  content(until: AbortSignal): Promise<Readable>;
}

export interface AccountSkill {
  /** Of this version, as its SKILL.md had it. */
  name: string;
  description: string;
  /** A number, also where `latest` or the default version was asked for. */
  version: string;
  /** As the API sent it, at most 50 MB: not validated. */
  zip: Buffer;
}

/**
 * Opens the account of a run's settings. Sends no request yet.
 * @param neededBy the argument that needs it, for the message where there is no key: `skills[0]`, `fileIds`
 * @throws UnreachableError where a setting is missing or wrong
 */
export type OpenAccount = (neededBy: string, report: Report) => Promise<AccountContent>;

/** An account with its settings, none of which is validated yet. Two with equal settings are deeply equal. */
export interface ConfiguredAccount {
  /** @param ending aborted when Pulumi shuts down */
  opener(ending: AbortSignal): OpenAccount;
}

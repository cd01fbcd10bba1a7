/** The section of a code in docs/troubleshooting.md. */
export interface CodeEntry {
  /** The message's own words, with `…` for what differs. */
  message: string;
  cause: string;
  remedy: string;
}

export type CodeEntries = Readonly<Record<`OC${number}`, CodeEntry>>;

import type { StubFile } from "../support/stub-account";

/** Files that are copied into a sandbox. */
export interface CopiedFiles {
  /** How many of 1 kB. */
  small: number;
  /** The size of one more. */
  megabytes: number;
}

const piece = Buffer.alloc(1 << 16, 1); // as large as those of a download

/** An account's files by their ids; of the large one only a piece is in memory. */
export function accountWith({ small, megabytes }: CopiedFiles): Record<string, StubFile> {
  const bytes = megabytes * 1e6;
  async function* pieces() {
    for (let left = bytes; left > 0; left -= piece.length) yield piece.subarray(0, left);
  }
  const smalls = Array.from({ length: small }, (_, at): [string, StubFile] => [
    `file-${at}`,
    { name: `${at}.txt`, content: Buffer.alloc(1_000, String(at)) },
  ]);
  return { ...Object.fromEntries(smalls), "file-large": { name: "large.bin", content: { bytes, pieces } } };
}

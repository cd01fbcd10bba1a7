const mebibyte = 2 ** 20;

/**
 * The API's limits of a skill, and this package's own on what an untrusted zip may expand to. The API's MB are MiB: its
 * schema accepts 70,254,592 characters of base64, which are 50.25 MiB.
 * Source: https://developers.openai.com/api/docs/guides/tools-skills
 */
export const limits = {
  zipBytes: 50 * mebibyte,
  files: 500,
  fileBytes: 25 * mebibyte,
  /** Ours, as in the ones below: all files of a skill, which are held in memory. */
  totalBytes: 250 * mebibyte,
  /** Files and folders of a zip. */
  entries: 1000,
  nameBytes: 255, // of Linux
  pathBytes: 1024,
  /** How many times its size a zip may expand to, */
  ratio: 200,
  /** where it expands to more than this. */
  ratioAboveBytes: 10 * mebibyte,
} as const;

/** `25 MB`, in the API's words. */
export function inMegabytes(bytes: number): string {
  return `${Math.ceil(bytes / mebibyte)} MB`;
}

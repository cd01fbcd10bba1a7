/** A failure that a person can act on; its message is all that they need. */
export class Failure extends Error {}

/**
 * Runs a script's work; of a `Failure` it prints the message alone.
 * @param {(args: string[]) => Promise<void>} work
 */
export async function run(work) {
  try {
    await work(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}

/**
 * The value of an environment variable.
 * @param {string} name
 */
export function required(name) {
  const value = process.env[name];
  if (!value) throw new Failure(`${name} is not set. The workflow files set it.`);
  return value;
}

/** The lines of the debug log that some work writes to stderr. */
export async function debugLinesOf(work: () => unknown): Promise<string[]> {
  const { stderr, env } = process;
  const { write } = stderr;
  let written = "";
  stderr.write = (chunk: string | Uint8Array) => {
    written += chunk;
    return true;
  };
  env["OPENAI_CONTAINERS_DEBUG"] = "1";
  try {
    await work();
  } finally {
    stderr.write = write;
    delete env["OPENAI_CONTAINERS_DEBUG"];
  }
  return written.split("\n").filter(Boolean);
}

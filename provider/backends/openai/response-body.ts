import { UnreachableError } from "../backend";

/**
 * The body of a response as it arrives.
 * @param stallMs how long to wait for each of its parts
 */
export async function* chunksOf({ body }: Response, stallMs: number): AsyncGenerator<Uint8Array> {
  const reader = body?.getReader();
  if (!reader) return;
  let hasStalled = false;
  try {
    for (;;) {
      const stall = setTimeout(() => {
        hasStalled = true;
        reader.cancel().catch(() => {}); // ends the read
      }, stallMs);
      const { done, value } = await reader.read().finally(() => clearTimeout(stall));
      if (hasStalled) throw new Error(`no data for ${stallMs / 1000} s`);
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {}); // has failed with the read
  }
}

/** All chunks; undefined where they are more than `maxBytes`. */
export async function wholeOf(chunks: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Buffer | undefined> {
  const read: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > maxBytes) return undefined;
    read.push(chunk);
  }
  return Buffer.concat(read);
}

/**
 * The chunks, which must have as many bytes in all as were announced.
 * @throws UnreachableError where they have more or fewer, or break off
 */
export async function* exactly(
  announced: number,
  chunks: AsyncIterable<Uint8Array>,
  what: string,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  try {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      if (bytes > announced) break;
      yield chunk;
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UnreachableError(
      "OC2142",
      `The download of ${what} broke off after ${bytes} of ${announced} bytes: ${reason}`,
      "Run the same command again",
      { cause: error },
    );
  }
  if (bytes === announced) return;
  throw new UnreachableError(
    "OC2141",
    `The API announced ${announced} bytes of ${what}, and sent ${bytes > announced ? "more" : `only ${bytes}`}`,
    "Run the same command again, or upload it again",
  );
}

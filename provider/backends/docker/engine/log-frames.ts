const head = 8; // bytes: which stream, three zeros, and the length

/** What a container without a terminal printed, without the frames in which an engine sends it. */
export function printed(log: Buffer): string {
  const parts: Buffer[] = [];
  for (let at = 0; at + head <= log.length; ) {
    const end = at + frameLength(log, at);
    parts.push(log.subarray(at + head, end));
    at = end;
  }
  return Buffer.concat(parts).toString("utf8");
}

/** The same for a message: on one line, in printable ASCII. */
export function printedLine(log: Buffer): string {
  return printed(log)
    .replace(/[^ -~]+/g, " ")
    .trim();
}

/** The same, as it comes. */
export async function* contentOf(log: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of log) {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= head && frameLength(rest, 0) <= rest.length) {
      const end = frameLength(rest, 0);
      yield rest.subarray(head, end);
      rest = rest.subarray(end);
    }
  }
}

function frameLength(log: Buffer, at: number): number {
  return head + log.readUInt32BE(at + head - 4);
}

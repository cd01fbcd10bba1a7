const headerLength = 8; // bytes: the stream's number, three zeros, and the payload's length

/** The output of a container without a terminal, out of the frames in which an engine multiplexes stdout and stderr. */
export function printed(log: Buffer): string {
  const parts: Buffer[] = [];
  for (let at = 0; at + headerLength <= log.length; ) {
    const end = at + frameLength(log, at);
    parts.push(log.subarray(at + headerLength, end));
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

/** The same as a stream. */
export async function* contentOf(log: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of log) {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= headerLength && frameLength(rest, 0) <= rest.length) {
      const end = frameLength(rest, 0);
      yield rest.subarray(headerLength, end);
      rest = rest.subarray(end);
    }
  }
}

function frameLength(log: Buffer, at: number): number {
  return headerLength + log.readUInt32BE(at + headerLength - 4);
}

/**
 * Reads what arrives at an upstream by the letter of RFC 9112, and by no code of the gateway's or of Node's: whatever is
 * not just so is an error.
 */
export class StrictReader {
  private rest = "";
  readonly requests: { method: string; host: string }[] = [];

  /** Takes what came; returns how many more requests are complete. */
  take(chunk: Buffer): number {
    this.rest += chunk.toString("latin1");
    const before = this.requests.length;
    while (this.rest !== "" && this.takeOne());
    return this.requests.length - before;
  }

  private takeOne(): boolean {
    const end = this.rest.indexOf("\r\n\r\n");
    if (end < 0) return false;
    const [line = "", ...fields] = this.rest.slice(0, end).split("\r\n");
    const method = /^([A-Z-]+) \/[!-"$-~]* HTTP\/1\.1$/.exec(line)?.[1];
    if (method === undefined) throw new Error(`no request line: ${JSON.stringify(line)}`);
    const length = this.bodyEnd(end + 4, readFields(fields));
    if (length === undefined) return false;
    this.requests.push({ method, host: readFields(fields).get("host")?.[0] ?? "" });
    this.rest = this.rest.slice(length);
    return true;
  }

  /** Where the request ends, if all of it is there. */
  private bodyEnd(start: number, fields: Map<string, string[]>): number | undefined {
    const lengths = fields.get("content-length") ?? [];
    const codings = fields.get("transfer-encoding") ?? [];
    if (fields.get("host")?.length !== 1) throw new Error("not one Host");
    if (lengths.length + codings.length > 1) throw new Error("two lengths");
    if (codings.length === 1) {
      if (codings[0] !== "chunked") throw new Error(`coding ${codings[0]}`);
      return this.chunksEnd(start);
    }
    const [length = "0"] = lengths;
    if (!/^\d+$/.test(length)) throw new Error(`length ${length}`);
    return this.rest.length < start + Number(length) ? undefined : start + Number(length);
  }

  private chunksEnd(start: number): number | undefined {
    for (let at = start; ; ) {
      const end = this.rest.indexOf("\r\n", at);
      if (end < 0) return undefined;
      const size = this.rest.slice(at, end);
      if (!/^[\da-fA-F]{1,8}$/.test(size)) throw new Error(`chunk ${JSON.stringify(size)}`);
      const next = end + 2 + Number.parseInt(size, 16);
      if (this.rest.length < next + 2) return undefined;
      if (this.rest.slice(next, next + 2) !== "\r\n") throw new Error("a chunk without an end");
      if (Number.parseInt(size, 16) === 0) return next + 2;
      at = next + 2;
    }
  }
}

function readFields(lines: readonly string[]): Map<string, string[]> {
  const fields = new Map<string, string[]>();
  for (const line of lines) {
    const [, name, value] = /^([!#$%&'*+.^_`|~\dA-Za-z-]+): ([\t\x20-\x7e\x80-\xff]*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) throw new Error(`no field: ${JSON.stringify(line)}`);
    fields.set(name.toLowerCase(), [...(fields.get(name.toLowerCase()) ?? []), value]);
  }
  return fields;
}

import { request as open } from "node:http";
import { Duplex } from "node:stream";
import { ResponseParser } from "../../../provider/egress/outbound/response-parser";

/** A response as a parser reads it. */
export interface Reading {
  readonly interims: number[];
  status: number;
  fields: string[];
  body: string;
  isWhole: boolean;
}

/** By the gateway's parser; nothing if it rejects the response. `end` is the offset of its end, if that is not the connection's end. */
export function readByUs(
  pieces: readonly Buffer[],
  isHeadRequest: boolean,
): { reading: Reading; end: number | undefined } | undefined {
  const reading = nothing();
  const parser = new ResponseParser(isHeadRequest, {
    interim: (status) => reading.interims.push(status),
    head: ({ status, fields }) => Object.assign(reading, { status, fields }),
    data: (bytes) => {
      reading.body += bytes.toString("latin1");
    },
  });
  let taken = 0;
  try {
    for (const piece of pieces) {
      parser.parse(piece);
      taken += piece.length;
      if (parser.isOver) return { reading: { ...reading, isWhole: true }, end: taken };
    }
  } catch {
    return undefined;
  }
  return { reading: { ...reading, isWhole: parser.finish() }, end: undefined };
}

/** By Node's own client, at its strictest. `isOver`: whether the connection ends behind it. */
export async function readByNode(
  pieces: readonly Buffer[],
  isHeadRequest: boolean,
  isOver: boolean,
): Promise<Reading | undefined> {
  const reading = nothing();
  const socket = new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done() });
  const asking = open({
    createConnection: () => socket,
    method: isHeadRequest ? "HEAD" : "GET",
    insecureHTTPParser: false,
    maxHeaderSize: 32_768,
  });
  let isRejected = false;
  asking.on("error", () => {
    isRejected = true;
  });
  asking.on("information", ({ statusCode }) => reading.interims.push(statusCode));
  asking.on("upgrade", () => {
    isRejected = true; // no change of protocol was requested
  });
  asking.on("response", (response) => {
    reading.status = response.statusCode ?? 0;
    reading.fields = response.rawHeaders;
    response.on("data", (chunk: Buffer) => {
      reading.body += chunk.toString("latin1");
    });
    response.on("end", () => {
      reading.isWhole = response.complete;
    });
    response.on("error", () => undefined);
  });
  asking.end();
  await turn();
  for (const piece of pieces) socket.push(piece);
  if (isOver) socket.push(null);
  await turn();
  await turn();
  await turn();
  asking.destroy();
  return isRejected ? undefined : reading;
}

function nothing(): Reading {
  return { interims: [], status: 0, fields: [], body: "", isWhole: false };
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import type Docker from "dockerode";
import { type Dial, withDial } from "./dial";

/**
 * An engine's client that fails where a connection ends in the middle of a response. By itself docker-modem waits for the
 * response's end, which never comes: it listens to no error of a response.
 */
export function withWholeResponses(client: Docker): Docker {
  return withDial(client, (dial) => (request, done) => {
    if (isStream(request)) return dial(request, done);
    dial({ ...request, isStream: true }, (error, response) => {
      if (error || !(response instanceof Readable)) return done?.(error, response);
      buffer(response).then(
        (body) => done?.(null, parsed(body)),
        (cause) => done?.(cutShort(cause), null),
      );
    });
  });
}

function isStream({ isStream: stream, hijack, openStdin }: Parameters<Dial>[0]): boolean {
  return Boolean(stream || hijack || openStdin);
}

/** As docker-modem returns it: JSON as a value, anything else as it is. */
function parsed(body: Buffer): object {
  try {
    const value: unknown = JSON.parse(String(body));
    return typeof value === "object" && value !== null ? value : body;
  } catch {
    return body;
  }
}

function cutShort(cause: unknown): Error {
  const text = "the connection was closed in the middle of a response";
  return Object.assign(new Error(text, { cause }), { code: "ECONNRESET" });
}

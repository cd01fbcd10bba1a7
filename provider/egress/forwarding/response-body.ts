import type { ResponseHead } from "../outbound/response-head";
import { encodingOf, searchedGzip } from "../secrets/gzip-search";
import { MaskedBody } from "../secrets/masked-body";
import type { ResponseMask } from "../secrets/response-mask";

/** Receives a response's body for the client. */
export interface BodySink {
  send(pieces: readonly Buffer[]): void;
  /** @param pieces the last ones, if there are any */
  end(pieces: readonly Buffer[]): void;
  /** Breaks the response off, with a reason for the log. */
  abort(reason: string): void;
  /** Whether the client has not read the earlier bytes yet. */
  isBlocked(): boolean;
}

/** Of the upstream's connection. */
export interface FlowControl {
  pause(): void;
  resume(): void;
}

/** The path of a response's body to the client. */
export interface BodyPipeline extends FlowControl {
  write(pieces: readonly Buffer[]): void;
  /** @param pieces the last ones, if there are any */
  end(pieces: readonly Buffer[]): void;
  /** Sends nothing more. */
  close(): void;
}

/** Passes a body through as it is, masks it, or, if it is compressed, searches a decompressed copy. */
export function responseBodyPipeline(
  head: ResponseHead,
  mask: ResponseMask | undefined,
  source: FlowControl,
  sink: BodySink,
): BodyPipeline {
  if (mask === undefined) return passThrough(source, sink);
  return encodingOf(head) === "gzip" ? searched(mask, source, sink) : masked(mask, source, sink);
}

function passThrough(source: FlowControl, sink: BodySink): BodyPipeline {
  return {
    write: (pieces) => sink.send(pieces),
    end: (pieces) => sink.end(pieces),
    close: () => undefined,
    pause: () => source.pause(),
    resume: () => source.resume(),
  };
}

/** In the same turn of the event loop, as far as possible. */
function masked(mask: ResponseMask, source: FlowControl, sink: BodySink): BodyPipeline {
  const body = new MaskedBody(
    mask.newHeldBytes(),
    (pieces) => sink.send(pieces),
    () => sink.isBlocked(),
  );
  return {
    ...passThrough(source, sink),
    write: (pieces) => body.write(pieces),
    end: (pieces) => sink.end(body.end(pieces)),
    close: () => body.close(),
  };
}

function searched(mask: ResponseMask, source: FlowControl, sink: BodySink): BodyPipeline {
  const { input, body } = searchedGzip(mask);
  input.on("drain", () => source.resume());
  body.on("data", (bytes: Buffer) => sink.send([bytes]));
  body.once("end", () => sink.end([]));
  body.once("error", ({ message }) => sink.abort(message));
  return {
    write: (pieces) => {
      for (const piece of pieces) input.write(piece);
      if (input.writableNeedDrain) source.pause();
    },
    end: (pieces) => {
      for (const piece of pieces) input.write(piece);
      input.end();
    },
    close: () => {
      input.destroy();
      body.destroy();
    },
    pause: () => body.pause(),
    resume: () => body.resume(),
  };
}

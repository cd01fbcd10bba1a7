import { freeBuffer } from "../outbound/buffer-memory";
import type { ResponseHead } from "../outbound/response-head";
import { encodingOf, searchedGzip } from "../secrets/gzip-search";
import { MaskedBody } from "../secrets/masked-body";
import type { ResponseMask } from "../secrets/response-mask";

/** Receives a response's body for the client. */
export interface BodySink {
  send(bytes: Buffer): void;
  end(): void;
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
  write(piece: Buffer): void;
  /** All bytes that have arrived by now are written. */
  batchEnd(): void;
  end(): void;
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
    write: (piece) => sink.send(piece),
    batchEnd: () => undefined,
    end: () => sink.end(),
    close: () => undefined,
    pause: () => source.pause(),
    resume: () => source.resume(),
  };
}

/** In the same turn of the event loop, as far as possible. */
function masked(mask: ResponseMask, source: FlowControl, sink: BodySink): BodyPipeline {
  const held = mask.newHeldBytes();
  const body = new MaskedBody(
    held,
    (bytes) => sink.send(bytes),
    () => sink.isBlocked(),
  );
  return {
    ...passThrough(source, sink),
    write: (piece) => {
      body.write(piece);
      if (held.hasCopied) freeBuffer(piece);
    },
    batchEnd: () => body.batchEnd(),
    end: () => {
      body.end();
      sink.end();
    },
    close: () => body.close(),
  };
}

function searched(mask: ResponseMask, source: FlowControl, sink: BodySink): BodyPipeline {
  const { input, body } = searchedGzip(mask);
  input.on("drain", () => source.resume());
  body.on("data", (bytes: Buffer) => sink.send(bytes));
  body.once("end", () => sink.end());
  body.once("error", ({ message }) => sink.abort(message));
  return {
    write: (piece) => {
      if (!input.write(piece)) source.pause();
    },
    batchEnd: () => undefined,
    end: () => input.end(),
    close: () => {
      input.destroy();
      body.destroy();
    },
    pause: () => body.pause(),
    resume: () => body.resume(),
  };
}

import { encodingOf, searchedGzip } from "../masking/content-encoding";
import { type Mask, MaskedBody } from "../masking/mask";
import { release } from "../outbound/garbage";
import type { ResponseHead } from "../outbound/response-head";

/** Where an answer's body goes. */
export interface Exit {
  out(bytes: Buffer): void;
  end(): void;
  /** It cannot go on, for a reason that stands in the log. */
  cut(reason: string): void;
  /** Whether what is there already has to be taken in first. */
  isBehind(): boolean;
}

/** The upstream's side. */
export interface Source {
  pause(): void;
  resume(): void;
}

/** What an answer's body goes through on its way to the client. */
export interface Passage extends Source {
  write(piece: Buffer): void;
  /** All has been written that has come by now. */
  rest(): void;
  end(): void;
  /** Nothing more goes out. */
  close(): void;
}

/** The way of an answer's body: as it is, masked, or, if it is compressed, searched beside what goes on. */
export function passageFor(head: ResponseHead, mask: Mask | undefined, source: Source, exit: Exit): Passage {
  if (mask === undefined) return plain(source, exit);
  return encodingOf(head) === "gzip" ? searched(mask, source, exit) : masked(mask, source, exit);
}

function plain(source: Source, exit: Exit): Passage {
  return {
    write: (piece) => exit.out(piece),
    rest: () => undefined,
    end: () => exit.end(),
    close: () => undefined,
    pause: () => source.pause(),
    resume: () => source.resume(),
  };
}

/** In the same turn as it comes, as far as it may. */
function masked(mask: Mask, source: Source, exit: Exit): Passage {
  const held = mask.held();
  const body = new MaskedBody(
    held,
    (bytes) => exit.out(bytes),
    () => exit.isBehind(),
  );
  return {
    ...plain(source, exit),
    write: (piece) => {
      body.write(piece);
      if (held.hasCopied) release(piece);
    },
    rest: () => body.rest(),
    end: () => {
      body.end();
      exit.end();
    },
    close: () => body.close(),
  };
}

function searched(mask: Mask, source: Source, exit: Exit): Passage {
  const { entry, body } = searchedGzip(mask);
  entry.on("drain", () => source.resume());
  body.on("data", (bytes: Buffer) => exit.out(bytes));
  body.once("end", () => exit.end());
  body.once("error", ({ message }) => exit.cut(message));
  return {
    write: (piece) => {
      if (!entry.write(piece)) source.pause();
    },
    rest: () => undefined,
    end: () => entry.end(),
    close: () => {
      entry.destroy();
      body.destroy();
    },
    pause: () => body.pause(),
    resume: () => body.resume(),
  };
}

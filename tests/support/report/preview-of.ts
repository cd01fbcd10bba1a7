import { type Preview, readPreview } from "../../../sdk/report";

/** A text as a stream of pieces, which break in the middle of values. */
export async function* pieces(text: string, length: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

/** The preview that a text is. */
export function previewOf(text: string, length = 1 << 16): Promise<Preview> {
  return readPreview(pieces(text, length), "preview.json");
}

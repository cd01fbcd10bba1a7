import assert from "node:assert/strict";
import { ResponseParser } from "../../provider/egress/outbound/response-parser";
import { fuzzResponses } from "./response-fuzz";

const ok = "HTTP/1.1 200 OK\r\n";
const chunked = `${ok}Transfer-Encoding: chunked\r\n\r\n`;

/** What the parser says of it, in pieces of so many bytes. */
function reasonAgainst(text: string, size: number): string | undefined {
  const parser = new ResponseParser(false, { interim: () => undefined, head: () => undefined, data: () => undefined });
  const bytes = Buffer.from(text, "latin1");
  try {
    for (let at = 0; at < bytes.length; at += size) parser.parse(bytes.subarray(at, at + size));
  } catch (error) {
    return error instanceof Error ? error.message : "";
  }
  return undefined;
}

describe("ResponseParser", () => {
  const invalid: Record<string, [text: string, reason: RegExp]> = {
    "no HTTP": ["nonsense", /no status line/],
    "HTTP/2.0": ["HTTP/2.0 200 OK\r\n\r\n", /no status line/],
    "HTTP/1.2": ["HTTP/1.2 200 OK\r\n\r\n", /no status line/],
    "a status of two digits": ["HTTP/1.1 20 OK\r\n\r\n", /no status line/],
    "a status of four digits": ["HTTP/1.1 2000 OK\r\n\r\n", /no status line/],
    "a status under 100": ["HTTP/1.1 099 OK\r\n\r\n", /no status line/],
    "two spaces before the status": ["HTTP/1.1  200 OK\r\n\r\n", /no status line/],
    "a control character in the reason": ["HTTP/1.1 200 O\x1bK\r\n\r\n", /no status line/],
    "an empty line first": [`\r\n${ok}\r\n`, /no status line/],
    "a line feed alone": ["HTTP/1.1 200 OK\nX: y\n\n", /a line end other than CR LF/],
    "a carriage return alone": [`${ok}X: y\rZ: w`, /a line end other than CR LF/],
    "a line feed alone in a head that is all there": [`${ok}X: y\nZ: w\r\n\r\n`, /no header field|line end/],
    "a folded field": [`${ok}X: y\r\n z\r\n\r\n`, /no header field/],
    "a space before the colon": [`${ok}Content-Length : 2\r\n\r\nok`, /no header field/],
    "a field without a name": [`${ok}: y\r\n\r\n`, /no header field/],
    "a field without a colon": [`${ok}X\r\n\r\n`, /no header field/],
    "a NUL in a value": [`${ok}X: y\0z\r\n\r\n`, /no header field/],
    "DEL in a value": [`${ok}X: y\x7f\r\n\r\n`, /no header field/],
    "two lengths that differ": [`${ok}Content-Length: 2\r\nContent-Length: 3\r\n\r\nok`, /two lengths/],
    "two equal lengths": [`${ok}Content-Length: 2\r\nContent-Length: 2\r\n\r\nok`, /two lengths/],
    "a list of lengths": [`${ok}Content-Length: 2, 2\r\n\r\nok`, /a Content-Length that is no number/],
    "a length with a sign": [`${ok}Content-Length: +2\r\n\r\nok`, /a Content-Length that is no number/],
    "a length past all numbers": [`${ok}Content-Length: 18446744073709551618\r\n\r\nok`, /no number/],
    "an empty length": [`${ok}Content-Length:\r\n\r\n`, /a Content-Length that is no number/],
    "a length with a tab behind": [`${ok}Content-Length: 2\t\r\n\r\nok`, /a tab behind a length/],
    "a length and a transfer coding": [
      `${ok}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n`,
      /a length and a transfer coding/,
    ],
    "gzip, chunked": [`${ok}Transfer-Encoding: gzip, chunked\r\n\r\n`, /a transfer coding other than chunked/],
    "chunked twice": [`${ok}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n`, /two transfer codings/],
    "chunked in HTTP/1.0": ["HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", /a transfer coding in HTTP\/1\.0/],
    "a change of protocol": ["HTTP/1.1 101 Switching Protocols\r\n\r\n", /a change of protocol that was not requested/],
    "an interim response with a length": [
      "HTTP/1.1 103 x\r\nContent-Length: 2\r\n\r\nok",
      /an interim response with a body/,
    ],
    "an interim response in chunks": [
      "HTTP/1.1 100 x\r\nTransfer-Encoding: chunked\r\n\r\n",
      /an interim response with a body/,
    ],
    "an interim response that closes": ["HTTP/1.1 100 x\r\nConnection: close\r\n\r\n", /ends the connection/],
    "more than 8 interim responses": ["HTTP/1.1 102 x\r\n\r\n".repeat(9), /more than 8 interim responses/],
    "more fields than may be": [`${ok}${"a: b\r\n".repeat(513)}\r\n`, /more than 512 header fields/],
    "a head that is too long": [`${ok}X: ${"x".repeat(32_768)}\r\n\r\n`, /a head of more than 32 KiB/],
    "a head without end": [`${ok}X: ${"x".repeat(40_000)}`, /a head of more than 32 KiB/],
    "a chunk without a size": [`${chunked}\r\nhello`, /a chunk without a size/],
    "a chunk's size with a prefix": [`${chunked}0x5\r\nhello\r\n`, /a chunk without a size/],
    "a chunk's size with a space behind": [`${chunked}5 \r\nhello\r\n`, /a chunk without a size/],
    "a chunk's size past 2^53": [`${chunked}20000000000000\r\nhello\r\n`, /a chunk of unlimited size/],
    "a chunk's size past all numbers": [`${chunked}${"f".repeat(17)}\r\nhello\r\n`, /a chunk without a size/],
    "a chunk's line that ends in a line feed": [`${chunked}5\nhello\r\n`, /a chunk without a size/],
    "a chunk that is longer than it said": [
      `${chunked}5\r\nhello!\r\n0\r\n\r\n`,
      /a chunk longer than its size|size of more/,
    ],
    "chunk extensions without end": [`${chunked}5;x=${"x".repeat(300)}\r\nhello\r\n`, /a size of more than 272 bytes/],
    "a trailer without a colon": [`${chunked}0\r\nX\r\n\r\n`, /no header field/],
    "a trailer with a length": [
      `${chunked}0\r\nContent-Length: 5\r\n\r\n`,
      /a trailer with a field that frames the response/,
    ],
    "trailers without end": [
      `${chunked}0\r\n${`X: ${"y".repeat(100)}\r\n`.repeat(90)}\r\n`,
      /a trailer of more than 8192/,
    ],
  };
  for (const [what, [text, reason]] of Object.entries(invalid)) {
    it(`rejects ${what}, in one piece and byte by byte`, () => {
      for (const size of [text.length, 1]) assert.match(String(reasonAgainst(text, size)), reason);
    });
  }

  it("reads each accepted response like Node's parser", async () => {
    const { accepted, rejected: others } = await fuzzResponses(5000, 1);
    assert.ok(accepted > 1000 && others > 1000, `${accepted} accepted, ${others} rejected`);
  });
});

import { longestHead, mostResponseHeaders } from "../checks/limits";
import { connectionOptions } from "../checks/request-head";

/** Header fields: names and values in turn, in Latin-1. */
export type Fields = string[];

/** A response that cannot be read, or could be read in two ways. */
export class InvalidResponse extends Error {
  override readonly name = "InvalidResponse";
}

/** For what no client should read as HTTP. */
export function invalidHttp(why: string): InvalidResponse {
  return new InvalidResponse(`not HTTP (${why})`);
}

/** How the body of a response ends: RFC 9112, section 6.3. */
export type Framing = { readonly kind: "length"; readonly bytes: number } | { readonly kind: "chunked" | "close" };

export interface ResponseHead {
  readonly status: number;
  readonly fields: Fields;
  readonly framing: Framing;
  /** `Content-Length`, which responses to HEAD and 304 have although nothing follows. */
  readonly length: number | undefined;
  /** `Content-Encoding` */
  readonly coding: string;
  /** Milliseconds for which its connection may be kept; 0 if it must not be reused. */
  readonly keepAliveMs: number;
}

/** One token as RFC 9110, section 5.6.2 has it; printable text, with tabs and what is beyond ASCII. */
const token = "[!#$%&'*+\\-.^_`|~\\dA-Za-z]+";
const text = "[\\t\\x20-\\x7e\\x80-\\xff]*";
const statusLine = new RegExp(`^HTTP/1\\.([01]) ([1-9]\\d\\d)(?: ${text})?\\r\\n`);
const fieldLine = new RegExp(`(${token}):(${text})\\r\\n`, "y");

/** Node's parser reads `chunked` with a tab behind it as another coding. */
const tabBehind = /\t *$/;
const framesBody = /^(content-length|transfer-encoding)$/i;

/** Reads a head, with the empty line at its end. @throws InvalidResponse */
export function readHead(head: string, isHeadRequest: boolean): ResponseHead {
  if (head.length > longestHead) throw new InvalidResponse("a head of more than 32 KiB");
  const [line, minor, digits] = statusLine.exec(head) ?? [];
  if (line === undefined) throw invalidHttp("no status line");
  return interpretHead(`1.${minor}`, Number(digits), readFields(head, line.length), isHeadRequest);
}

/** The lines of fields from an offset on, and the empty line behind them. @throws InvalidResponse */
export function readFields(lines: string, from: number): Fields {
  const fields: Fields = [];
  let at = from;
  while (at < lines.length - 2) {
    fieldLine.lastIndex = at;
    const [line, name, value] = fieldLine.exec(lines) ?? [];
    if (line === undefined || name === undefined || value === undefined) throw invalidHttp("no header field");
    if (value.includes("\t") && tabBehind.test(value) && framesBody.test(name))
      throw invalidHttp("a tab behind a length or a transfer coding");
    fields.push(name, trimmed(value));
    at += line.length;
  }
  if (at !== lines.length - 2 || !lines.endsWith("\r\n")) throw invalidHttp("no end of the head");
  return fields;
}

/** Without spaces and tabs at both ends. A pattern would take quadratic time for some texts. */
function trimmed(value: string): string {
  let start = 0;
  let end = value.length;
  while (start < end && isBlank(value.charCodeAt(start))) start++;
  while (end > start && isBlank(value.charCodeAt(end - 1))) end--;
  return value.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

/** Reads from the fields of a head how its body ends and whether its connection may be kept. @throws InvalidResponse */
export function interpretHead(version: string, status: number, fields: Fields, isHeadRequest: boolean): ResponseHead {
  if (fields.length / 2 > mostResponseHeaders) {
    throw new InvalidResponse(`more than ${mostResponseHeaders} header fields`);
  }
  const { length, transfer, coding, connection, keepAlive } = headFields(fields);
  if (length !== undefined && !/^\d{1,15}$/.test(length)) throw invalidHttp("a Content-Length that is no number");
  if (transfer !== undefined) validateTransferEncoding(transfer, version, length);
  const framing = framingOf(status, transfer !== undefined, length, isHeadRequest);
  const isLast = version !== "1.1" || framing.kind === "close" || connectionOptions(connection).includes("close");
  const keepAliveMs = isLast || hasForbiddenBody(status, transfer, length) ? 0 : keepAliveTimeout(keepAlive);
  return { status, fields, framing, length: length === undefined ? undefined : Number(length), coding, keepAliveMs };
}

interface HeadFields {
  length: string | undefined;
  transfer: string | undefined;
  /** These may come in several fields: RFC 9110, section 5.3. */
  coding: string;
  connection: string;
  keepAlive: string;
}

function headFields(fields: Fields): HeadFields {
  const found: HeadFields = { length: undefined, transfer: undefined, coding: "", connection: "", keepAlive: "" };
  for (let index = 0; index < fields.length; index += 2) {
    note(found, fields[index]?.toLowerCase() ?? "", fields[index + 1] ?? "");
  }
  return found;
}

function note(found: HeadFields, name: string, value: string): void {
  switch (name) {
    case "content-length":
      if (found.length !== undefined) throw invalidHttp("two lengths");
      found.length = value;
      break;
    case "transfer-encoding":
      if (found.transfer !== undefined) throw invalidHttp("two transfer codings");
      found.transfer = value;
      break;
    case "content-encoding":
      found.coding = listed(found.coding, value);
      break;
    case "connection":
      found.connection = listed(found.connection, value);
      break;
    case "keep-alive":
      found.keepAlive = listed(found.keepAlive, value);
      break;
  }
}

function listed(before: string, value: string): string {
  return before === "" ? value : `${before}, ${value}`;
}

/** `gzip, chunked` was not requested (RFC 9112, section 6.1), and would be passed on as if it were not compressed. */
function validateTransferEncoding(transfer: string, version: string, length: string | undefined): void {
  if (length !== undefined) throw invalidHttp("a length and a transfer coding");
  if (version !== "1.1") throw invalidHttp("a transfer coding in HTTP/1.0");
  if (transfer.toLowerCase() !== "chunked") throw new InvalidResponse("a transfer coding other than chunked");
}

function framingOf(status: number, isChunked: boolean, length: string | undefined, isHeadRequest: boolean): Framing {
  if (isHeadRequest || status < 200 || status === 204 || status === 304) return nothing;
  if (isChunked) return { kind: "chunked" };
  return length === undefined ? { kind: "close" } : { kind: "length", bytes: Number(length) };
}

const nothing: Framing = { kind: "length", bytes: 0 };

/** Whether some clients would wait for a body where none may be: RFC 9110, section 8.6 and RFC 9112, section 6.1. */
function hasForbiddenBody(status: number, transfer: string | undefined, length: string | undefined): boolean {
  if (status === 304) return transfer !== undefined;
  return status === 204 && (transfer !== undefined || Number(length ?? 0) > 0);
}

const spareMs = 1000; // before an upstream closes a connection that it offered to keep

/** `timeout=5`, in seconds. Anything but a number is ignored. */
function keepAliveTimeout(value: string): number {
  const seconds = /(?:^|[,;\s])timeout=(\d{1,9})(?![^,;\s])/i.exec(value)?.[1];
  return seconds === undefined ? Number.POSITIVE_INFINITY : Math.max(0, Number(seconds) * 1000 - spareMs);
}

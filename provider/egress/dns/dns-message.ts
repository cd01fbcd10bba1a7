import { lowerCase } from "../checks/domain-names";

/** The question of a DNS query (RFC 1035, section 4), as far as a responder needs it. */
export interface Question {
  /** In lower case; anything but printable ASCII is a question mark. */
  readonly name: string;
  readonly type: number;
  readonly class: number;
  /** Its end in the message. */
  readonly end: number;
}

const headerLength = 12;
const longestName = 255;
const optRecord = 41; // RFC 6891: the options of a client

/** Whether this is a query: a responder that responds to responses can be made to talk to itself. */
export function isQuery(message: Buffer): boolean {
  return message.length >= headerLength && (message.readUInt8(2) & 0x80) === 0;
}

/** Of a standard query. */
export function isStandard(message: Buffer): boolean {
  return (message.readUInt8(2) & 0x78) === 0;
}

/** One question, and at most a client's options after it: nothing else is accepted, and nothing may follow. */
export function parseQuestion(message: Buffer): Question | undefined {
  const [questions, answers, authorities, additional] = [4, 6, 8, 10].map((offset) => message.readUInt16BE(offset));
  if (questions !== 1 || answers !== 0 || authorities !== 0) return undefined;
  const found = parseName(message);
  if (found === undefined || found.end + 4 > message.length) return undefined;
  const end = found.end + 4;
  const rest = message.subarray(end);
  if (additional === 0 ? rest.length > 0 : additional !== 1 || !isOptions(rest)) return undefined;
  return { name: found.name, type: message.readUInt16BE(found.end), class: message.readUInt16BE(found.end + 2), end };
}

/** Labels in full: a first question has nothing before it for a compressed name to point at. */
function parseName(message: Buffer): { name: string; end: number } | undefined {
  const labels: string[] = [];
  let at = headerLength;
  while (at < message.length && at - headerLength < longestName) {
    const length = message.readUInt8(at);
    if (length === 0) return { name: lowerCase(labels.join(".")), end: at + 1 };
    if (length > 63 || at + 1 + length > message.length) return undefined;
    // A dot inside a label would make two names read alike.
    labels.push(message.toString("latin1", at + 1, at + 1 + length).replace(/[^\x21-\x2d\x2f-\x7e]/g, "?"));
    at += 1 + length;
  }
  return undefined;
}

function isOptions(rest: Buffer): boolean {
  if (rest.length < 11 || rest.readUInt8(0) !== 0 || rest.readUInt16BE(1) !== optRecord) return false;
  return rest.length === 11 + rest.readUInt16BE(9);
}

/** A response to a query, with its question, if that is valid, and an address, if there is one. */
export function responseTo(query: Buffer, code: number, question?: Question, address?: string): Buffer {
  const header = Buffer.alloc(headerLength);
  query.copy(header, 0, 0, 2); // the query's number
  // An authoritative response to the same operation, with recursion as desired and available.
  header.writeUInt8(0x84 | (query.readUInt8(2) & 0x79), 2);
  header.writeUInt8(0x80 | code, 3);
  header.writeUInt16BE(question ? 1 : 0, 4);
  header.writeUInt16BE(address ? 1 : 0, 6);
  const repeated = question ? query.subarray(headerLength, question.end) : Buffer.alloc(0);
  return Buffer.concat([header, repeated, address ? addressRecord(address) : Buffer.alloc(0)]);
}

function addressRecord(address: string): Buffer {
  const record = Buffer.alloc(16);
  record.writeUInt16BE(0xc0_00 | headerLength, 0); // the name in the question
  record.writeUInt16BE(1, 2); // A
  record.writeUInt16BE(1, 4); // IN
  record.writeUInt32BE(60, 6); // seconds that it may be kept
  record.writeUInt16BE(4, 10);
  record.set(address.split(".").map(Number), 12);
  return record;
}

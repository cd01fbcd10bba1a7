import type { Socket as DatagramSocket } from "node:dgram";
import type { Socket } from "node:net";
import type { Audit } from "../audit/audit";
import { coded, type ErrorCode, reasons } from "../checks/reasons";
import { isQuery, isStandard, parseQuestion, type Question, responseTo } from "./dns-message";

const responseCode = { ok: 0, malformed: 1, noSuchName: 3, notImplemented: 4, refused: 5 };
const typeA = 1;
const classIn = 1;
const longestQuery = 512; // bytes: a query of 271, and a client's options

/** The responder's part of the policy. */
export interface AllowedNames {
  allows(name: string): boolean;
  readonly audit: Audit;
}

/**
 * Resolves the allowed names to the gateway's own address, and reports of all others that they do not exist. It asks no
 * other server, so that no data can leave in a query.
 */
export class DnsResponder {
  constructor(
    private readonly address: string,
    private readonly current: () => AllowedNames | undefined,
  ) {}

  /** Each datagram is a query. */
  serveUdp(socket: DatagramSocket): void {
    socket.on("error", () => undefined); // of a single response that could not be sent
    socket.on("message", (message, from) => {
      const response = this.respond(message);
      if (response !== undefined) socket.send(response, from.port, from.address, () => undefined);
    });
  }

  /** RFC 1035, section 4.2.2: each message behind its length. */
  serveTcp(socket: Socket, timeoutMs: number): void {
    let held: Buffer = Buffer.alloc(0);
    const timer = setTimeout(() => socket.destroy(), timeoutMs);
    socket.once("close", () => clearTimeout(timer));
    socket.on("data", (chunk: Buffer) => {
      held = Buffer.concat([held, chunk]);
      while (held.length >= 2 && !socket.destroyed) {
        const end = 2 + held.readUInt16BE(0);
        if (end <= 2 + longestQuery && held.length < end) return;
        const response = end <= 2 + longestQuery ? this.respond(held.subarray(2, end)) : undefined;
        held = held.subarray(end);
        // A client that does not read its responses gets no more of them.
        if (response === undefined || !socket.write(framed(response))) socket.destroy();
      }
    });
  }

  /** @returns nothing for a message that is not a query */
  respond(message: Buffer): Buffer | undefined {
    if (!isQuery(message)) return undefined;
    const question = message.length > longestQuery ? undefined : parseQuestion(message);
    const names = this.current();
    if (names === undefined) return responseTo(message, responseCode.refused, question);
    const denial = denialOf(message, question, names);
    const isAddress = denial === undefined && question?.type === typeA;
    const response = responseTo(
      message,
      denial?.response ?? responseCode.ok,
      question,
      isAddress ? this.address : undefined,
    );
    names.audit.finished({
      via: "dns",
      domain: question?.name ?? "",
      port: 53,
      decision: denial ? "denied" : "allowed",
      ...(denial ? { outcome: denial.outcome } : {}),
      reason: denial?.reason ?? "",
      bytesUp: message.length,
      bytesDown: response.length,
    });
    return response;
  }
}

function denialOf(message: Buffer, question: Question | undefined, names: AllowedNames) {
  if (!isStandard(message))
    return denial(responseCode.notImplemented, "OC6009", "the DNS message is not a standard query");
  if (question === undefined) return denial(responseCode.malformed, "OC6027", "the DNS query is malformed");
  if (question.class !== classIn) return denial(responseCode.refused, "OC6009", "the class of the DNS query is not IN");
  if (!names.allows(question.name))
    return denial(responseCode.noSuchName, "OC6001", "the name is not on the allow list");
  return undefined;
}

function denial(response: number, code: ErrorCode, reason: string) {
  return { response, outcome: reasons[code].kind, reason: coded(code, reason) };
}

function framed(response: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(response.length);
  return Buffer.concat([length, response]);
}

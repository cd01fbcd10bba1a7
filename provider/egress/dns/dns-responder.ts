import type { Socket as DatagramSocket } from "node:dgram";
import type { Socket } from "node:net";
import type { Audit } from "../audit/audit";
import { answerTo, isQuery, isStandard, parseQuestion, type Question } from "./dns-message";

const code = { ok: 0, malformed: 1, noSuchName: 3, notImplemented: 4, refused: 5 };
const typeA = 1;
const classIn = 1;
const longestQuery = 512; // bytes: a question of 271, and a client's options

/** What the responder has to know of the policy. */
export interface Names {
  allows(name: string): boolean;
  readonly audit: Audit;
}

/**
 * Answers for the allowed names with the gateway's own address, and for all others that they do not exist. It asks
 * nobody, so that nothing can leave in a question.
 */
export class DnsResponder {
  constructor(
    private readonly address: string,
    private readonly current: () => Names | undefined,
  ) {}

  /** Each datagram is a question. */
  serve(socket: DatagramSocket): void {
    socket.on("error", () => undefined); // of a single answer that could not be sent
    socket.on("message", (message, from) => {
      const answer = this.answer(message);
      if (answer !== undefined) socket.send(answer, from.port, from.address, () => undefined);
    });
  }

  /** RFC 1035, section 4.2.2: each message behind its length. */
  converse(socket: Socket, patience: number): void {
    let held: Buffer = Buffer.alloc(0);
    const timer = setTimeout(() => socket.destroy(), patience);
    socket.once("close", () => clearTimeout(timer));
    socket.on("data", (chunk: Buffer) => {
      held = Buffer.concat([held, chunk]);
      while (held.length >= 2 && !socket.destroyed) {
        const end = 2 + held.readUInt16BE(0);
        if (end <= 2 + longestQuery && held.length < end) return;
        const answer = end <= 2 + longestQuery ? this.answer(held.subarray(2, end)) : undefined;
        held = held.subarray(end);
        // Whoever does not read the answers gets no more of them.
        if (answer === undefined || !socket.write(framed(answer))) socket.destroy();
      }
    });
  }

  /** Nothing for what is no query: it gets no answer at all. */
  answer(message: Buffer): Buffer | undefined {
    if (!isQuery(message)) return undefined;
    const question = message.length > longestQuery ? undefined : parseQuestion(message);
    const names = this.current();
    if (names === undefined) return answerTo(message, code.refused, question);
    const denial = denialOf(message, question, names);
    const isAddress = denial === undefined && question?.type === typeA;
    const answer = answerTo(message, denial?.code ?? code.ok, question, isAddress ? this.address : undefined);
    names.audit.decided({
      via: "dns",
      domain: question?.name ?? "",
      port: 53,
      decision: denial ? "denied" : "allowed",
      reason: denial?.reason ?? "",
      bytesUp: message.length,
      bytesDown: answer.length,
    });
    return answer;
  }
}

function denialOf(message: Buffer, question: Question | undefined, names: Names) {
  if (!isStandard(message)) return { code: code.notImplemented, reason: "a DNS message that is no question" };
  if (question === undefined) return { code: code.malformed, reason: "a DNS message that is not understood" };
  if (question.class !== classIn)
    return { code: code.refused, reason: "a question of another class than the internet's" };
  if (!names.allows(question.name)) return { code: code.noSuchName, reason: "not on the allow list" };
  return undefined;
}

function framed(answer: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(answer.length);
  return Buffer.concat([length, answer]);
}

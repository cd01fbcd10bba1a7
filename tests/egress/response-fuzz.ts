import assert from "node:assert/strict";
import { Random } from "../support/egress/random";
import { responsePieces, responses } from "../support/egress/response-corpus";
import { readByNode, readByUs } from "../support/egress/response-readers";

/**
 * Mutated responses, read by the gateway's parser and by Node's: each that the first accepts, the second reads alike, to the
 * byte at its end. By itself: `node -r ts-node/register/transpile-only tests/egress/response-fuzz.ts [inputs] [seed]`.
 */
export async function fuzzResponses(inputs: number, seed: number): Promise<{ accepted: number; rejected: number }> {
  const random = new Random(seed);
  const counts = { accepted: 0, rejected: 0 };
  let left = inputs;
  const worker = async () => {
    while (left-- > 0) {
      const text = random.mutate(random.pick(responses), responsePieces, responses);
      const isAccepted = await compare(text, random, random.below(8) === 0);
      counts[isAccepted ? "accepted" : "rejected"]++;
    }
  };
  await Promise.all(Array.from({ length: 64 }, worker));
  return counts;
}

/** @returns whether the gateway's parser accepts it */
async function compare(text: string, random: Random, isAnswerToHead: boolean): Promise<boolean> {
  const bytes = Buffer.from(text, "latin1");
  const what = `${isAnswerToHead ? "to HEAD: " : ""}${JSON.stringify(text)}`;
  const one = readByUs(
    split(bytes, () => 1),
    isAnswerToHead,
  );
  const own = readByUs(
    split(bytes, () => 1 + random.below(40)),
    isAnswerToHead,
  );
  assert.deepEqual(own?.reading, one?.reading, `read otherwise in other pieces: ${what}`);
  if (one === undefined || !one.reading.isWhole) return false;

  const whole = bytes.subarray(0, one.end);
  const isOver = one.end === undefined;
  const pieces = split(whole, () => 1 + random.below(40));
  assert.deepEqual(await readByNode(pieces, isAnswerToHead, isOver), one.reading, `Node reads otherwise: ${what}`);
  if (isOver) return true;
  const less = await readByNode([whole.subarray(0, -1)], isAnswerToHead, false);
  assert.equal(less?.isWhole ?? false, false, `Node has the end earlier: ${what}`);
  return true;
}

function split(bytes: Buffer, size: () => number): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + size();
    pieces.push(bytes.subarray(at, end));
    at = end;
  }
  return pieces;
}

if (require.main === module) {
  const [inputs = "100000", seed = String(Date.now() % 2 ** 31)] = process.argv.slice(2);
  fuzzResponses(Number(inputs), Number(seed)).then(
    ({ accepted, rejected }) => process.stdout.write(`seed ${seed}: ${accepted} read alike, ${rejected} invalid\n`),
    (error: Error) => {
      process.stderr.write(`seed ${seed}: ${error.stack}\n`);
      process.exit(1);
    },
  );
}

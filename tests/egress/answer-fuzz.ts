import assert from "node:assert/strict";
import { answerPieces, answers } from "../support/egress/answer-corpus";
import { readByNode, readByUs } from "../support/egress/answer-readers";
import { Random } from "../support/egress/random";

/**
 * Mutated answers, read by the gateway's parser and by Node's: whatever the first accepts, the second reads alike, to the
 * byte at which it ends. By itself: `node -r ts-node/register/transpile-only tests/egress/answer-fuzz.ts [inputs] [seed]`.
 */
export async function fuzzAnswers(inputs: number, seed: number): Promise<{ accepted: number; refused: number }> {
  const random = new Random(seed);
  const counts = { accepted: 0, refused: 0 };
  let left = inputs;
  const worker = async () => {
    while (left-- > 0) {
      const text = random.mutate(random.pick(answers), answerPieces, answers);
      const isAccepted = await compare(text, random, random.below(8) === 0);
      counts[isAccepted ? "accepted" : "refused"]++;
    }
  };
  await Promise.all(Array.from({ length: 64 }, worker));
  return counts;
}

/** @returns whether it is an answer, as far as the gateway's parser tells */
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
  fuzzAnswers(Number(inputs), Number(seed)).then(
    ({ accepted, refused }) => process.stdout.write(`seed ${seed}: ${accepted} read alike, ${refused} no answers\n`),
    (error: Error) => {
      process.stderr.write(`seed ${seed}: ${error.stack}\n`);
      process.exit(1);
    },
  );
}

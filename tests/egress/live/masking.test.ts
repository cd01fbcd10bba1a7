import assert from "node:assert/strict";
import { join } from "node:path";
import { archiveOf } from "../../../provider/backends/docker/engine/archive";
import { compiled } from "../../support/egress/compiled";
import { handshakeFields } from "../../support/egress/websocket";
import { type LiveSandbox, secret, useLiveSite } from "../../support/live/site";

/** Code inside that guesses a secret, and an upstream that reflects it: group 24 of docs/allow-lists.md. */
describe("masking of guesses that an upstream reflects", () => {
  const site = useLiveSite();
  let sandbox: LiveSandbox;
  before(async () => {
    sandbox = await site().addSandbox();
    const program: [string, string] = ["pieces.js", compiled(join(__dirname, "../../support/live/pieces-program.ts"))];
    await site()
      .client.getContainer(sandbox.id)
      .putArchive(await archiveOf([program]), { path: "/mnt/data" });
  });

  const upgrade = Object.fromEntries(handshakeFields.split("\r\n").map((line) => line.split(": ")));
  const framings: [what: string, query: string, headers: Record<string, string>, status: string][] = [
    ["chunked", "framing=chunked", { Connection: "close" }, "200"],
    ["with Content-Length", "framing=length", { Connection: "close" }, "200"],
    ["over a WebSocket", "framing=frame", { Connection: "Upgrade", Upgrade: "websocket", ...upgrade }, "101"],
  ];

  interface Arrived {
    pieces: { length: number; ms: number }[];
    status: string;
    isMasked: boolean;
  }
  async function arrived(guess: string, query: string, headers: Record<string, string>): Promise<Arrived> {
    const path = `/guess?${query}&guess=${encodeURIComponent(guess)}`;
    const command = [await sandbox.gatewayAddress(), "a.example.com", path, JSON.stringify(headers)];
    const { text } = await sandbox.run(`node /mnt/data/pieces.js ${command.map((word) => `'${word}'`).join(" ")}`);
    return JSON.parse(text);
  }

  const lengthsOf = ({ pieces }: Arrived) => pieces.map(({ length }) => length).join();

  /** When each piece arrived at the earliest: later ones show how busy the machine was. */
  const earliest = (all: readonly Arrived[]): number[] =>
    (all[0]?.pieces ?? []).map((_piece, index) => Math.min(...all.map(({ pieces }) => pieces[index]?.ms ?? 0)));

  /** Of the rounds in which both answers arrived in the pieces of the last one. */
  function areAtEqualTimes(rounds: readonly { right: Arrived; wrong: Arrived }[]): boolean {
    const last = rounds.at(-1);
    const lengths = last && lengthsOf(last.right);
    const alike = rounds.filter(({ right, wrong }) => lengthsOf(right) === lengths && lengthsOf(wrong) === lengths);
    const ofWrongs = earliest(alike.map(({ wrong }) => wrong));
    const ofRights = earliest(alike.map(({ right }) => right));
    return ofRights.every((ms, index) => Math.abs(ms - (ofWrongs[index] ?? 0)) < 150);
  }

  for (const [what, query, headers, status] of framings) {
    it(`24: releases equal pieces at equal times for right and wrong guesses of any length: ${what}`, async () => {
      for (const length of [8, 12, secret.value.length - 1]) {
        // A busy machine joins pieces and delays them, but not in all of ten rounds.
        const rounds: { right: Arrived; wrong: Arrived }[] = [];
        for (let isEqual = false; !isEqual; ) {
          const right = await arrived(secret.value.slice(0, length), query, headers);
          const wrong = await arrived("Q".repeat(length), query, headers);
          assert.deepEqual(
            [right.status, wrong.status, right.isMasked, wrong.isMasked],
            [status, status, false, false],
          );
          rounds.push({ right, wrong });
          isEqual = right.pieces.length > 1 && lengthsOf(right) === lengthsOf(wrong) && areAtEqualTimes(rounds);
          assert.ok(isEqual || rounds.length < 10, JSON.stringify(rounds));
        }
      }
      // The whole of it becomes asterisks.
      assert.equal((await arrived(secret.value, query, headers)).isMasked, true);
    });
  }
});

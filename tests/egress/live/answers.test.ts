import assert from "node:assert/strict";
import { Attacker } from "../../support/live/attacker";
import { type LiveSandbox, useLiveSite } from "../../support/live/site";

/** Upstreams whose answers are to hurt the gateway or another request: groups 28 and 30 of docs/allow-lists.md. */
describe("answers to a sandbox with an allow list", function () {
  this.timeout(120_000);
  const site = useLiveSite();
  let sandbox: LiveSandbox;
  before(async () => {
    sandbox = await site().addSandbox();
  });

  for (const status of [100, 102, 103]) {
    it(`28: without end (${status}) are cut, and the gateway serves on`, async () => {
      const { State } = await sandbox.gateway.inspect();
      const asked = Array.from({ length: 4 }, () =>
        sandbox.run(`curl -sS --max-time 20 'https://a.example/interim?status=${status}'`),
      );
      for (const { text } of await Promise.all(asked))
        assert.match(text, /a\.example sends more than 8 interim answers/);
      assert.match((await sandbox.run("curl -sS --max-time 10 https://a.example/echo")).text, /"url"/);
      assert.equal((await sandbox.gateway.inspect()).State.StartedAt, State.StartedAt);
    });
  }

  const spoiled: [what: string, how: string, status: string, body: string][] = [
    ["a second answer", "second", "200", "ok"],
    ["an answer behind 204", "204", "204", ""],
    ["an answer behind 304", "304", "304", ""],
    ["a body behind 204", "body", "204", ""],
  ];
  for (const [what, how, status, body] of spoiled) {
    for (const [when, ms] of [
      ["in the same packet", 0],
      ["a moment later", 20],
    ] as const) {
      it(`30: are each for its own request: ${what} ${when} on a kept connection spoils none`, async () => {
        const path = `/spoiled?how=${how}&ms=${ms}`;
        const rounds = Array.from({ length: 5 }, (_, round) => [path, `/echo?${round}`]).flat();
        // Between two the connection is free: what came while another request was under way would be an answer to that.
        const curl = (each: string) =>
          `curl -sS --max-time 10 -w '[%{http_code}]\\n' 'https://a.example${each}' 2>&1; sleep 0.2`;
        const clients = ms === 0 ? 3 : 1;
        const asked = Array.from({ length: clients }, () => sandbox.run(rounds.map(curl).join("\n")));
        for (const { text } of await Promise.all(asked)) {
          const lines = text.split("\n").map((line) => line.replace(/^\{.*"url":"([^"]+)".*\}/, "$1"));
          const expected = rounds.map((each) => (each === path ? `${body}[${status}]` : `${each}[200]`));
          assert.deepEqual(lines, expected);
        }

        // Who takes what comes for the next answer is spoiled, so this test could fail.
        const naive = await Attacker.on(site(), site().network);
        const get = (of: string) => ({ write: `GET ${of} HTTP/1.1\r\nHost: a.example\r\n\r\n` });
        const { said } = await naive.say({ connect: ["a.example", 80] }, get(path), { rest: 500 });
        await naive.remove();
        assert.match(said, /spoiled$/);
      });
    }
  }
});

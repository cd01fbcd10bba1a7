import assert from "node:assert/strict";
import { Attacker } from "../../support/live/attacker";
import { type LiveSandbox, useLiveSite } from "../../support/live/site";

/** Upstreams whose responses attack the gateway or another request: groups 28 and 30 of docs/allow-lists.md. */
describe("hostile responses to a sandbox with an allow list", () => {
  const site = useLiveSite();
  let sandbox: LiveSandbox;
  before(async () => {
    sandbox = await site().addSandbox();
  });

  for (const status of [100, 102, 103]) {
    it(`28: without end (${status}) are broken off, and the gateway keeps serving`, async () => {
      const { State } = await sandbox.gateway.inspect();
      const sent = Array.from({ length: 4 }, () =>
        sandbox.run(`curl -sS --max-time 20 'https://a.example.com/interim?status=${status}'`),
      );
      for (const { text } of await Promise.all(sent))
        assert.match(text, /a\.example\.com sent an invalid response: more than 8 interim responses/);
      assert.match((await sandbox.run("curl -sS --max-time 10 https://a.example.com/echo")).text, /"url"/);
      assert.equal((await sandbox.gateway.inspect()).State.StartedAt, State.StartedAt);
    });
  }

  const spoiled: [what: string, how: string, status: string, body: string][] = [
    ["a second response", "second", "200", "ok"],
    ["a response behind 204", "204", "204", ""],
    ["a response behind 304", "304", "304", ""],
    ["a body behind 204", "body", "204", ""],
  ];
  for (const [what, how, status, body] of spoiled) {
    for (const [when, ms] of [
      ["in the same packet", 0],
      ["a moment later", 20],
    ] as const) {
      it(`30: spoil no other request: ${what} ${when} on an idle connection`, async () => {
        const path = `/spoiled?how=${how}&ms=${ms}`;
        const rounds = Array.from({ length: 5 }, (_, round) => [path, `/echo?${round}`]).flat();
        // Between two the connection is idle: bytes during another request would be its response.
        const curl = (each: string) =>
          `curl -sS --max-time 10 -w '[%{http_code}]\\n' 'https://a.example.com${each}' 2>&1; sleep 0.2`;
        const clients = ms === 0 ? 3 : 1;
        const sent = Array.from({ length: clients }, () => sandbox.run(rounds.map(curl).join("\n")));
        for (const { text } of await Promise.all(sent)) {
          const lines = text.split("\n").map((line) => line.replace(/^\{.*"url":"([^"]+)".*\}/, "$1"));
          const expected = rounds.map((each) => (each === path ? `${body}[${status}]` : `${each}[200]`));
          assert.deepEqual(lines, expected);
        }

        // A gateway that reads these bytes as the next response is spoiled, so this test can fail.
        const naive = await Attacker.on(site(), site().network);
        const get = (of: string) => ({ write: `GET ${of} HTTP/1.1\r\nHost: a.example.com\r\n\r\n` });
        const { said } = await naive.say({ connect: ["a.example.com", 80] }, get(path), { rest: 500 });
        await naive.remove();
        assert.match(said, /spoiled$/);
      });
    }
  }
});

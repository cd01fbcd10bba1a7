import assert from "node:assert/strict";
import { type LiveSandbox, secret, useLiveSite } from "../../support/live/site";

/** Where a secret goes, and where it is not to be found: groups 15, 16 and 19 of docs/allow-lists.md. */
describe("a secret of a sandbox with an allow list", () => {
  const site = useLiveSite();
  let sandbox: LiveSandbox;
  before(async () => {
    sandbox = await site().addSandbox();
  });

  const received = () => site().upstream.received();
  const bearer = `-H "Authorization: Bearer $TOKEN"`;

  it("is injected for its name, too, and into Basic credentials", async () => {
    await sandbox.run(`curl -sS -H 'X-Key: $TOKEN' -u "user:$TOKEN" https://a.example.com/echo`);
    const headers = await received();
    assert.ok(headers.includes(`X-Key: ${secret.value}\r\n`));
    const basic = Buffer.from(`user:${secret.value}`).toString("base64");
    assert.ok(headers.includes(`Authorization: Basic ${basic}\r\n`));
  });

  const elsewhere: [where: string, command: string][] = [
    ["to another allowed domain", `curl -sS ${bearer} https://b.example.com/echo`],
    ["in clear", `curl -sS ${bearer} http://a.example.com/echo`],
    ["in clear through a tunnel", `curl -sS -p ${bearer} http://a.example.com/echo`],
    ["in an address", `curl -sS "https://a.example.com/echo?token=$TOKEN"`],
    ["in a body", `curl -sS -d "token=$TOKEN" https://a.example.com/echo`],
    ["in a name of a header", `curl -sS -H "$TOKEN: x" https://a.example.com/echo`],
  ];
  for (const [where, command] of elsewhere) {
    it(`15: is not sent ${where}, where the placeholder is`, async () => {
      const { code, text } = await sandbox.run(command);
      assert.equal(code, 0, text);
      const all = await received();
      assert.match(all, /placeholder-[\da-f]{32}/);
      assert.ok(!all.includes(secret.value) && !all.includes(encodeURIComponent(secret.value)));
    });
  }

  it("19: is not sent with a header that a proxy would strip or a server would read as another", async () => {
    const { text: placeholder } = await sandbox.run("echo $TOKEN");
    const tricks = ["Connection: authorization", "Transfer_Encoding: chunked", "Content_Length: 5", "X-A: b\r\n c"];
    for (const trick of ["X-A: b", ...tricks]) {
      const request = `GET /echo HTTP/1.1\r\nHost: a.example.com\r\nAuthorization: Bearer ${placeholder}\r\n${trick}\r\n\r\n`;
      const { said } = await sandbox.say(
        { connect: ["a.example.com", 443] },
        { secure: "a.example.com" },
        { write: request },
        { until: "\r\n\r\n" },
      );
      assert.match(said, trick === "X-A: b" ? /^HTTP\/1\.1 200 / : /^HTTP\/1\.1 400 /);
    }
    assert.equal((await received()).match(/Authorization: Bearer/g)?.length, 1);
  });

  it("16: is nowhere in the sandbox: neither in its environment nor in its processes and files", async () => {
    await sandbox.run(`curl -sS ${bearer} https://a.example.com/echo > echoed; true`);
    const needle = secret.value.slice(0, 12).replace(/[^\w-]/g, ".");
    const searches = [
      "env",
      "cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline 2>/dev/null",
      "cat /etc/hosts /etc/resolv.conf /etc/ssl/certs/*",
      "find / -xdev -type f -newer /etc/hostname -size -1M -not -path '/proc/*' -exec cat {} + 2>/dev/null",
      "find /mnt /tmp /dev/shm /run -type f -exec cat {} + 2>/dev/null",
    ];
    // Searched from outside, so that nothing inside holds what is searched for.
    for (const search of searches) assert.doesNotMatch((await sandbox.run(search)).text, new RegExp(needle), search);
    assert.match((await sandbox.run("env")).text, /^TOKEN=placeholder-[\da-f]{32}$/m);
  });

  it("16: is on the engine in the gateway's memory alone: not in the details of containers, networks, volumes and logs", async () => {
    await sandbox.run(`curl -sS ${bearer} https://a.example.com/echo`);
    await sandbox.logged(({ reason }) => String(reason).startsWith("with the secret TOKEN"));
    const { client } = site();
    const details: unknown[] = [await client.listNetworks(), await client.listVolumes(), await client.df()];
    for (const { Id } of await client.listContainers({ all: true })) {
      const container = client.getContainer(Id);
      // Those of other tests come and go.
      for (const ask of [() => container.inspect(), () => container.top()]) details.push(await ask().catch(() => ""));
    }
    const logs = [sandbox.gateway, client.getContainer(sandbox.id)];
    for (const container of logs) details.push(String(await container.logs({ stdout: true, stderr: true })));
    details.push(await sandbox.gateway.inspect());
    const text = JSON.stringify(details);
    assert.ok(!text.includes(secret.value.slice(0, 12)) && !text.includes(JSON.stringify(secret.value).slice(1, 13)));
    assert.ok(!text.includes(Buffer.from(secret.value).toString("base64").slice(0, 16)));
    assert.ok(!text.includes("PRIVATE KEY"));
    assert.ok(text.includes("with the secret TOKEN"), "the log names it");
  });

  it("16: is in no file and no environment variable of its gateway", async () => {
    const found = await site().inGateway(
      sandbox,
      `const { readdirSync, readFileSync } = require("node:fs");
       const all = ["/proc/self/environ"];
       for (const pid of readdirSync("/proc").filter(Number)) all.push("/proc/" + pid + "/environ", "/proc/" + pid + "/cmdline");
       for (const folder of ["/gateway", "/gateway/channel", "/tmp", "/run", "/dev/shm"])
         try { for (const name of readdirSync(folder)) all.push(folder + "/" + name); } catch {}
       for (const file of all) try { process.stdout.write(readFileSync(file)); } catch {}`,
    );
    assert.ok(found.includes("node") && !found.includes(secret.value) && !found.includes("PRIVATE KEY-----\nM"));
  });
});

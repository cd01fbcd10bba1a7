import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { archiveOf } from "../../../provider/backends/docker/engine/archive";
import { Attacker } from "../../support/live/attacker";
import { addressesOfThisHost, HostListener } from "../../support/live/host-listener";
import { unreachable } from "../../support/live/outcomes";
import { type LiveSandbox, useLiveSite } from "../../support/live/site";

/** Groups 1 and 25 of docs/allow-lists.md: nothing that a sandbox sends arrives at the host. */
describe("the host of a sandbox with an allow list", () => {
  const groups = ["224.0.0.1", "239.7.7.7", "ff02::1"];
  const site = useLiveSite();
  let sandbox: LiveSandbox;
  let listener: HostListener;
  let targets: string[];
  before(async () => {
    sandbox = await site().addSandbox();
    listener = await HostListener.start(...groups);
    const bridge = await site().bridgeAddress();
    targets = ["255.255.255.255", ...groups, ...addressesOfThisHost(), bridge, "::1", `::ffff:${bridge}`];
    assert.ok(targets.length >= 9, targets.join());
    await site()
      .client.getContainer(sandbox.id)
      .putArchive(await archiveOf([program]), { path: "/mnt/data" });
  });
  after(() => listener?.close());

  const program: [string, string] = ["leak.py", readFileSync(join(__dirname, "../../support/live/leak.py"), "utf8")];
  const argumentsOf = (who: string) => [`"${who}"`, listener.port, ...targets].join(" ");
  const heardOf = (who: string) => listener.heard.filter((text) => text.startsWith(`${who}, `));

  /** The same program in a container on a network, as root with the capabilities for raw sockets. */
  async function attack(who: string, network: string): Promise<string> {
    const attacker = await Attacker.on(site(), network);
    try {
      await attacker.put(program);
      return await attacker.run(`python3 /leak.py ${argumentsOf(who)}`);
    } finally {
      await attacker.remove();
    }
  }

  it("1: is not reached by any of its addresses, directly or through the proxy", async () => {
    const connects = (host: string) =>
      sandbox.say({ connect: [host, listener.port] }, { write: "hello" }, { rest: 200 });
    const gateway = await sandbox.gatewayAddress();
    await Promise.all(
      [...addressesOfThisHost(), await site().bridgeAddress(), gateway].map(async (host) => {
        assert.match((await connects(host)).end, unreachable, host);
        const authority = `${host}:${listener.port}`;
        const { said } = await sandbox.say(
          { connect: [gateway, 3128] },
          { write: `CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n` },
          { until: "\r\n\r\n" },
        );
        assert.match(said, /^HTTP\/1\.1 40[03] /);
        const plain = await sandbox.run(`curl -sS --max-time 5 --noproxy '' http://${authority}/`);
        assert.match(plain.text, /is not on the allow list/);
      }),
    );
    assert.deepEqual(listener.heard, []);
  });

  it("25: shares no network interface with the sandbox, which has lo alone, and no route", async () => {
    const { text } = await sandbox.run(
      "ls /sys/class/net; cut -d: -f1 /proc/net/dev | tail -n +3; cat /proc/net/route",
    );
    const [first, second, head, ...routes] = text.split("\n").map((line) => line.trim());
    assert.deepEqual([first, second, routes], ["lo", "lo", []], text);
    assert.match(head ?? "", /^Iface\s/);
    const six = (await sandbox.run("cat /proc/net/if_inet6 /proc/net/ipv6_route 2>/dev/null")).text.split("\n");
    for (const line of six) assert.match(line, /^$| lo$/);
  });

  it("25: receives no datagram and no connection of the sandbox, by any target, socket option or type", async () => {
    const { text } = await sandbox.run(`python3 leak.py ${argumentsOf("sandbox")}`);
    const tried = text.split("\n");
    assert.ok(tried.length > targets.length * 8, text);
    for (const line of tried.filter((way) => /raw|packet socket/.test(way))) assert.match(line, /PermissionError/);
    // Nor with capabilities that no sandbox has.
    const asRoot = await attack("root inside", `container:${sandbox.id}`);
    assert.match(asRoot, /a raw packet socket on lo to 255\.255\.255\.255: sent/);

    // From a bridge they arrive, from one without an address too, so this test could fail; and they come later.
    await attack("on a bridge", site().network);
    const { network } = await site().addNetwork({
      Internal: true,
      Options: { "com.docker.network.bridge.inhibit_ipv4": "true" },
    });
    await attack("on a bridge without an address", network);
    for (const who of ["on a bridge", "on a bridge without an address"])
      await listener.hears((text) => text.startsWith(`${who}, `));
    assert.deepEqual([heardOf("sandbox"), heardOf("root inside")], [[], []]);
  });
});

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import { networkInterfaces } from "node:os";
import { Attacker, inNetworkOf, openFirewall, packetsForOthers } from "../../support/live/attacker";
import { type LiveSandbox, useLiveSite } from "../../support/live/site";

/** What lies below HTTP: groups 1 and 4 to 8 of docs/allow-lists.md. Nothing may arrive. */
describe("the network of a sandbox with an allow list", function () {
  this.timeout(120_000);
  const site = useLiveSite();
  let sandbox: LiveSandbox;
  let other: LiveSandbox;
  before(async () => {
    sandbox = await site().addSandbox();
    other = await site().addSandbox();
  });

  const connects = (host: string, port: number) =>
    sandbox.say({ connect: [host, port] }, { write: "hello" }, { rest: 200 });
  /** What the proxy says to CONNECT. */
  const tunnelTo = async (gateway: string, authority: string) => {
    const connect = `CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`;
    return (await sandbox.say({ connect: [gateway, 3128] }, { write: connect }, { until: "\r\n\r\n" })).said;
  };
  const unreachable = /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|no answer)$/;

  it("1: does not lead to the host, by any of its addresses, directly or through the proxy", async () => {
    let arrived = 0;
    const listener = createServer((socket) => {
      arrived += 1;
      socket.destroy();
    }).listen(0, "0.0.0.0");
    await once(listener, "listening");
    const port = portOf(listener);
    const bridge = await site().bridgeAddress();
    try {
      // It can be reached by a container of another network, so this test could fail.
      const outside = await Attacker.on(site(), site().network);
      await outside.say({ connect: [bridge, port] }, { rest: 100 });
      assert.equal(arrived, 1);

      const gateway = await sandbox.gatewayAddress();
      const own = gateway.replace(/\d+$/, (last) => String(Number(last) - 1));
      const hosts = [...addressesOfThisHost(), bridge, own];
      assert.ok(hosts.length >= 3, hosts.join());
      await Promise.all(
        hosts.map(async (host) => {
          assert.match((await connects(host, port)).end, unreachable, host);
          assert.match(await tunnelTo(gateway, `${host}:${port}`), /^HTTP\/1\.1 40[03] /);
          const plain = await sandbox.run(`curl -sS --max-time 5 http://${host}:${port}/`);
          assert.match(plain.text, /is not on its allow list/);
        }),
      );
      assert.equal(arrived, 1);
    } finally {
      listener.close();
    }
  });

  it("4: does not carry DoH, DoT, QUIC, SSH or anything else on other ports", async () => {
    const gateway = await sandbox.gatewayAddress();
    await Promise.all(
      [22, 25, 784, 853, 2375, 8443, 9229].map(async (port) => {
        for (const host of [gateway, "a.example"]) assert.equal((await connects(host, port)).end, "ECONNREFUSED");
      }),
    );
    const doh = await sandbox.run(
      `curl -sS --max-time 5 -H 'accept: application/dns-json' 'https://dns.example/dns-query?name=x' 2>&1`,
    );
    assert.match(doh.text, /response 403|code 403/);
    const udp = `import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.settimeout(1); s.connect(("${gateway}", 443)); s.send(b"quic")
try: print(s.recv(100))
except OSError as e: print(type(e).__name__)`;
    assert.match((await sandbox.run(`python3 -c '${udp}'`)).text, /^(ConnectionRefusedError|TimeoutError)$/);
    assert.match(await tunnelTo(gateway, "a.example:22"), /^HTTP\/1\.1 403 Forbidden: port 22 of a\.example/);
    const inTunnel = await sandbox.say(
      { connect: [gateway, 3128] },
      { write: "CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n" },
      { until: "\r\n\r\n" },
      { write: "SSH-2.0-OpenSSH_9.2\r\n" },
      { rest: 20_000 }, // it ends earlier, with the connection
    );
    assert.equal(inTunnel.end, "closed");
    assert.equal(await site().upstream.connections(), 0);
  });

  it("5: does not lead to an upstream by its address, nor anywhere by IPv6", async () => {
    const { address } = site().upstream;
    const direct = await Promise.all([connects(address, 80), connects(address, 443)]);
    for (const { end } of direct) assert.match(end, unreachable);
    const answer = await sandbox.run(
      `curl -sS --max-time 5 http://${address}/; curl -sS --max-time 5 https://${address}/ 2>&1`,
    );
    assert.match(answer.text, /is not on its allow list.*403/s);
    const six = await sandbox.run(
      "cat /proc/net/if_inet6; for a in fe80::1 ff02::1 2001:db8::1; do curl -sS -g --noproxy '*' --max-time 2 \"http://[$a%25eth0]/\" 2>&1; done",
    );
    assert.doesNotMatch(six.text.replaceAll(/^0{31}1 .* lo$/gm, ""), /eth0$/m);
    assert.doesNotMatch(six.text, /HTTP|echo/);
    assert.equal(await site().upstream.connections(), 0);
  });

  it("6: is no way through the gateway as a router, even for who may set routes", async () => {
    const attacker = await Attacker.on(site(), sandbox.id);
    const { address } = site().upstream;
    const gateway = await sandbox.gatewayAddress();
    await attacker.route(address, gateway);
    const atGateway = () => packetsForOthers(sandbox.gateway);
    const arrived = async () => (await site().upstream.received()).includes("leak");
    const nothingArrived = async () => {
      assert.equal((await atGateway()).forwarded, 0);
      assert.equal(await arrived(), false);
      assert.equal(await site().upstream.connections(), 0);
    };
    let close = () => {};
    try {
      await attacker.send(address, "leak");
      // What comes later by the same way has an answer.
      assert.doesNotMatch((await attacker.say({ connect: [gateway, 3128] }, { rest: 100 })).end, unreachable);
      await nothingArrived();

      // The engine's firewall keeps it in as well, where the host has bridges pass it: the setting is to do without.
      close = await openFirewall(site().client, sandbox.id);
      const { discarded } = await atGateway();
      await attacker.sendUntil(address, "leak", async () => {
        const now = await atGateway();
        return now.discarded + now.forwarded > discarded;
      });
      await nothingArrived();
      for (const port of [80, 443]) {
        const before = await atGateway();
        assert.match((await attacker.say({ connect: [address, port] })).end, unreachable);
        assert.ok((await atGateway()).discarded > before.discarded, "it came to the gateway");
      }
      await nothingArrived();

      // With another setting it arrives, so this test could fail.
      await inNetworkOf(sandbox.gateway, "sysctl", "-qw", "net.ipv4.ip_forward=1");
      await attacker.sendUntil(address, "leak", arrived);
      assert.notEqual((await atGateway()).forwarded, 0);
    } finally {
      close();
      await inNetworkOf(sandbox.gateway, "sysctl", "-qw", "net.ipv4.ip_forward=0");
      await attacker.remove();
    }
  });

  it("7: gives nobody raw sockets, to spoof addresses with", async () => {
    const raw = `import socket
for family, kind, protocol in [(socket.AF_INET, socket.SOCK_RAW, 1), (socket.AF_PACKET, socket.SOCK_RAW, 3), (socket.AF_PACKET, socket.SOCK_DGRAM, 3)]:
    try: socket.socket(family, kind, protocol); print("open")
    except OSError as e: print(type(e).__name__)`;
    const { text } = await sandbox.run(`python3 -c '${raw}'`);
    assert.deepEqual(text.split("\n"), ["PermissionError", "PermissionError", "PermissionError"]);
    assert.notEqual(
      (await sandbox.run("ip neigh add 1.2.3.4 lladdr 02:00:00:00:00:01 dev eth0 2>&1 || false")).code,
      0,
    );
  });

  it("8: does not lead to another sandbox or its gateway", async () => {
    const gateway = await other.gatewayAddress();
    const neighbour = gateway.replace(/\d+$/, (last) => String(Number(last) + 1));
    await site()
      .client.getContainer(other.id)
      .exec({ Cmd: ["python3", "-m", "http.server", "8000"] })
      .then((exec) => exec.start({ Detach: true }))
      .then((stream) => stream.destroy());
    const places = [
      [neighbour, 8000],
      [gateway, 3128],
      [gateway, 443],
    ] as const;
    // It listens, so that what refuses is the network.
    const listens = "curl -sS --retry 10 --retry-connrefused -o /dev/null http://127.0.0.1:8000/";
    assert.equal((await other.run(listens)).code, 0);
    await Promise.all(
      places.map(async ([host, port]) => {
        assert.match((await connects(host, port)).end, unreachable);
        const { text } = await sandbox.run(`curl -sS --max-time 5 http://${host}:${port}/`);
        assert.match(text, /is not on its allow list/);
      }),
    );
  });

  it("8: lets nobody but the sandbox use its gateway, whom its other network would let in", async () => {
    const gateway = await sandbox.gatewayAddress();
    const { NetworkSettings } = await sandbox.gateway.inspect();
    for (const network of ["bridge", site().network]) {
      const attacker = await Attacker.on(site(), network);
      // The address on the other network, to which packets for the inner one are sent.
      const by = NetworkSettings.Networks[network]?.IPAddress ?? "";
      const connect = `CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n`;
      assert.equal((await attacker.say({ connect: [by, 3128] })).end, "ECONNREFUSED");
      const began = new Date().toISOString();
      await attacker.route(gateway, by);
      const { said } = await attacker.say({ connect: [gateway, 3128] }, { write: connect }, { rest: 1000 });
      assert.equal(said, "");
      // It is the gateway that hung up.
      const reason = "a connection from somewhere else than the sandbox";
      await sandbox.logged((line) => line["reason"] === reason && String(line["time"]) >= began);
    }
  });
});

function portOf(listener: ReturnType<typeof createServer>): number {
  const address = listener.address();
  return typeof address === "object" && address ? address.port : 0;
}

function addressesOfThisHost(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.flatMap(({ address, family, internal }) => (family === "IPv4" && !internal ? [address] : []));
}

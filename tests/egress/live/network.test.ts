import assert from "node:assert/strict";
import { Attacker, inNetworkOf } from "../../support/live/attacker";
import { unreachable } from "../../support/live/outcomes";
import { type LiveSandbox, useLiveSite } from "../../support/live/site";

/** What lies below HTTP: groups 4 to 8 of docs/allow-lists.md. Nothing may arrive. */
describe("a sandbox with an allow list, which has no network", () => {
  const site = useLiveSite();
  let sandbox: LiveSandbox;
  let other: LiveSandbox;
  let gateway: string;
  before(async () => {
    sandbox = await site().addSandbox();
    other = await site().addSandbox();
    gateway = await sandbox.gatewayAddress();
  });

  const connects = (host: string, port: number) =>
    sandbox.say({ connect: [host, port] }, { write: "hello" }, { rest: 200 });
  /** Of its gateway, by which the outside reaches that. */
  async function addressesOf(one: LiveSandbox): Promise<string[]> {
    const { NetworkSettings } = await one.gateway.inspect();
    const all = Object.values(NetworkSettings.Networks).map(({ IPAddress }) => IPAddress);
    assert.equal(all.length, 2); // the engine's default bridge, and the upstreams' network
    return all;
  }

  it("4: forwards no DoH, DoT, QUIC, SSH or other protocol", async () => {
    await Promise.all(
      [22, 25, 784, 853, 2375, 8443, 9229].map(async (port) => {
        for (const host of [gateway, "a.example.com"]) assert.equal((await connects(host, port)).end, "ECONNREFUSED");
      }),
    );
    const doh = await sandbox.run(
      `curl -sS --max-time 5 -H 'accept: application/dns-json' 'https://dns.example.com/dns-query?name=x' 2>&1`,
    );
    assert.match(doh.text, /response 403|code 403/);
    const udp = `import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.settimeout(1); s.connect(("${gateway}", 443)); s.send(b"quic")
try: print(s.recv(100))
except OSError as e: print(type(e).__name__)`;
    assert.equal((await sandbox.run(`python3 -c '${udp}'`)).text, "ConnectionRefusedError");
    const tunnelTo = (authority: string) => ({ write: `CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n` });
    const { said } = await sandbox.say({ connect: [gateway, 3128] }, tunnelTo("a.example.com:22"), {
      until: "\r\n\r\n",
    });
    assert.match(said, /^HTTP\/1\.1 403 Forbidden: OC6002: port 22 of a\.example\.com/);
    const inTunnel = await sandbox.say(
      { connect: [gateway, 3128] },
      tunnelTo("a.example.com:443"),
      { until: "\r\n\r\n" },
      { write: "SSH-2.0-OpenSSH_9.2\r\n" },
      { rest: 20_000 }, // it ends earlier, with the connection
    );
    assert.equal(inTunnel.end, "closed");
    assert.equal(await site().upstream.connections(), 0);
  });

  it("5: reaches no upstream by its address, and nothing by IPv6", async () => {
    const { address } = site().upstream;
    const direct = await Promise.all([connects(address, 80), connects(address, 443)]);
    for (const { end } of direct) assert.match(end, unreachable);
    const response = await sandbox.run(
      `curl -sS --max-time 5 http://${address}/; curl -sS --max-time 5 https://${address}/ 2>&1`,
    );
    assert.match(response.text, /is not on the allow list.*403/s);
    const six = await sandbox.run(
      "for a in fe80::1%25lo ff02::1%25lo 2001:db8::1; do curl -sS -g --noproxy '*' --max-time 2 \"http://[$a]/\" 2>&1; done",
    );
    assert.doesNotMatch(six.text, /HTTP|echo/);
    assert.equal(await site().upstream.connections(), 0);
  });

  it("6: reaches its gateway by none of its network addresses, and cannot add a route", async () => {
    for (const address of await addressesOf(sandbox)) {
      for (const port of [53, 80, 443, 3128]) assert.equal((await connects(address, port)).end, "ENETUNREACH");
    }
    // As `ip` and `ifconfig` do: netdevice(7), struct rtentry of <linux/route.h>, rtnetlink(7).
    const change = `import fcntl, socket, struct
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
zero, by = struct.pack("HH4s8x", socket.AF_INET, 0, bytes(4)), struct.pack("HH4s8x", socket.AF_INET, 0, socket.inet_aton("${gateway}"))
route = struct.pack("L", 0) + zero + by + zero + struct.pack("HhLLhhPLLH14x", 3, 0, 0, 0, 0, 0, 0, 0, 0, 0)
link = struct.pack("IHHIIiIII", 48, 16, 0x605, 1, 0, 0, 0, 0, 0) + struct.pack("HH", 16, 18) + struct.pack("HH8s", 12, 1, b"dummy")
def netlink():
    n = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0); n.send(link); n.settimeout(2)
    code = struct.unpack("i", n.recv(4096)[16:20])[0]
    if code: raise OSError(-code, "")
for call in (lambda: fcntl.ioctl(s, 0x890B, route), lambda: fcntl.ioctl(s, 0x8922, struct.pack("16si16x", b"lo", 1000)), netlink):
    try: call(); print("changed")
    except OSError as e: print(e.errno)`;
    const eperm = "1";
    assert.deepEqual((await sandbox.run(`python3 -c '${change}'`)).text.split("\n"), [eperm, eperm, eperm]);
  });

  it("6: cannot use its gateway as a router, even with routes and raw packets", async () => {
    const { address } = site().upstream;
    const attacker = await Attacker.on(site(), `container:${sandbox.id}`);
    const raw = `import socket, sys
for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
    s = socket.socket(socket.AF_INET, kind); s.settimeout(1)
    try: s.connect(("${address}", 80)); s.send(b"leak"); print("sent")
    except OSError as e: print(type(e).__name__)
s = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
head = bytes.fromhex("450000200001000001110000") + socket.inet_aton("${gateway}") + socket.inet_aton("${address}")
s.sendto(head + bytes.fromhex("115c0050000c0000") + b"leak", ("${address}", 0)); print("sent")`;
    try {
      const container = site().client.getContainer(sandbox.id);
      await inNetworkOf(container, "ip", "route", "add", address, "dev", "lo");
      assert.match(await attacker.run(`python3 -c '${raw}' 2>&1`), /^sent/);
      await inNetworkOf(container, "ip", "route", "del", address);
      const by = ["via", gateway, "dev", "lo", "onlink"];
      await assert.rejects(inNetworkOf(container, "ip", "route", "add", address, ...by), /invalid gateway/);
      assert.equal(await site().upstream.connections(), 0);
      assert.ok(!(await site().upstream.received()).includes("leak"));
    } finally {
      await attacker.remove();
    }
    // From a network the same arrives, so this test could fail.
    const outside = await Attacker.on(site(), site().network);
    await outside.run(`python3 -c '${raw}' 2>&1`);
    await outside.remove();
    assert.ok((await site().upstream.received()).includes("leak"));
  });

  it("7: has no raw sockets for spoofed addresses", async () => {
    const raw = `import socket
for family, kind, protocol in [(socket.AF_INET, socket.SOCK_RAW, 1), (socket.AF_PACKET, socket.SOCK_RAW, 3), (socket.AF_PACKET, socket.SOCK_DGRAM, 3)]:
    try: socket.socket(family, kind, protocol); print("open")
    except OSError as e: print(type(e).__name__)`;
    const { text } = await sandbox.run(`python3 -c '${raw}'`);
    assert.deepEqual(text.split("\n"), ["PermissionError", "PermissionError", "PermissionError"]);
    assert.notEqual((await sandbox.run("ip neigh add 1.2.3.4 lladdr 02:00:00:00:00:01 dev lo 2>&1 || false")).code, 0);
  });

  it("8: reaches neither another sandbox nor its gateway", async () => {
    const listen = `import socket, threading
held = [socket.create_server(("0.0.0.0", 8000)), socket.socket(socket.AF_UNIX)]
held[1].bind("\\0neighbour"); held[1].listen()
threading.Event().wait()`;
    await other.start("python3", "-c", listen);
    const reach = `import socket, sys, time
for family, place in ((socket.AF_INET, ("${gateway}", 8000)), (socket.AF_UNIX, "\\0neighbour")):
    for tries in range(int(sys.argv[1])):
        try: socket.socket(family).connect(place); print("reached"); break
        except OSError as e: error = type(e).__name__; time.sleep(0.1)
    else: print(error)`;
    const reached = async (one: LiveSandbox, tries: number) =>
      (await one.run(`python3 -c '${reach}' ${tries}`)).text.split("\n");
    // They listen, so that a refused connection means another network namespace.
    assert.deepEqual(await reached(other, 50), ["reached", "reached"]);
    assert.deepEqual(await reached(sandbox, 1), ["ConnectionRefusedError", "ConnectionRefusedError"]);
    assert.equal((await connects("127.0.0.1", 8000)).end, "ECONNREFUSED");
    for (const address of await addressesOf(other)) assert.equal((await connects(address, 3128)).end, "ENETUNREACH");

    // Both gateways listen on the same address, each to its own sandbox.
    const isAsked = ({ domain }: Record<string, unknown>) => domain === "only-by-one.example.com";
    await sandbox.run("curl -sS http://only-by-one.example.com/");
    await sandbox.logged(isAsked);
    assert.equal((await other.log()).some(isAsked), false);
  });

  it("8: has a gateway that listens on no port of its own networks", async () => {
    const scan = `import socket, sys
found = []
for port in range(1, 65536):
    s = socket.socket(); s.settimeout(2)
    try: s.connect((sys.argv[1], port)); found.append(port)
    except OSError as e: found += [] if isinstance(e, ConnectionRefusedError) else [str(e)]
    s.close()
print(found[:10])`;
    const { NetworkSettings } = await sandbox.gateway.inspect();
    for (const network of Object.keys(NetworkSettings.Networks)) {
      const attacker = await Attacker.on(site(), network);
      try {
        const address = NetworkSettings.Networks[network]?.IPAddress ?? "";
        assert.equal(await attacker.run(`python3 -c '${scan}' ${address}`), "[]", network);
        if (network !== site().network) continue;
        // Where something listens, it is found, so this test could fail.
        assert.equal(await attacker.run(`python3 -c '${scan}' ${site().upstream.address}`), "[80, 443]");
      } finally {
        await attacker.remove();
      }
    }
  });
});

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { PassThrough } from "node:stream";
import type { Engine } from "../../../provider/backends/docker/engine/engine";
import { engine, engineAt, inside } from "../../support/docker";
import { NameServer } from "../../support/egress/name-server";
import { clientsImage } from "../../support/live/images";
import { type LiveSandbox, LiveSite } from "../../support/live/site";
import { SecondEngine } from "../../support/second-engine";

const resolver = "127.0.0.77"; // a loopback address, as a host's own cache has: engines ask that one in the host's place

/** Asks for a name, in each way that there is; what came back, by its code. */
const ask = `import socket, struct, sys
name, servers = sys.argv[1], sys.argv[2:]
def question(kind):
    labels = b"".join(bytes([len(l)]) + l.encode() for l in name.split("."))
    return struct.pack(">HHHHHH", 7, 0x100, 1, 0, 0, 0) + labels + b"\\0" + struct.pack(">HH", kind, 1)
for server in servers:
    for kind in (1, 16, 28, 255):
        for transport in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
            s = socket.socket(socket.AF_INET, transport); s.settimeout(3)
            try:
                s.connect((server, 53))
                message = question(kind)
                s.send(message if transport == socket.SOCK_DGRAM else struct.pack(">H", len(message)) + message)
                response = s.recv(512)
                print(server, kind, response[-len(response):][3 if transport == socket.SOCK_DGRAM else 5] & 15, struct.unpack(">H", response[6:8] if transport == socket.SOCK_DGRAM else response[8:10])[0])
            except OSError as e: print(server, kind, type(e).__name__)
try: print(socket.getaddrinfo(name, 443)[0][4][0])
except OSError as e: print(e)`;

/** Group 3 of docs/allow-lists.md: no DNS query leaves, on a host whose resolver the engine itself queries. */
describe("DNS in a sandbox with an allow list", () => {
  let second: SecondEngine | undefined;
  let host: Engine;
  let site: LiveSite;
  let sandbox: LiveSandbox;
  const names = new NameServer();

  before(async function () {
    if (!SecondEngine.canStart || clientsImage === "") this.skip(); // a second engine takes root, as does an image with clients
    await names.start(resolver, 53);
    host = await engine();
    // Podman is started with this resolver (scripts/engines/podman.mjs).
    if (!host.location.startsWith("podman:")) host = await startSecond(host);
    site = await LiveSite.start(host, clientsImage);
    sandbox = await site.addSandbox();
    await sandbox.run(`cat > ask.py <<'END'\n${ask}\nEND`);
  });

  async function startSecond({ client }: Engine): Promise<Engine> {
    second = await SecondEngine.start({ resolver });
    const started = await engineAt(second.host);
    const image = new PassThrough();
    (await client.getImage(clientsImage).get()).pipe(image);
    const answer = await started.client.loadImage(image);
    await new Promise((resolve) => answer.resume().once("end", resolve));
    return started;
  }

  after(async () => {
    await site?.stop();
    await second?.stop();
    names.stop();
  });

  const secretName = () => `${randomBytes(8).toString("hex")}.exfiltrated.example.com`;
  const askedFor = (name: string) => names.questions.filter((question) => question.includes(name));

  it("3: would leave over an ordinary network of this engine", async () => {
    // Podman, and Docker from version 26 on, ask nobody themselves for who is on internal networks alone.
    const Internal = !site.isPodman && Number.parseInt((await host.client.version()).Version, 10) < 26;
    await host.client.createNetwork({ Name: "plain", Internal, Labels: site.labels });
    const container = await host.client.createContainer({
      Image: clientsImage,
      Entrypoint: ["sleep", "60"],
      Labels: site.labels,
      HostConfig: { NetworkMode: "plain" },
    });
    await container.start();
    const name = secretName();
    await inside(host.client, container.id, `python3 -c 'import socket; socket.getaddrinfo("${name}", 443)'`);
    await container.remove({ force: true });
    await host.client.getNetwork("plain").remove();
    assert.notEqual(askedFor(name).length, 0);
  });

  it("3: does not leave, with any record type, transport and server", async () => {
    const gateway = await sandbox.gatewayAddress();
    const name = secretName();
    const { text } = await sandbox.run(`python3 ask.py ${name} 127.0.0.11 ${gateway}`);
    const responses = text.split("\n");
    assert.equal(responses.length, 17, text);
    for (const response of responses.slice(0, 16)) assert.match(response, /^\S+ \d+ 3 0$|Error$/); // 3: NXDOMAIN
    assert.match(responses[16] ?? "", site.isPodman ? /Temporary failure in name resolution/ : /not known/);
    assert.deepEqual(askedFor(name), []);
    const isAboutIt = ({ domain }: Record<string, unknown>) => domain === name;
    await sandbox.logged(isAboutIt);
    assert.ok((await sandbox.log()).filter(isAboutIt).every(({ decision }) => decision === "denied"));
  });

  it("3: reaches no DNS server on the host or elsewhere", async () => {
    const name = secretName();
    const servers = [resolver, "127.0.0.1", await site.bridgeAddress(), site.upstream.address];
    await sandbox.run(`python3 ask.py ${name} ${servers.join(" ")}`);
    assert.deepEqual(askedFor(name), []);
  });

  it("resolves allowed names to the gateway's address", async () => {
    const { text } = await sandbox.run("python3 ask.py a.example.com 127.0.0.11");
    assert.equal(text.split("\n").at(-1), await sandbox.gatewayAddress());
  });
});

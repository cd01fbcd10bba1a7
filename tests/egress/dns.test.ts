import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { Resolver } from "node:dns/promises";
import { once } from "node:events";
import { allowed, denied, useSite } from "../support/egress/site";
import { dial } from "../support/egress/speak";

const query = (name: string, type: number, change: (message: Buffer) => Buffer = (message) => message) => {
  const labels = name.split(".").flatMap((label) => [Buffer.from([label.length]), Buffer.from(label, "latin1")]);
  const header = Buffer.from([0xab, 0xcd, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
  return change(Buffer.concat([header, ...labels, Buffer.from([0, 0, type, 0, 1])]));
};

describe("DNS in a sandbox", () => {
  const site = useSite();
  const resolver = () => {
    const asking = new Resolver({ timeout: 1000, tries: 1 });
    asking.setServers([`127.0.0.1:${site().gateway.ports.dns}`]);
    return asking;
  };
  beforeEach(() => {
    site().resolver.questions.length = 0;
  });
  const nothingLeft = () => assert.deepEqual(site().resolver.questions, []);

  /** The first response to messages of one client. */
  const overUdp = async (...messages: Buffer[]): Promise<Buffer | undefined> => {
    const socket = createSocket("udp4");
    const response = once(socket, "message");
    for (const message of messages) socket.send(message, site().gateway.ports.dns, "127.0.0.1");
    const [first]: Buffer[] = await response;
    socket.close();
    return first;
  };
  const overTcp = async (bytes: Buffer): Promise<Buffer> => {
    const socket = await dial(site().gateway.ports.dns);
    socket.end(bytes);
    const chunks = await socket.toArray().catch(() => []);
    return Buffer.concat(chunks);
  };
  const framed = (message: Buffer) =>
    Buffer.concat([Buffer.from([message.length >> 8, message.length & 255]), message]);

  it("resolves allowed names to the gateway's own address", async () => {
    for (const name of [...allowed, "A.Example.com"]) assert.deepEqual(await resolver().resolve4(name), ["127.0.0.1"]);
    nothingLeft();
  });

  it("has no other records of allowed names", async () => {
    for (const type of ["AAAA", "TXT", "MX", "NS", "SRV", "CNAME", "SOA"] as const) {
      await assert.rejects(resolver().resolve("a.example.com", type), { code: "ENODATA" }, type);
    }
    nothingLeft();
  });

  it("reports that names that are not allowed do not exist, for each record type, and logs them", async () => {
    for (const type of ["A", "AAAA", "TXT", "CNAME"] as const) {
      for (const name of [denied, "exfiltrated.a.example.com", "example", "169.254.169.254.in-addr.arpa"]) {
        await assert.rejects(resolver().resolve(name, type), { code: "ENOTFOUND" }, `${name} ${type}`);
      }
    }
    const line = await site().gateway.line(({ domain }) => domain === "exfiltrated.a.example.com");
    assert.deepEqual(
      [line["via"], line["decision"], line["reason"]],
      ["dns", "denied", "OC6001: the name is not on the allow list"],
    );
    nothingLeft();
  });

  it("works over TCP too, with several queries on one connection", async () => {
    const first = query("a.example.com", 1);
    const second = query(denied, 16);
    const responses = await overTcp(Buffer.concat([framed(first), framed(second)]));
    const length = responses.readUInt16BE(0);
    assert.deepEqual([...responses.subarray(2 + length - 4, 2 + length)], [127, 0, 0, 1]);
    assert.equal(responses.readUInt8(2 + length + 2 + 3) & 15, 3); // NXDOMAIN
    nothingLeft();
  });

  it("accepts a query with EDNS options", async () => {
    const options = Buffer.from([0, 0, 41, 0x10, 0, 0, 0, 0, 0, 0, 0]);
    const withOptions = query("a.example.com", 1, (message) => {
      message.writeUInt16BE(1, 10);
      return Buffer.concat([message, options]);
    });
    const response = await overUdp(withOptions);
    assert.deepEqual([...(response?.subarray(-4) ?? [])], [127, 0, 0, 1]);
    assert.equal(response?.readUInt16BE(0), 0xabcd);
  });

  const malformed: Record<string, (message: Buffer) => Buffer> = {
    "two questions": (message) => message.fill(2, 5, 6),
    "no question": (message) => message.fill(0, 5, 6),
    "a response record in it": (message) => message.fill(1, 7, 8),
    "an authority record in it": (message) => message.fill(1, 9, 10),
    "an additional record that is not there": (message) => message.fill(1, 11, 12),
    "something behind it": (message) => Buffer.concat([message, Buffer.from("exfiltrated")]),
    "a compressed name": (message) => message.fill(0xc0, 12, 13),
    "a label longer than the message": (message) => message.fill(63, 12, 13),
    "a label of 64 bytes": () => {
      const header = query("x", 1).subarray(0, 12);
      return Buffer.concat([header, Buffer.from([64]), Buffer.alloc(64, "x"), Buffer.from([0, 0, 1, 0, 1])]);
    },
    "a name that does not end": (message) => message.subarray(0, 20),
    "no type": (message) => message.subarray(0, message.length - 3),
    "a name longer than names are": () => query(Array.from({ length: 8 }, () => "x".repeat(40)).join("."), 1),
    "more than 512 bytes": (message) => Buffer.concat([message, Buffer.alloc(600)]),
  };
  for (const [what, change] of Object.entries(malformed)) {
    it(`rejects a malformed query: ${what}`, async () => {
      for (const name of ["a.example.com", denied]) {
        const response = await overUdp(query(name, 1, change));
        assert.equal(response?.length, 12); // a header alone
        assert.equal((response?.readUInt8(3) ?? 0) & 15, 1); // FORMERR
      }
    });
  }

  it("does not respond to a response, so that no loop begins", async () => {
    const response = query("a.example.com", 1, (message) => message.fill(0x81, 2, 3));
    for (const message of [response, Buffer.from("short"), Buffer.alloc(0)]) {
      const later = query("a.example.com", 1, (question) => question.fill(0x12, 0, 2));
      assert.equal((await overUdp(message, later))?.readUInt16BE(0), 0x1212);
    }
    assert.equal((await overTcp(Buffer.from([0, 0]))).length, 0);
    assert.equal((await overTcp(Buffer.from([0xff, 0xff, 1, 2, 3]))).length, 0);
  });

  it("rejects other operations and classes", async () => {
    const update = await overUdp(query("a.example.com", 1, (message) => message.fill(0x28, 2, 3)));
    assert.equal((update?.readUInt8(3) ?? 0) & 15, 4); // NOTIMP
    const chaos = await overUdp(query("a.example.com", 1, (message) => message.fill(3, message.length - 1)));
    assert.equal((chaos?.readUInt8(3) ?? 0) & 15, 5); // REFUSED
  });

  it("does not resolve names with a dot or a NUL inside a label", async () => {
    for (const inside of [".", "\0", " ", "\xe1"]) {
      const message = query("axexample.com", 1);
      message.write(inside, 14, "latin1");
      const response = await overUdp(message);
      assert.equal((response?.readUInt8(3) ?? 0) & 15, 3);
    }
    const two = Buffer.concat([
      Buffer.from([0xab, 0xcd, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 13]),
      Buffer.from("a.example.com"),
      Buffer.from([0, 0, 1, 0, 1]),
    ]);
    assert.equal(((await overUdp(two))?.readUInt8(3) ?? 0) & 15, 3);
  });
});

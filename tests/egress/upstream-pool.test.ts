import assert from "node:assert/strict";
import { once } from "node:events";
import { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { UpstreamConnection } from "../../provider/egress/outbound/upstream-connection";
import { UpstreamPool } from "../../provider/egress/outbound/upstream-pool";

const response = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n";

/** Connections without an upstream: the test itself responds. */
function pool(keptMs = 1000) {
  return new UpstreamPool({ dial: async () => new Socket() }, keptMs);
}

const nobody = {
  interim: () => undefined,
  head: () => undefined,
  data: () => undefined,
  end: () => undefined,
  failed: () => undefined,
  drained: () => undefined,
};

/** A request, and its response. */
function used(connection: UpstreamConnection, more = ""): void {
  connection.socket.cork(); // nothing is there to write to
  connection.send("GET / HTTP/1.1\r\n\r\n", false, nobody);
  connection.requestSent();
  connection.socket.emit("data", Buffer.from(`${response}${more}\r\nok`));
}

const at = (host: string) => ({ host, port: 443, secure: true });

describe("connections to upstreams", () => {
  it("are reused, the latest first, for the same host, port and scheme only", async () => {
    const upstreams = pool();
    const [first, second] = [
      await upstreams.connect(at("a.example.com")),
      await upstreams.connect(at("a.example.com")),
    ];
    used(first);
    used(second);
    for (const place of [
      at("b.example.com"),
      { ...at("a.example.com"), port: 80 },
      { ...at("a.example.com"), secure: false },
    ]) {
      assert.equal(upstreams.reuse(place), undefined);
    }
    assert.equal(upstreams.reuse(at("a.example.com")), second);
    assert.equal(upstreams.reuse(at("a.example.com")), first);
    assert.equal(upstreams.reuse(at("a.example.com")), undefined);
    upstreams.close();
  });

  it("are kept up to 256 to a host and 512 in all", async () => {
    const upstreams = pool();
    const keep = async (host: string, count: number) => {
      const all = await Promise.all(Array.from({ length: count }, () => upstreams.connect(at(host))));
      for (const connection of all) used(connection);
      return all.filter(({ socket }) => !socket.destroyed).length;
    };
    assert.deepEqual([await keep("a.example.com", 300), await keep("b.example.com", 200)], [256, 200]);
    assert.deepEqual([await keep("c.example.com", 100), await keep("d.example.com", 1)], [56, 0]);
    upstreams.close();
    assert.equal(upstreams.reuse(at("a.example.com")), undefined);
  });

  it("are kept for a second less than the upstream offers", async () => {
    const upstreams = pool(600_000);
    const connection = await upstreams.connect(at("a.example.com"));
    used(connection, "Keep-Alive: timeout=1\r\n");
    assert.ok(connection.socket.destroyed);
    const other = await upstreams.connect(at("a.example.com"));
    used(other, "Keep-Alive: max=5, timeout=100\r\n");
    await sleep(500);
    assert.equal(upstreams.reuse(at("a.example.com")), other);
    used(other, "Keep-Alive: timeout=2\r\n");
    const began = performance.now();
    await once(other.socket, "close");
    assert.ok(performance.now() - began >= 990);
    assert.equal(upstreams.reuse(at("a.example.com")), undefined);
    upstreams.close();
  });

  it("are closed with their policy, also those that are being made", async () => {
    const upstreams = pool();
    const [busy, free] = [await upstreams.connect(at("a.example.com")), await upstreams.connect(at("a.example.com"))];
    used(free);
    const later = upstreams.dial(at("b.example.com"));
    upstreams.close();
    assert.deepEqual([busy.socket.destroyed, free.socket.destroyed, (await later).destroyed], [true, true, true]);
  });

  it("are not kept if the request was not sent completely", async () => {
    const upstreams = pool();
    const connection = await upstreams.connect(at("a.example.com"));
    connection.socket.cork();
    connection.send("POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n", false, nobody);
    connection.socket.emit("data", Buffer.from(`${response}\r\nok`));
    assert.ok(connection.socket.destroyed);
    upstreams.close();
  });
});

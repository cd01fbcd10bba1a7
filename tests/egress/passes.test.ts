import assert from "node:assert/strict";
import { useSite } from "../support/egress/site";
import { ask, askOn, type Way, ways } from "../support/egress/speak";

describe("a gateway with an allow list forwards", () => {
  const site = useSite();
  const everyWay = Object.keys(ways).filter((way): way is Way => way in ways);

  for (const way of everyWay) {
    it(`a GET with its query, and its response: ${way}`, async () => {
      const { status, headers, body } = await ask(site(), way, "a.example.com", "/path?q=%2e%2e", {
        headers: { "X-Own": "value", Accept: "text/plain" },
      });
      assert.equal(status, 200);
      assert.equal(headers["content-type"], "application/json");
      const received = JSON.parse(body);
      assert.equal(received.url, "/path?q=%2e%2e");
      assert.equal(received.headers.host, "a.example.com");
      assert.equal(received.headers["x-own"], "value");
      const line = await site().gateway.line(({ method, decision }) => method === "GET" && decision !== undefined);
      assert.deepEqual([line["domain"], line["decision"], line["status"]], ["a.example.com", "allowed", 200]);
    });

    it(`a POST with a body of known length: ${way}`, async () => {
      const { body } = await ask(site(), way, "b.example.com", "/", { method: "POST", body: "posted" });
      assert.deepEqual([JSON.parse(body).method, JSON.parse(body).body], ["POST", "posted"]);
    });

    it(`two requests on one connection: ${way}`, async () => {
      const socket = await ways[way](site(), "a.example.com");
      const path = way === "plain HTTP, by the proxy" ? "http://a.example.com/" : "/";
      const kept = { headers: { Connection: "keep-alive" } };
      const first = await askOn(socket, "a.example.com", `${path}1`, kept);
      const second = await askOn(socket, "a.example.com", `${path}2`, kept);
      assert.deepEqual([JSON.parse(first.body).url, JSON.parse(second.body).url], ["/1", "/2"]);
      socket.destroy();
    });
  }
});

import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { watchEngine } from "../../provider/host/watch-engine";

describe("the watch of Pulumi's engine", () => {
  let server: Server;
  let gone: Promise<void>;
  let isGone = false;
  beforeEach(async () => {
    server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    isGone = false;
    gone = new Promise((resolve) =>
      watchEngine(`127.0.0.1:${port}`, () => {
        isGone = true;
        resolve();
      }),
    );
  });
  afterEach(() => server.close());

  it("tells when nothing listens at the engine's address any more", async () => {
    const [connection]: Socket[] = await once(server, "connection");
    server.close();
    connection?.resetAndDestroy();
    await gone;
  });

  it("connects again where the engine closes the connection", async () => {
    for (let times = 0; times < 2; times += 1) {
      const [connection]: Socket[] = await once(server, "connection");
      connection?.end();
    }
    const [connection]: Socket[] = await once(server, "connection");
    assert.equal(isGone, false);
    server.close();
    connection?.destroy();
    await gone;
  });
});

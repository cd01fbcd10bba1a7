import assert from "node:assert/strict";
import { type LiveSandbox, secret, useLiveSite } from "../../support/live/site";

/** What people use to reach the network, as it comes, with nothing set but what a sandbox has in its environment. */
describe("clients in a sandbox with an allow list", () => {
  const site = useLiveSite();
  let sandbox: LiveSandbox;
  before(async () => {
    sandbox = await site().addSandbox();
    await sandbox.run(
      script("with_requests.py", python("requests.get(url, headers=headers, timeout=10).text", "requests")),
    );
    await sandbox.run(
      script(
        "with_urllib.py",
        python("urlopen(Request(url, headers=headers), timeout=10).read().decode()", "urllib.request"),
      ),
    );
    await sandbox.run(script("fetch.mjs", node));
  });

  const script = (name: string, text: string) => `cat > /mnt/data/${name} <<'END'\n${text}\nEND\n`;
  const python = (call: string, module: string) => `import os, sys, ${module}
from urllib.request import urlopen, Request
url = sys.argv[1]
headers = {"Authorization": "Bearer " + os.environ["TOKEN"]}
print(${call})`;
  const node = `const [, , url] = process.argv;
const headers = { Authorization: "Bearer " + process.env.TOKEN };
console.log(await (await fetch(url, { headers })).text());`;

  const noProxy = "env -u HTTP_PROXY -u HTTPS_PROXY -u http_proxy -u https_proxy";
  const clients: [what: string, command: (url: string) => string][] = [
    ["curl", (url) => `curl -sS --max-time 10 -H "Authorization: Bearer $TOKEN" ${url}`],
    ["wget", (url) => `wget -nv -T 10 -t 1 -O - --header "Authorization: Bearer $TOKEN" ${url}`],
    ["urllib", (url) => `python3 with_urllib.py ${url}`],
    ["requests", (url) => `python3 with_requests.py ${url}`],
    ["Node's fetch", (url) => `node fetch.mjs ${url}`],
  ];
  for (const [what, command] of clients) {
    for (const [how, prefix] of [
      ["by the proxy that its environment names", ""],
      ["knowing of no proxy", noProxy],
    ] as const) {
      it(`reach an allowed domain over TLS with its secret: ${what}, ${how}`, async () => {
        const { code, text } = await sandbox.run(`${prefix} ${command("https://a.example.com/echo")}`);
        assert.equal(code, 0, text);
        assert.match(text, /"url":"\/echo"/);
        const received = await site().upstream.received();
        assert.ok(received.includes(`uthorization: Bearer ${secret.value}\r\n`), received);
        assert.ok(!text.includes(secret.value));
      });

      it(`reach an allowed domain in clear without its secret: ${what}, ${how}`, async () => {
        const { code, text } = await sandbox.run(`${prefix} ${command("http://a.example.com/echo")}`);
        assert.equal(code, 0, text);
        const received = await site().upstream.received();
        assert.match(received, /uthorization: Bearer placeholder-[\da-f]{32}\r\n/);
        assert.ok(!received.includes(secret.value));
      });

      it(`reach no other domain: ${what}, ${how}`, async () => {
        for (const scheme of ["https", "http"]) {
          const { code, text } = await sandbox.run(`${prefix} ${command(`${scheme}://evil.example.com/echo`)}`);
          assert.match(
            `${code} ${text}`,
            /is not on the allow list|403|[^0] .*(resolve|resolution|not known|ENOTFOUND|EAI_AGAIN)/s,
          );
        }
        assert.equal(await site().upstream.connections(), 0);
      });
    }
  }

  it("get the reason of a denial from the proxy", async () => {
    const inClear = await sandbox.run("curl -sS http://evil.example.com/");
    const list = '"evil.example.com" is not on the allow list (allowed: a.example.com, b.example.com)';
    assert.equal(inClear.text, `OC6001: blocked by the network policy of ${sandbox.id}: ${list}`);
    const tunnel = await sandbox.run("curl -sSv https://evil.example.com/ 2>&1");
    assert.ok(tunnel.text.includes(`< HTTP/1.1 403 Forbidden: OC6001: ${list}`), tunnel.text);
  });

  it("open a WebSocket", async () => {
    await sandbox.run(
      script(
        "ws.py",
        `import asyncio, os, websockets
async def main():
    headers = {"Authorization": "Bearer " + os.environ["TOKEN"]}
    async with websockets.connect("wss://a.example.com/socket", extra_headers=headers) as ws:
        for text in ["one", "two"]:
            await ws.send(text)
            print(await ws.recv())
asyncio.run(main())`,
      ),
    );
    const { code, text } = await sandbox.run("python3 ws.py");
    assert.deepEqual([code, text], [0, "one\ntwo"]);
    assert.ok((await site().upstream.received()).includes(`Authorization: Bearer ${secret.value}\r\n`));
  });

  it("install a package with pip", async () => {
    const wheel = "demo-1.0-py3-none-any.whl";
    await sandbox.run(
      script(
        "wheel.py",
        `import zipfile, sys, base64
with zipfile.ZipFile("${wheel}", "w") as z:
    z.writestr("demo.py", "answer = 42\\n")
    z.writestr("demo-1.0.dist-info/METADATA", "Metadata-Version: 2.1\\nName: demo\\nVersion: 1.0\\n")
    z.writestr("demo-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    z.writestr("demo-1.0.dist-info/RECORD", "demo.py,,\\ndemo-1.0.dist-info/METADATA,,\\ndemo-1.0.dist-info/WHEEL,,\\ndemo-1.0.dist-info/RECORD,,\\n")`,
      ),
    );
    const made = await sandbox.run(`python3 wheel.py && base64 -w0 ${wheel}`);
    await site().upstream.put([
      [`simple/demo/${wheel}`, Buffer.from(made.text, "base64")],
      ["simple/demo/index.html", `<a href="${wheel}">${wheel}</a>`],
    ]);
    const install = "pip install --no-cache-dir --disable-pip-version-check --target lib";
    const { code, text } = await sandbox.run(`${install} --index-url https://a.example.com/files/simple demo 2>&1`);
    assert.equal(code, 0, text);
    assert.equal((await sandbox.run("PYTHONPATH=lib python3 -c 'import demo; print(demo.answer)'")).text, "42");
  });

  it("clone with git", async () => {
    const make = `git init -q repo && cd repo && echo hello > file && git add file &&
      git -c user.name=t -c user.email=t@t.example.com commit -qm one && git update-server-info && cd .git && tar c . | base64 -w0`;
    const made = await sandbox.run(make);
    assert.equal(made.code, 0, made.text);
    await site().upstream.putTar("repo.git", Buffer.from(made.text, "base64"));
    const { code, text } = await sandbox.run(
      "git clone -q https://a.example.com/files/repo.git/ copy 2>&1 && cat copy/file",
    );
    assert.deepEqual([code, text], [0, "hello"]);
    assert.notEqual((await sandbox.run("git clone -q https://evil.example.com/files/repo.git/ other 2>&1")).code, 0);
  });

  it("download a package with apt, from a repository by https and by http", async () => {
    const make = `mkdir -p demo/DEBIAN && printf 'Package: demo\\nVersion: 1.0\\nArchitecture: all\\nMaintainer: t\\nDescription: t\\n' > demo/DEBIAN/control &&
      dpkg-deb -b demo demo.deb > /dev/null && base64 -w0 demo.deb`;
    const deb = Buffer.from((await sandbox.run(make)).text, "base64");
    const sum = (await sandbox.run("sha256sum demo.deb")).text.split(" ")[0];
    const index = `Package: demo\nVersion: 1.0\nArchitecture: all\nMaintainer: t\nDescription: t\nFilename: ./demo.deb\nSize: ${deb.length}\nSHA256: ${sum}\n\n`;
    await site().upstream.put([
      ["apt/demo.deb", deb],
      ["apt/Packages", index],
    ]);
    for (const scheme of ["https", "http"]) {
      const folders =
        "-o Dir::State=/mnt/data/state -o Dir::Cache=/mnt/data/cache -o Dir::Etc::sourceparts=/none -o Dir::Etc::sourcelist=/mnt/data/list";
      const apt = `rm -rf state cache *.deb; mkdir -p state/lists/partial cache/archives/partial; echo 'deb [trusted=yes] ${scheme}://a.example.com/files/apt ./' > list; apt-get ${folders} update && apt-get ${folders} download demo && ls demo_*`;
      const { code, text } = await sandbox.run(`(${apt}) 2>&1`);
      assert.equal(code, 0, text);
      assert.match(text, /demo_1\.0_all\.deb$/);
    }
  });
});

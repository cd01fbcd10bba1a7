import assert from "node:assert/strict";
import { sshArguments } from "../../provider/backends/docker/engine/ssh/ssh-arguments";

describe("sshArguments", () => {
  const cases: [address: string, destination: string[], command: string][] = [
    ["ssh://host", ["--", "host"], "docker system dial-stdio"],
    ["ssh://host/", ["--", "host"], "docker system dial-stdio"],
    ["ssh://me@host:22", ["-l", "me", "-p", "22", "--", "host"], "docker system dial-stdio"],
    ["ssh://me@[fe80::1%eth0]:22", ["-l", "me", "-p", "22", "--", "fe80::1%eth0"], "docker system dial-stdio"],
    ["ssh://-oProxyCommand=x", ["--", "-oProxyCommand=x"], "docker system dial-stdio"],
    [
      "ssh://host/run/user/1000/docker.sock",
      ["--", "host"],
      "docker --host 'unix:///run/user/1000/docker.sock' system dial-stdio",
    ],
    ["ssh://host/a'b;c", ["--", "host"], "docker --host 'unix:///a'\\''b;c' system dial-stdio"],
  ];
  for (const [address, destination, command] of cases) {
    it(`connects to ${address}`, () => {
      const args = sshArguments(address) ?? [];
      const options = args.slice(0, -1 - destination.length);
      assert.deepEqual(args.slice(options.length), [...destination, command]);
      assert.ok(options.includes("BatchMode=yes"));
    });
  }

  it("returns none for an address of another scheme, or one that is not complete", () => {
    for (const address of [
      "unix:///x.sock",
      "tcp://host:2375",
      "ssh://",
      "ssh://me@",
      "ssh://h:x",
      "ssh://h/x?y",
      "host",
    ])
      assert.equal(sshArguments(address), undefined, address);
  });
});

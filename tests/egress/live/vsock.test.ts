import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { type LiveSandbox, useLiveSite } from "../../support/live/site";

/**
 * Sockets between virtual machines, which belong to no network namespace: group 31 of docs/allow-lists.md. None is connected
 * here, as the hypervisor of the machine is not the tests' own.
 */
describe("a sandbox with an allow list, on a host that is a virtual machine", () => {
  const site = useLiveSite();
  let sandbox: LiveSandbox;
  before(async () => {
    sandbox = await site().addSandbox();
  });

  it("31: may open AF_VSOCK where the engine is older than Docker 23, and not with a newer one", async () => {
    const open = `import socket
try: socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM); print("opened")
except OSError as e: print(type(e).__name__, e.errno)`;
    const { text } = await sandbox.run(`python3 -c '${open}'`);
    const { Version } = await site().client.version();
    const [major = 0] = Version.split(".").map(Number);
    // The engine's filter of system calls says 1, EPERM; a kernel without such sockets says 97, EAFNOSUPPORT.
    const opened = /^AF_VSOCK /m.test(readFileSync("/proc/net/protocols", "utf8")) ? "opened" : "OSError 97";
    assert.equal(text, major < 23 ? opened : "PermissionError 1", Version);
  });

  it("31: has no device that reveals the CID of the machine", async () => {
    assert.match((await sandbox.run("ls /dev/vsock 2>&1")).text, /No such file/);
  });
});

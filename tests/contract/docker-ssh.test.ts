import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { DockerBackend } from "../../provider/backends/docker/docker-backend";
import { connect, type Engine } from "../../provider/backends/docker/engine/engine";
import { defaultTimeouts } from "../../provider/backends/docker/engine/request-timeouts";
import { dockerSettings } from "../../provider/backends/docker/settings";
import type { Code } from "../../provider/codes";
import { settingSources } from "../../provider/config";
import { backendFailure } from "../support/backend-failure";
import { connectScript } from "../support/connect-script";
import { named } from "../support/create-context";
import { assertNothingLeft, engine, inside, sandboxArgs } from "../support/docker";
import { gatewayImage } from "../support/live/images";
import { assertMatchesEntry } from "../support/matches-entry";
import { processEnd, sessionEnd } from "../support/processes";
import { silent } from "../support/silent";
import { SshStandIn } from "../support/ssh-stand-in";

const address = "ssh://me@docker.example.com:2222";

describe("a Docker engine behind ssh", () => {
  const prefix = `s${randomBytes(4).toString("hex")}`;
  let host: Engine;
  let socket: string;
  let ssh: SshStandIn;

  const connected = (connectMs = defaultTimeouts.connect) =>
    connect(dockerSettings(settingSources({ DOCKER_HOST: address })), { ...defaultTimeouts, connect: connectMs });
  before(async () => {
    host = await engine();
    socket = host.address.replace("unix://", "");
    ssh = new SshStandIn();
  });
  beforeEach(() => ssh.isConnectedTo(socket));
  after(() => ssh?.end());
  afterEach(() => assertNothingLeft(host.client, prefix));

  it("is the same engine as at its socket, and all requests in turn use one connection", async () => {
    const { client, location } = await connected();
    assert.equal(location, host.location);
    for (let count = 0; count < 20; count++) await client.ping();
    const calls = ssh.started();
    assert.equal(calls.length, 1);
    const { args = [] } = calls[0] ?? {};
    assert.ok(args.includes("BatchMode=yes"), args.join(" "));
    const words = ["-l", "me", "-p", "2222", "--", "docker.example.com", "docker system dial-stdio"];
    assert.deepEqual(args.slice(-words.length), words);
  });

  it("has its ssh in a session of its own, so that a Ctrl-C at the terminal lets requests in progress finish", async function () {
    if (process.platform === "win32") this.skip();
    await connected();
    const pid = String(ssh.started()[0]?.pid);
    assert.equal(spawnSync("ps", ["-o", "sid=", "-p", pid], { encoding: "utf8" }).stdout.trim(), pid);
  });

  it("has at most eight connections for requests at a time", async () => {
    const { client } = await connected();
    await Promise.all(Array.from({ length: 30 }, () => client.listContainers()));
    const count = ssh.started().length;
    assert.ok(count > 1 && count <= 8, `${count} connections`);
  });

  it("runs a sandbox with an allow list, and passes input to a process in it", async () => {
    const remote = await connected();
    const backend = new DockerBackend(remote, { gatewayImage });
    const networkPolicy = { type: "allowlist" as const, allowedDomains: ["a.example.com"] };
    const { id } = await backend.create(sandboxArgs(`${prefix}-one`, { networkPolicy }), silent, named);
    try {
      const { code, text } = await inside(remote.client, id, 'echo "$HTTPS_PROXY"');
      assert.equal(code, 0);
      assert.match(text, /^http:/);
      const exec = await remote.client
        .getContainer(id)
        .exec({ Cmd: ["cat"], AttachStdin: true, AttachStdout: true, AttachStderr: true });
      const stream = await exec.start({ hijack: true, stdin: true });
      stream.end("over ssh");
      let printed = "";
      for await (const chunk of stream) printed += chunk;
      assert.ok(printed.endsWith("over ssh"), printed);
    } finally {
      await backend.delete(id);
    }
  });

  for (const signal of [undefined, "SIGKILL"] as const) {
    it(`leaves no ssh process when its client ${signal ? "is killed" : "has finished"}`, async () => {
      const killed =
        ".then(({ client }) => { client.getEvents(); return client.version(); }).then(() => process.kill(process.pid, 'SIGKILL'))";
      const script = connectScript({ DOCKER_HOST: address }, signal ? killed : "");
      const { status, signal: endedBy } = spawnSync(process.execPath, ["-e", script], { timeout: 60_000 });
      assert.deepEqual([status, endedBy], signal ? [null, signal] : [0, null]);
      const [first] = ssh.started();
      assert.ok(first);
      await processEnd(first.pid);
    });
  }

  const failures: [what: string, exitCode: number, stderr: string, code: Code, reason: RegExp][] = [
    [
      "a host that refuses the connection",
      255,
      "ssh: connect to host docker.example.com port 2222: Connection refused\r\n",
      "OC2508",
      /port 2222: Connection refused\. Correct the address/,
    ],
    [
      "a host whose key is unknown",
      255,
      "No ED25519 host key is known for docker.example.com and you have requested strict checking.\r\nHost key verification failed.\r\n",
      "OC2509",
      /compare the key's fingerprint/,
    ],
    [
      "a host that asks for a password",
      255,
      "me@docker.example.com: Permission denied (publickey,password).\r\n",
      "OC2510",
      /: Permission denied \(publickey,password\)\. Add a key/,
    ],
    [
      "a host without Docker",
      127,
      "bash: line 1: docker: command not found\n",
      "OC2511",
      /\(bash: line 1: docker: command not found\)/,
    ],
    [
      "a host whose Docker client is too old",
      1,
      "docker: 'dial-stdio' is not a docker command.\nSee 'docker --help'\n",
      "OC2511",
      /18\.09 or newer/,
    ],
    [
      "a host whose engine does not run, on one line and without control characters",
      1,
      "failed to open the raw stream connection:\n\u001b[31mdial unix /var/run/docker.sock: connect: no such file\u0007\n",
      "OC2512",
      /connection: \[31mdial unix \/var\/run\/docker\.sock: connect: no such file\. Check/,
    ],
  ];
  for (const [what, exitCode, stderr, code, reason] of failures) {
    it(`reports ${what}`, async () => {
      ssh.fails(exitCode, stderr);
      const message = await backendFailure(() => connected());
      assertMatchesEntry(message, code);
      assert.ok(message.includes(`${address} (from DOCKER_HOST)`), message);
      assert.match(message, reason);
    });
  }

  it("reports a machine without ssh", async () => {
    const path = process.env["PATH"];
    process.env["PATH"] = "/nowhere";
    try {
      assertMatchesEntry(await backendFailure(() => connected()), "OC2507");
    } finally {
      process.env["PATH"] = path;
    }
  });

  it("reports an ssh that hangs at the timeout, and ends it", async () => {
    ssh.hangs();
    assertMatchesEntry(await backendFailure(() => connected(2_000)), "OC2205");
    for (const { pid } of ssh.started()) await processEnd(pid);
  });

  it("ends an ssh that does not respond with all that it started, also where these ignore SIGTERM", async function () {
    if (process.platform === "win32") this.skip();
    for (const commands of ["yes >&2 & sleep 300", "trap '' TERM; sleep 300 & sleep 300"]) {
      ssh.runsShell(commands);
      assertMatchesEntry(await backendFailure(() => connected(1_000)), "OC2205");
      for (const { pid } of ssh.started()) await sessionEnd(pid);
    }
  });

  const rubbish: [what: string, commands: string, code: Code][] = [
    ["keeps writing to stdout", "yes rubbish", "OC2208"],
    ["leaves a child that holds its pipes", "echo refused >&2; sleep 300 & exit 255", "OC2508"],
    ["leaves a child that keeps writing", "yes >&2 & exit 255", "OC2508"],
  ];
  for (const [what, commands, code] of rubbish) {
    it(`fails at once where ssh ${what}, and lets a command end`, async () => {
      ssh.runsShell(commands);
      const script = connectScript({ DOCKER_HOST: address }, ".catch(({ message }) => console.log(message))");
      const { status, stdout } = spawnSync(process.execPath, ["-e", script], { timeout: 9_000, encoding: "utf8" });
      assert.equal(status, 0);
      assertMatchesEntry(stdout, code);
      for (const { pid } of ssh.started()) await sessionEnd(pid);
    });
  }

  it("fails a request that its connection does not outlive", async () => {
    const { client } = await connected();
    const [first] = ssh.started();
    assert.ok(first);
    const events = await client.getEvents();
    const ended = new Promise((resolve) => events.once("error", resolve).once("close", resolve));
    events.resume();
    process.kill(first.pid, "SIGKILL");
    await ended;
    await client.ping(); // by another connection
    assert.equal(ssh.started().length, 2);
  });
});

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { key } from "../support/hosted";
import { copy } from "../support/packages";
import { Stack } from "../support/stack";

/** An inline program of the Automation API, which prints Pulumi's output. */
const inline = `
  const { LocalWorkspace } = require("@pulumi/pulumi/automation");
  const { Container } = require("pulumi-openai-containers");
  const program = async () => void new Container("box");
  LocalWorkspace.createOrSelectStack({ stackName: "inline", projectName: "inline", program })
    .then((stack) => stack.preview({ onOutput: console.log, suppressProgress: true }))
    .then(() => console.log("succeeded"), () => console.log("failed"));`;

describe("a program with another copy of Pulumi's SDK than this package", () => {
  const stack = new Stack({ OPENAI_API_KEY: key, OPENAI_BASE_URL: "http://127.0.0.1:1/v1" });
  const modules = join(stack.folder, "node_modules");
  let own: string;
  let ownSdk: string;

  before(() => {
    rmSync(join(modules, "pulumi-openai-containers"));
    own = copy(stack.folder, "pulumi-openai-containers", ["@pulumi/pulumi", "@grpc/grpc-js"]);
    ownSdk = copy(own, "@pulumi/pulumi");
    copy(own, "@grpc/grpc-js");
  });
  after(() => rmSync(stack.folder, { recursive: true }));

  async function assertReported(): Promise<void> {
    const text = await run(inline);
    assert.match(text, /^failed$/m);
    const message = /error: (OC4004: Container box: two copies .*)/.exec(text)?.[1];
    assert.equal(
      message,
      "OC4004: Container box: two copies of @pulumi/pulumi are loaded, and only one is connected to Pulumi's engine: " +
        `the program uses ${join(__dirname, "../../node_modules/@pulumi/pulumi")}, pulumi-openai-containers uses ` +
        `${ownSdk}. Keep one copy: run \`npm dedupe\` (or \`pnpm dedupe\`), and declare @pulumi/pulumi as a peer ` +
        "dependency in libraries.",
    );
    assert.doesNotMatch(/Diagnostics:(.*)Resources:/s.exec(text)?.[1] ?? "no diagnostics", /\n\s+at |no diagnostics/);
  }

  it("fails with both paths in an inline program", () => assertReported());

  it("fails with both paths for an older copy, with which Pulumi would succeed and create nothing", async () => {
    // As in versions up to 3.200, where each copy had a connection of its own.
    const file = join(ownSdk, "runtime/state.js");
    const state = readFileSync(file, "utf8");
    writeFileSync(file, state.replaceAll("global.asyncLocalStorage", "exports.asyncLocalStorage"));
    await assertReported();
    writeFileSync(file, state);
  });

  it("previews with the command line", async () => {
    stack.program('new Container("box");').init();
    assert.match(await stack.ok("preview"), /Container box create/);
  });

  it("receives the provider's messages, also with two copies of gRPC", async () => {
    const taken: string[] = [];
    const engine = new Server();
    engine.addService(EngineService, {
      log: (call: { request: { getMessage(): string } }, respond: (error: Error) => void) => {
        taken.push(call.request.getMessage());
        respond(new Error("ignored by the provider"));
      },
    });
    const port = await new Promise<number>((resolve, reject) => {
      const credentials = ServerCredentials.createInsecure();
      engine.bindAsync("127.0.0.1:0", credentials, (error, bound) => (error ? reject(error) : resolve(bound)));
    });
    // The provider's process loads the SDK of the program, and so does the package there.
    rmSync(ownSdk, { recursive: true });
    symlinkSync(join(modules, "@pulumi/pulumi"), ownSdk);
    const module = join(own, "dist/provider/host/pulumi-log.js");
    const log = `new (require(${JSON.stringify(module)}).PulumiLog)("127.0.0.1:${port}")`;
    const failure = await run(`const log = ${log}; log.at(undefined).warning("OC2007", "taken"); log.delivered();`);
    engine.forceShutdown();
    assert.deepEqual({ taken, failure }, { taken: ["OC2007: taken"], failure: "" });
  });

  /** Runs a script in the program's folder. @returns what it printed */
  function run(script: string): Promise<string> {
    const file = join(stack.folder, "script.js");
    writeFileSync(file, script);
    const env = { ...stack.env, PULUMI_AUTOMATION_API_SKIP_VERSION_CHECK: "true" };
    return new Promise((resolve) => {
      execFile(process.execPath, [file], { cwd: stack.folder, env, timeout: 60_000 }, (_, out, err) => {
        resolve(out + err);
      });
    });
  }
});

import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { backendKinds } from "../../provider/backends";
import { UnreachableError } from "../../provider/backends/backend";
import { ContainerProvider } from "../../provider/host/container-provider";
import { PulumiLog } from "../../provider/host/pulumi-log";
import { journalFolder, journalIn } from "../support/journal";

const delayMs = 200; // until this engine has taken a message

describe("PulumiLog", () => {
  const engine = new Server();
  const taken: string[] = [];
  const shown: string[] = [];
  let address: string;

  before(async () => {
    engine.addService(EngineService, {
      log: async (
        { request }: { request: { getMessage(): string; getUrn(): string } },
        answer: (error: Error) => void,
      ) => {
        await sleep(delayMs);
        taken.push(request.getMessage());
        shown.push(`${request.getUrn().split("::").at(-1)}: ${request.getMessage()}`);
        answer(new Error("not supported"));
      },
    });
    const credentials = ServerCredentials.createInsecure();
    const port = await new Promise<number>((resolve, reject) => {
      engine.bindAsync("127.0.0.1:0", credentials, (error, bound) => (error ? reject(error) : resolve(bound)));
    });
    address = `127.0.0.1:${port}`;
  });
  after(() => engine.forceShutdown());
  beforeEach(() => {
    for (const list of [taken, shown]) list.splice(0);
  });

  const urn = (name: string) => `urn:pulumi:dev::shop::pulumi-nodejs:dynamic/openai-containers:Container::${name}`;

  it("shows a warning once for each resource, also in the same words", async () => {
    const log = new PulumiLog(address);
    for (const of of ["one", "two", "one"]) {
      log.at(urn(of)).warning("OC2001", "a");
      log.at(urn(of)).warning("OC2002", "b");
    }
    await log.delivered();
    assert.deepEqual(shown.sort(), ["one: OC2001: a", "one: OC2002: b", "two: OC2001: a", "two: OC2002: b"]);
  });

  it("shows a run's warning once, at the stack", async () => {
    const log = new PulumiLog(address);
    for (const of of ["one", "two", "one"]) log.at(urn(of)).runWarning("OC2001", "a");
    await log.delivered();
    assert.deepEqual(shown, [": OC2001: a"]);
  });

  it("delivers messages before their call is answered, as Pulumi shows them in this order", async () => {
    const open = () => Promise.reject(new UnreachableError("OC2010", "Nobody answers", "Start it"));
    const configured = () => ({ connectionWarnings: () => [], open });
    const kinds = { ...backendKinds, docker: { ...backendKinds.docker, configured } };
    const provider = new ContainerProvider(kinds, new PulumiLog(address), journalIn(journalFolder()));
    const state = { backend: "docker", docker: { image: "alpine" } };
    await provider.diff("cntr_1", state, state);
    assert.deepEqual(taken, ["OC2007: skipped the liveness check: OC2010: Nobody answers. Start it."]);
  });

  it("does not wait for an engine that does not exist", async () => {
    const log = new PulumiLog("127.0.0.1:1");
    log.at(undefined).warning("OC2001", "lost");
    await log.delivered();
  });
});

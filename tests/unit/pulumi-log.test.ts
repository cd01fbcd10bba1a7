import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { backendKinds } from "../../provider/backends";
import { UnreachableError } from "../../provider/backends/backend";
import { ContainerProvider } from "../../provider/host/container-provider";
import { PulumiLog } from "../../provider/host/pulumi-log";
import { journalFolder, journalIn } from "../support/journal";

const slowness = 200; // ms that this engine takes for a message

describe("messages to Pulumi's engine", () => {
  const engine = new Server();
  const taken: string[] = [];
  const places: string[] = [];
  let address: string;

  before(async () => {
    engine.addService(EngineService, {
      log: async (
        { request }: { request: { getMessage(): string; getUrn(): string } },
        answer: (error: Error) => void,
      ) => {
        await sleep(slowness);
        taken.push(request.getMessage());
        places.push(`${request.getUrn().split("::").at(-1)}: ${request.getMessage()}`);
        answer(new Error("which nobody minds"));
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
    for (const list of [taken, places]) list.splice(0);
  });

  const urn = (name: string) => `urn:pulumi:dev::shop::pulumi-nodejs:dynamic/openai-containers:Container::${name}`;

  it("warn of each resource once, also in the same words, and have arrived when that is waited for", async () => {
    const log = new PulumiLog(address);
    for (const of of ["one", "two", "one"]) {
      log.at(urn(of)).warning("OC0000", "a");
      log.at(urn(of)).warning("OC0000", "b");
    }
    await log.delivered();
    assert.deepEqual(places.sort(), ["one: a", "one: b", "two: a", "two: b"]);
  });

  it("warn at the stack, once a run, of what its containers share", async () => {
    const log = new PulumiLog(address);
    for (const of of ["one", "two", "one"]) log.at(urn(of)).runWarning("OC0000", "a");
    await log.delivered();
    assert.deepEqual(places, [": a"]);
  });

  it("have arrived when the call is answered that they belong to, as Pulumi shows them in this order", async () => {
    const open = () => Promise.reject(new UnreachableError("OC0000", "Nobody answers", "Start it"));
    const configured = () => ({ connectionWarnings: () => [], open });
    const kinds = { ...backendKinds, docker: { ...backendKinds.docker, configured } };
    const provider = new ContainerProvider(kinds, new PulumiLog(address), journalIn(journalFolder()));
    const state = { backend: "docker", docker: { image: "alpine" } };
    await provider.diff("cntr_1", state, state);
    assert.deepEqual(taken, ["skipped the liveness check: Nobody answers. Start it."]);
  });

  it("keep nobody waiting where there is no engine", async () => {
    const log = new PulumiLog("127.0.0.1:1");
    log.at(undefined).warning("OC0000", "lost");
    const began = Date.now();
    await log.delivered();
    assert.ok(Date.now() - began < 6_000);
  });
}).timeout(20_000);

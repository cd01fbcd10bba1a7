import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { credentials, Metadata, type ServiceError } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import proto from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import { resourceType } from "../../../sdk/resource-type";
import { modules } from "../stack";
import { type EngineLog, startEngineLog } from "./engine-log";

export type Properties = Record<string, unknown>;

/** What a create answers: the container, and why it is not complete. */
export interface Created {
  id: string;
  outputs: Properties;
  initErrors: string[];
}

/** What Pulumi starts for dynamic providers, unless a program's Pulumi.yaml names another. */
const stockHost = [process.execPath, join(modules, "@pulumi/pulumi/cmd/dynamic-provider/index.js")] as const;
/** The import plugin of the package that is installed in such a folder. */
export function importPluginIn(modules: string): readonly [string] {
  return [join(modules, "pulumi-openai-containers/sdk/import-plugin/pulumi-resource-pulumi-nodejs")];
}

/**
 * One run of Pulumi as the provider sees it: the SDK's own process for dynamic providers, with this package in it, started
 * and called as Pulumi's engine does.
 */
export class ProviderProcess {
  /**
   * @param folder the program's: the package is resolved from there
   * @param config the stack's configuration, `{ "openai-containers:backend": "docker" }`
   * @param command the program that Pulumi starts, and its arguments before the engine's address
   */
  static async start(
    folder: string,
    env: NodeJS.ProcessEnv,
    config: Record<string, string> = {},
    [program, ...args]: readonly [string, ...string[]] = stockHost,
  ): Promise<ProviderProcess> {
    const engine = await startEngineLog();
    const child = spawn(program, [...args, engine.address], {
      cwd: folder,
      env: { ...process.env, ...env, PULUMI_NODEJS_PROJECT: "host", PULUMI_NODEJS_STACK: "dev" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let errors = "";
    child.stderr.on("data", (data) => {
      errors += data;
    });
    const ended = once(child, "close");
    try {
      const [port] = await Promise.race([
        once(child.stdout, "data"),
        ended.then(() => Promise.reject(new Error(`the provider's process ended: ${errors}`))),
      ]);
      const client = new ResourceProviderClient(`127.0.0.1:${String(port).trim()}`, credentials.createInsecure());
      const run = new ProviderProcess(child, ended, client, engine);
      await answered((done) => client.configure(new proto.ConfigureRequest().setArgs(struct(config)), done));
      return run;
    } catch (error) {
      // Either would keep the process of the tests alive.
      child.kill();
      engine.stop();
      throw error;
    }
  }

  private constructor(
    private readonly child: ChildProcess,
    private readonly ended: Promise<unknown>,
    private readonly client: ResourceProviderClient,
    readonly log: EngineLog,
  ) {}

  async check(olds: Properties, news: Properties): Promise<{ inputs: Properties; problems: string[] }> {
    const request = new proto.CheckRequest().setOlds(struct(olds)).setNews(struct(news));
    const answer = await answered<proto.CheckResponse>((done) => this.client.check(request, done));
    const problems = answer.getFailuresList().map((failure) => failure.getReason());
    return { inputs: properties(answer.getInputs()), problems };
  }

  async diff(id: string, olds: Properties, news: Properties): Promise<{ changes: boolean; replaces: string[] }> {
    const request = new proto.DiffRequest().setId(id).setOlds(struct(olds)).setNews(struct(news));
    const answer = await answered<proto.DiffResponse>((done) => this.client.diff(request, done));
    const changes = answer.getChanges() === proto.DiffResponse.DiffChanges.DIFF_SOME;
    return { changes, replaces: answer.getReplacesList() };
  }

  async create(inputs: Properties): Promise<Created> {
    const request = new proto.CreateRequest().setProperties(struct(inputs));
    try {
      const answer = await answered<proto.CreateResponse>((done) => this.client.create(request, done));
      return { id: answer.getId(), outputs: properties(answer.getProperties()), initErrors: [] };
    } catch (error) {
      const partial = partialCreate(error);
      if (partial) return partial;
      throw error;
    }
  }

  /** @returns undefined for a container that is gone; without inputs, Pulumi keeps those in state */
  async read(id: string, outputs: Properties): Promise<{ inputs?: Properties; outputs: Properties } | undefined> {
    const request = new proto.ReadRequest().setType(resourceType).setId(id).setProperties(struct(outputs));
    const answer = await answered<proto.ReadResponse>((done) => this.client.read(request, done));
    if (answer.getId() === "") return undefined;
    const inputs = answer.getInputs();
    return { ...(inputs && { inputs: properties(inputs) }), outputs: properties(answer.getProperties()) };
  }

  /** As `pulumi import TYPE NAME ID` calls it. */
  async import(urn: string, id: string): Promise<{ id: string; inputs: Properties; outputs: Properties }> {
    const type = urn.split("::")[2] ?? "";
    const request = new proto.ReadRequest().setUrn(urn).setType(type).setId(id);
    const answer = await answered<proto.ReadResponse>((done) => this.client.read(request, done));
    return { id: answer.getId(), inputs: properties(answer.getInputs()), outputs: properties(answer.getProperties()) };
  }

  /** The schema from which Pulumi generates code. */
  async schema(): Promise<unknown> {
    const answer = await answered<proto.GetSchemaResponse>((done) =>
      this.client.getSchema(new proto.GetSchemaRequest(), done),
    );
    return JSON.parse(answer.getSchema());
  }

  async update(id: string, olds: Properties, news: Properties): Promise<Properties> {
    const request = new proto.UpdateRequest().setId(id).setOlds(struct(olds)).setNews(struct(news));
    const answer = await answered<proto.UpdateResponse>((done) => this.client.update(request, done));
    return properties(answer.getProperties());
  }

  async delete(id: string, outputs: Properties): Promise<void> {
    const request = new proto.DeleteRequest().setId(id).setProperties(struct(outputs));
    await answered((done) => this.client.delete(request, done));
  }

  /** As Pulumi ends each run. */
  async end(): Promise<void> {
    this.client.close();
    this.child.kill("SIGINT");
    await this.ended;
    this.log.stop();
  }
}

/** The container that an error says was created in part. */
function partialCreate(error: unknown): Created | undefined {
  const metadata: unknown = Reflect.get(Object(error), "metadata");
  const [details] = metadata instanceof Metadata ? metadata.get("grpc-status-details-bin") : [];
  if (!(details instanceof Buffer)) return undefined;
  const [packed] = Status.deserializeBinary(details).getDetailsList();
  const failed = packed?.unpack(proto.ErrorResourceInitFailed.deserializeBinary, "pulumirpc.ErrorResourceInitFailed");
  if (!failed) return undefined;
  return { id: failed.getId(), outputs: properties(failed.getProperties()), initErrors: failed.getReasonsList() };
}

function struct(properties: Properties): Struct {
  return Struct.fromJavaScript(JSON.parse(JSON.stringify(properties)));
}

function properties(answered: Struct | undefined): Properties {
  const all: Record<string, JavaScriptValue> = answered?.toJavaScript() ?? {};
  return all;
}

function answered<A>(call: (done: (error: ServiceError | null, answer: A) => void) => unknown): Promise<A> {
  return new Promise((resolve, reject) => {
    call((error, answer) => (error ? reject(error) : resolve(answer)));
  });
}

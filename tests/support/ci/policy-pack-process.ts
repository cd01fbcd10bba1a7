import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { credentials, type ServiceError } from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import proto from "@pulumi/pulumi/proto/analyzer_pb";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";

const checkout = join(__dirname, "../../..");

/** `container-memory mandatory: Its memory limit …` */
export type Violation = string;

/** examples/policy-pack as a process of its own, called as Pulumi's engine does. */
export class PolicyPackProcess {
  static async start(): Promise<PolicyPackProcess> {
    const program = join(checkout, "examples/policy-pack/index.ts");
    const child = spawn(process.execPath, ["-r", "ts-node/register/transpile-only", program], {
      cwd: checkout,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [port] = await once(child.stdout, "data");
    const client = new AnalyzerClient(`127.0.0.1:${String(port).trim()}`, credentials.createInsecure());
    return new PolicyPackProcess(child, client);
  }

  private constructor(
    private readonly child: ChildProcess,
    private readonly client: AnalyzerClient,
  ) {}

  /** @param config by policy */
  async configure(config: Record<string, Record<string, JavaScriptValue>>): Promise<void> {
    const request = new proto.ConfigureAnalyzerRequest();
    for (const [policy, properties] of Object.entries(config)) {
      request
        .getPolicyconfigMap()
        .set(policy, new proto.PolicyConfig().setProperties(Struct.fromJavaScript(properties)));
    }
    await answered((done) => this.client.configure(request, done));
  }

  /** Validates a resource with these inputs. */
  async analyze(type: string, inputs: Record<string, JavaScriptValue>): Promise<Violation[]> {
    const request = new proto.AnalyzeRequest().setType(type).setProperties(Struct.fromJavaScript(inputs));
    request.setOptions(new proto.AnalyzerResourceOptions());
    const answer = await answered<proto.AnalyzeResponse>((done) => this.client.analyze(request, done));
    const { MANDATORY } = proto.EnforcementLevel;
    return answer.getDiagnosticsList().map((diagnostic) => {
      const level = diagnostic.getEnforcementlevel() === MANDATORY ? "mandatory" : "advisory";
      return `${diagnostic.getPolicyname()} ${level}: ${diagnostic.getMessage()}`;
    });
  }

  async stop(): Promise<void> {
    this.client.close();
    const closed = once(this.child, "close");
    this.child.kill();
    await closed;
  }
}

function answered<T>(call: (done: (error: ServiceError | null, answer: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    call((error, answer) => (error ? reject(error) : resolve(answer)));
  });
}

import { type handleUnaryCall, Server, ServerCredentials, status } from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import proto from "@pulumi/pulumi/proto/provider_pb";
import Client from "dockerode";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import { z } from "zod";
import { clientOptions } from "../../../provider/backends/docker/engine/client-options";
import { image } from "./image";
import { registryImage } from "./registry-image";
import { remoteImage } from "./remote-image";
import { type Properties, type Resource, registryAuth, type Settings } from "./resource";

/**
 * A stand-in for the plugin of `@pulumi/docker` with the resources and the function that SandboxImage uses, for machines
 * that cannot download the plugin. Written from its source, pulumi-docker 5.2: which changes replace, which outputs a preview
 * has, what a refresh notices.
 */
const resources: Record<string, Resource> = {
  "docker:index/remoteImage:RemoteImage": remoteImage,
  "docker:index/image:Image": image,
};
const functions: Record<string, typeof registryImage> = {
  "docker:index/getRegistryImage:getRegistryImage": registryImage,
};

let configured: Settings | undefined;

const handlers = {
  getPluginInfo: unary(async () => new PluginInfo().setVersion("5.2.0")),
  checkConfig: unary(async (request: proto.CheckRequest) => new proto.CheckResponse().setInputs(request.getNews())),
  diffConfig: unary(async () => new proto.DiffResponse()),
  configure: unary(async (request: proto.ConfigureRequest) => {
    const variables = request.getVariablesMap();
    const auth = variables.get("docker:config:registryAuth");
    const address = variables.get("docker:config:host") || "unix:///var/run/docker.sock";
    configured = {
      client: new Client(clientOptions({ address, source: "the plugin's host" })),
      registryAuth: auth ? z.array(registryAuth).parse(JSON.parse(auth)) : [],
    };
    return new proto.ConfigureResponse().setSupportspreview(true);
  }),
  check: unary(async (request: proto.CheckRequest) =>
    new proto.CheckResponse().setInputs(struct(resourceOf(request).check(properties(request.getNews())))),
  ),
  diff: unary(async (request: proto.DiffRequest) => {
    const olds = properties(request.getOldInputs());
    const { changes, replaces } = resourceOf(request).diff(olds, properties(request.getNews()));
    const { DIFF_SOME, DIFF_NONE } = proto.DiffResponse.DiffChanges;
    return new proto.DiffResponse().setChanges(changes ? DIFF_SOME : DIFF_NONE).setReplacesList(replaces);
  }),
  create: unary(async (request: proto.CreateRequest) => {
    // A preview returns the inputs, so that all other outputs are unknown.
    if (request.getPreview()) return new proto.CreateResponse().setProperties(request.getProperties());
    const { id, outputs } = await resourceOf(request).create(properties(request.getProperties()), settings());
    return new proto.CreateResponse().setId(id).setProperties(struct(outputs));
  }),
  update: unary(async (request: proto.UpdateRequest) => {
    if (request.getPreview()) return new proto.UpdateResponse().setProperties(request.getNews());
    const { outputs } = await resourceOf(request).create(properties(request.getNews()), settings());
    return new proto.UpdateResponse().setProperties(struct(outputs));
  }),
  read: unary(async (request: proto.ReadRequest) => {
    const id = request.getId();
    const outputs = await resourceOf(request).read(id, properties(request.getProperties()), settings());
    if (!outputs) return new proto.ReadResponse();
    return new proto.ReadResponse().setId(id).setProperties(struct(outputs)).setInputs(request.getInputs());
  }),
  delete: unary(async (request: proto.DeleteRequest) => {
    await resourceOf(request).delete(properties(request.getProperties()), settings());
    return new Empty();
  }),
  invoke: unary(async (request: proto.InvokeRequest) => {
    const call = functions[request.getTok()];
    if (!call) throw new Error(`The stand-in has no function ${request.getTok()}`);
    return new proto.InvokeResponse().setReturn(struct(await call(properties(request.getArgs()), settings())));
  }),
  cancel: unary(async () => new Empty()),
};

/** Serves until Pulumi ends the process, and prints the port, as Pulumi expects of a plugin. */
export function serve(): void {
  const server = new Server();
  server.addService(ResourceProviderService, handlers);
  server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
    if (error) throw error;
    process.stdout.write(`${port}\n`);
  });
}

function unary<Request, Answer>(handle: (request: Request) => Promise<Answer>): handleUnaryCall<Request, Answer> {
  return ({ request }, answer) => {
    handle(request).then(
      (result) => answer(null, result),
      (error) => answer({ code: status.UNKNOWN, details: String(error?.message ?? error) }),
    );
  };
}

function settings(): Settings {
  if (!configured) throw new Error("The stand-in was not configured");
  return configured;
}

function resourceOf(request: { getUrn(): string }): Resource {
  const type = request.getUrn().split("::")[2]?.split("$").at(-1) ?? "";
  const resource = resources[type];
  if (!resource) throw new Error(`The stand-in has no resource ${type}`);
  return resource;
}

function struct(values: Properties): Struct {
  return Struct.fromJavaScript(JSON.parse(JSON.stringify(values)));
}

function properties(answered: Struct | undefined): Properties {
  const all: Record<string, JavaScriptValue> = answered?.toJavaScript() ?? {};
  return all;
}

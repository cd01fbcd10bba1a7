import { createRequire } from "node:module";
import { join } from "node:path";
import type { handleUnaryCall } from "@grpc/grpc-js";
import { importable, type StructClass } from "./read-request";

/**
 * Pulumi's own host of dynamic providers, with two additions that `pulumi import TYPE NAME ID` needs for containers. Pulumi
 * starts it in place of its stock executable where Pulumi.yaml names the folder `sdk/import-plugin` of this package. All calls
 * go to the host of the program's SDK, which Pulumi starts in the program's folder.
 */
const fromProgram = createRequire(join(process.cwd(), "index.js"));
const host = fromProgram.resolve("@pulumi/pulumi/cmd/dynamic-provider");
const fromHost = createRequire(host);
const { Server }: typeof import("@grpc/grpc-js") = fromHost("@grpc/grpc-js");
const { Struct }: { Struct: StructClass } = fromHost("google-protobuf/google/protobuf/struct_pb");
const services: typeof import("@pulumi/pulumi/proto/provider_grpc_pb") = fromHost("../../proto/provider_grpc_pb");
const { GetSchemaResponse }: typeof import("@pulumi/pulumi/proto/provider_pb") = fromHost("../../proto/provider_pb");

const { read } = services.ResourceProviderService;
const { requestDeserialize } = read;
read.requestDeserialize = (bytes) => importable(requestDeserialize(bytes), Struct);

const getSchema: handleUnaryCall<unknown, InstanceType<typeof GetSchemaResponse>> = (_call, answer) => {
  // Loads zod, which a program without containers does not need.
  const { schema }: typeof import("./schema") = require("./schema");
  answer(null, new GetSchemaResponse().setSchema(JSON.stringify(schema())));
};
const { addService } = Server.prototype;
Server.prototype.addService = function (definition, service) {
  addService.call(this, definition, Object.assign(Object.create(service), { getSchema }));
};

fromHost(host);

import type { ReadRequest } from "@pulumi/pulumi/proto/provider_pb";
import { providerCode, resourceType } from "../resource-type";

/** The class of Pulumi's messages that holds properties. */
export interface StructClass {
  fromJavaScript(properties: Record<string, string>): NonNullable<ReturnType<ReadRequest["getProperties"]>>;
}

/**
 * Gives the request of an import of a container the properties by which the host finds the provider, and the provider what
 * to import. Pulumi's engine sends none; requests of a refresh or of `Container.get` have some.
 */
export function importable(request: ReadRequest, Struct: StructClass): ReadRequest {
  const isImport = !request.getProperties() && !request.getInputs() && request.getType() === resourceType;
  if (!isImport) return request;
  return request.setProperties(
    Struct.fromJavaScript({ __provider: providerCode, __urn: request.getUrn(), __import: request.getId() }),
  );
}

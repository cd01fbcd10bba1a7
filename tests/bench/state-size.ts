import * as pulumi from "@pulumi/pulumi";
import { Container } from "pulumi-openai-containers";
import { inTurn, type Row } from "./measure";

/** What each resource's inputs and outputs carry to name the provider, beside what Pulumi serialises of a small one. */
export async function stateSize(): Promise<Row[]> {
  let providerCode = "";
  await pulumi.runtime.setMocks({
    newResource: ({ inputs }) => {
      providerCode = inputs["__provider"];
      return { id: "cntr_1", state: inputs };
    },
    call: () => ({}),
  });
  const container = new Container("one", { backend: "docker" });
  await new Promise<void>((resolve) => container.id.apply(() => resolve()));

  const lazy = () => require("pulumi-openai-containers/provider").provider;
  const stub = {
    check: (olds: unknown, news: unknown) => lazy().check(olds, news),
    diff: (id: string, olds: unknown, news: unknown) => lazy().diff(id, olds, news),
    create: (inputs: unknown) => lazy().create(inputs),
    read: (id: string, props: unknown) => lazy().read(id, props),
    delete: (id: string, props: unknown) => lazy().delete(id, props),
  };
  const { text } = await pulumi.runtime.serializeFunction(() => stub, { isFactoryFunction: true });
  return inTurn("__provider in state", "bytes", 1, [
    ["ours", async () => Buffer.byteLength(providerCode)],
    ["pulumi.dynamic.Resource, a stub of five calls", async () => Buffer.byteLength(text)],
  ]);
}

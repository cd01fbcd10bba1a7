/** An image with Node, that gateways are made of; `npm test` makes sure of one. */
export const gatewayImage =
  process.env["OPENAI_CONTAINERS_TEST_GATEWAY_IMAGE"] ?? `openai-containers-gateway:node-${process.versions.node}`;

/** An image with the programs that people use in sandboxes, and Node; empty where none can be made. */
export const clientsImage =
  process.env["OPENAI_CONTAINERS_TEST_CLIENTS_IMAGE"] ??
  `openai-containers-clients:bookworm-node-${process.versions.node}`;

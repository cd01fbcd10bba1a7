import { createServer, type IncomingMessage, type Server } from "node:http";

/** The Containers API for one container, which reports all properties of its create request. */
export interface EchoingApi {
  baseUrl: string;
  container: Record<string, unknown>;
  stop(): void;
}

export async function echoingApi(): Promise<EchoingApi> {
  const container: Record<string, unknown> = {};
  const server = createServer(async (request, response) => {
    if (request.method === "POST")
      Object.assign(container, await bodyOf(request), {
        id: `cntr_${"1".repeat(48)}`,
        object: "container",
        created_at: Math.floor(Date.now() / 1000),
        status: "running",
      });
    const isList = request.method === "GET" && !request.url?.includes("cntr_");
    const answer = isList ? { object: "list", data: [container], has_more: false } : container;
    response.setHeader("content-type", "application/json").end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { baseUrl: `http://127.0.0.1:${portOf(server)}/v1`, container, stop: () => server.close() };
}

async function bodyOf(request: IncomingMessage): Promise<object> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  const body: unknown = JSON.parse(text);
  return typeof body === "object" && body !== null ? body : {};
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { json } from "node:stream/consumers";

export interface ApiRequest {
  query: URLSearchParams;
  body: unknown;
  /** The last number of the path. */
  id: number;
}

/** Method and path, and what answers them: a list is sent in pages, and undefined means 404. */
export type Route = [line: RegExp, answer: (request: ApiRequest) => unknown];

interface Fault {
  line: RegExp;
  status: number;
  text: string;
}

/** A platform's API on loopback. */
export abstract class FakeApi {
  /** The variables by which a job knows the platform. */
  abstract readonly env: NodeJS.ProcessEnv;
  /** The header that every request must have. */
  protected abstract readonly credentials: [header: string, value: string];
  /** Of each path. */
  protected abstract readonly prefix: string;
  protected abstract readonly routes: readonly Route[];

  /** The requests so far, as in the routes: `GET /issues/7/comments`. */
  readonly requests: string[] = [];
  fault: Fault | undefined;
  private readonly server: Server = createServer((incoming, outgoing) => this.serve(incoming, outgoing));

  get url(): string {
    const address = this.server.address();
    if (typeof address !== "object" || address === null) throw new Error("the server does not listen");
    return `http://127.0.0.1:${address.port}`;
  }

  async start(): Promise<this> {
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    return this;
  }

  async stop(): Promise<void> {
    this.server.close();
    await once(this.server, "close");
  }

  /** The requests that wrote something. */
  get writes(): string[] {
    return this.requests.filter((line) => !line.startsWith("GET "));
  }

  /** The members of a page that the platform shows. */
  protected shown(page: readonly object[]): readonly object[] {
    return page;
  }

  private async serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method = "", headers } = incoming;
    const { pathname, searchParams: query } = new URL(incoming.url ?? "", this.url);
    const body = method === "GET" ? undefined : await json(incoming);
    const line = `${method} ${pathname.startsWith(this.prefix) ? pathname.slice(this.prefix.length) : pathname}`;
    this.requests.push(line);
    const [header, value] = this.credentials;
    if (headers[header] !== value) return send(outgoing, 401, { message: "Bad credentials" });
    if (this.fault?.line.test(line)) return send(outgoing, this.fault.status, this.fault.text);
    const [, answer] = this.routes.find(([pattern]) => pattern.test(line)) ?? [];
    const id = Number(/\d+(?=\D*$)/.exec(pathname));
    const found = answer?.({ query, body, id });
    if (!found) return send(outgoing, 404, { message: "Not Found" });
    if (Array.isArray(found)) return this.sendPage(outgoing, found, pathname, query);
    return send(outgoing, 200, found);
  }

  private sendPage(outgoing: ServerResponse, all: object[], pathname: string, query: URLSearchParams): void {
    const [size, page] = [Number(query.get("per_page") ?? 20), Number(query.get("page") ?? 1)];
    const next = `<${this.url}${pathname}?page=${page + 1}&per_page=${size}>; rel="next"`;
    const headers = all.length > page * size ? { link: next } : {};
    send(outgoing, 200, this.shown(all.slice((page - 1) * size, page * size)), headers);
  }
}

function send(outgoing: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  outgoing.writeHead(status, { "content-type": "application/json", ...headers });
  outgoing.end(typeof body === "string" ? body : JSON.stringify(body));
}

/** Changes what a request found, if it found something. */
export function assigned<T extends object>(found: T | undefined, changes: object): T | undefined {
  return found && Object.assign(found, changes);
}

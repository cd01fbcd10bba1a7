import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { Api } from "./api";
import { AdjustableClock, systemClock } from "./clock";
import { ContainerStore } from "./containers/container-store";
import { ContainersApi } from "./containers/containers-api";
import { RequestedContent } from "./containers/requested-content";
import { isExpired, resourceOf, type StoredContainer } from "./containers/stored-container";
import { ControlApi } from "./control-api";
import { FaultQueue } from "./faults/fault-queue";
import { FileStore } from "./files/file-store";
import { FilesApi } from "./files/files-api";
import { startHttpServer } from "./http/http-server";
import { RateLimit } from "./http/rate-limit";
import { readRequest } from "./http/read-request";
import { sendResponse } from "./http/send-response";
import type { Emulator, EmulatorOptions, LoggedRequest } from "./options";
import { RequestHandler } from "./request-handler";
import { SkillStore } from "./skills/skill-store";
import { SkillsApi } from "./skills/skills-api";

/**
 * Starts an HTTP server on 127.0.0.1 that behaves like the Containers API and keeps everything in memory.
 * @throws Error when the port is in use
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const clock = new AdjustableClock(options.clock ?? systemClock);
  const now = () => clock.now();
  const store = new ContainerStore((options.listLagSeconds ?? 0) * 1000);
  const faults = new FaultQueue();
  const requests: LoggedRequest[] = [];
  const limit = new RateLimit(options.requestsPerMinute ?? 100);
  const { maximumMinutes = 20, organizationDomains } = options;
  const files = new FileStore(now);
  const skills = new SkillStore(now);
  const content = new RequestedContent(files, skills);
  const containers = new ContainersApi(store, content, now, { maximumMinutes, organizationDomains });
  const api = new Api(containers, new FilesApi(files), new SkillsApi(skills));
  const handler = new RequestHandler(api, faults, limit, now, options.keys);
  const control = new ControlApi(store, clock, faults, requests);
  const stopping = new AbortController();

  async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const request = await readRequest(incoming, options.projects);
    const requestId = `req_${randomBytes(16).toString("hex")}`;
    const headers = () => ({
      "x-request-id": requestId,
      date: new Date(now()).toUTCString(),
      ...(request.project !== "-" && { "openai-project": request.project }),
    });
    if (request.path.startsWith("/emulator/")) {
      sendResponse(outgoing, { response: control.handle(request) }, headers());
      return;
    }
    const { method, path, query, account } = request;
    const at = now();
    const delivery = await handler.handle(request, stopping.signal);
    const status = typeof delivery === "string" || delivery.isTruncated ? "cut" : delivery.response.status;
    const logged = { at, method, path, query, status, requestId, account } as const;
    requests.push(logged);
    options.onRequest?.(logged);
    sendResponse(outgoing, delivery, headers());
  }

  // Fails only where the client disconnected, or the emulator stopped during a delay.
  const server = await startHttpServer(options.port ?? 0, (incoming, outgoing) => {
    serve(incoming, outgoing).catch(() => outgoing.destroy());
  });

  function existing(id: string): StoredContainer {
    const container = store.findIncludingDeleted(id);
    if (!container || container.deletedAt !== undefined) throw new Error(`There is no container ${id}`);
    return container;
  }

  return {
    baseUrl: `http://127.0.0.1:${server.port}/v1`,
    requests,
    fault: (fault) => faults.add(fault),
    clearFaults: () => faults.clear(),
    containers: (account = defaultAccount) => store.all(account).map((container) => resourceOf(container, now())),
    bodyOf: (id) => store.findIncludingDeleted(id)?.body,
    seed: (containers, account = defaultAccount) => store.seed(account, containers, now()),
    addFile: ({ content, purpose = "user_data", ...given }, account = defaultAccount) => {
      const file = files.prepare({ ...given, purpose, content: Buffer.from(content) });
      files.add(account, file);
      return file.id;
    },
    touch: (id) => {
      const container = existing(id);
      if (isExpired(container, now())) throw new Error(`The container ${id} has expired`);
      store.touch(container, now());
    },
    expire: (id) => {
      existing(id).isTerminated = true;
    },
    stop: () => {
      stopping.abort();
      return server.stop();
    },
  };
}

const defaultAccount = "-/-";

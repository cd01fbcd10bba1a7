import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { AdjustableClock, systemClock } from "./clock";
import { ContainersApi } from "./containers-api";
import { Control } from "./control";
import { type Entry, isExpired, resourceOf } from "./entry";
import { Faults } from "./faults";
import { startHttpServer } from "./http-server";
import type { Emulator, EmulatorOptions, LoggedRequest } from "./options";
import { RateLimit } from "./rate-limit";
import { readCall } from "./read-call";
import { sendReply } from "./send-reply";
import { Service } from "./service";
import { Store } from "./store";

/**
 * Starts an HTTP server on 127.0.0.1 that means what the Containers API means, and forgets all when it stops.
 * @throws Error when the port is taken
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const clock = new AdjustableClock(options.clock ?? systemClock);
  const store = new Store((options.listLagSeconds ?? 0) * 1000);
  const faults = new Faults();
  const requests: LoggedRequest[] = [];
  const limit = new RateLimit(options.requestsPerMinute ?? 100);
  const { maximumMinutes = 20, organizationDomains } = options;
  const api = new ContainersApi(store, clock, { maximumMinutes, organizationDomains });
  const service = new Service(api, faults, limit, clock, options.keys);
  const control = new Control(store, clock, faults, requests);
  const stopping = new AbortController();

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const call = await readCall(request, options.projects);
    const requestId = `req_${randomBytes(16).toString("hex")}`;
    const headers = () => ({
      "x-request-id": requestId,
      date: new Date(clock.now()).toUTCString(),
      ...(call.project !== "-" && { "openai-project": call.project }),
    });
    if (call.path.startsWith("/emulator/")) {
      sendReply(response, { answer: control.answer(call) }, headers());
      return;
    }
    const { method, path, query, account } = call;
    const at = clock.now();
    const reply = await service.reply(call, stopping.signal);
    const status = typeof reply === "string" || reply.isHalf ? "cut" : reply.answer.status;
    const logged = { at, method, path, query, status, requestId, account } as const;
    requests.push(logged);
    options.onRequest?.(logged);
    sendReply(response, reply, headers());
  }

  // What fails here is a client that went before it was done, or a wait that the end of the emulator cut short.
  const server = await startHttpServer(options.port ?? 0, (request, response) => {
    serve(request, response).catch(() => response.destroy());
  });

  function existing(id: string): Entry {
    const entry = store.ever(id);
    if (!entry || entry.deletedAt !== undefined) throw new Error(`There is no container ${id}`);
    return entry;
  }

  return {
    baseUrl: `http://127.0.0.1:${server.port}/v1`,
    requests,
    fault: (fault) => faults.add(fault),
    clearFaults: () => faults.clear(),
    containers: (account = noAccount) => store.all(account).map((entry) => resourceOf(entry, clock.now())),
    bodyOf: (id) => store.ever(id)?.body,
    seed: (containers, account = noAccount) => store.seed(account, containers, clock.now()),
    touch: (id) => {
      const entry = existing(id);
      if (isExpired(entry, clock.now())) throw new Error(`The container ${id} has expired`);
      store.touch(entry, clock.now());
    },
    expire: (id) => {
      existing(id).ended = true;
    },
    stop: () => {
      stopping.abort();
      return server.stop();
    },
  };
}

const noAccount = "-/-";

import { Readable } from "node:stream";
import { z } from "zod";
import { mistakesIn } from "../../model/problems";
import type { AccountContent, AccountFile, AccountSkill } from "../account-content";
import { BackendError, type Report } from "../backend";
import type { ApiConnection } from "./api-connection";
import { ApiError, LostResponseError } from "./api-error";
import { explainUnexpectedResponse } from "./explain-connection-error";
import { explainLost, explainUnavailable } from "./explain-unavailable";
import { RequestDeadline } from "./request-deadline";
import type { Sent } from "./request-sender";
import { chunksOf, exactly, wholeOf } from "./response-body";
import { cancelled } from "./throttle";
import type { Timeouts } from "./timeouts";

const fileResponse = z.object({ filename: z.string(), bytes: z.int().min(0) });
const skillResponse = z.object({ default_version: z.string(), latest_version: z.string() });
const versionResponse = z.object({ name: z.string(), description: z.string() });

/** What the API takes as base64 for an inline skill, 70,254,592 characters, in bytes: a little over 50 MiB. */
const maxZipBytes = 52_690_944;

interface SendOptions {
  timeout: number;
  signal: AbortSignal;
}

/** Downloads the files and skills of one account. Fails as {@link RequestSender} does, but names what it was asked for. */
export class DownloadedContent implements AccountContent {
  constructor(
    private readonly connection: ApiConnection,
    private readonly timeouts: Timeouts,
    private readonly report: Report,
    /** Aborts every download: Pulumi is shutting down. */
    private readonly ending: AbortSignal,
  ) {}

  async file(id: string): Promise<AccountFile> {
    const { files } = this.connection.client;
    const data = await this.get(`file ${id}`, `/files/${id}`, (options) => files.retrieve(id, options));
    const { filename: name, bytes } = this.parsed(fileResponse, data, `file ${id}`);
    return { id, name, bytes, content: (until) => this.fileContent(id, bytes, until) };
  }

  async skill(id: string, version: string | undefined): Promise<AccountSkill> {
    const number = version === undefined || version === "latest" ? await this.versionOf(id, version) : version;
    const what = `version ${number} of skill ${id}`;
    const path = `/skills/${id}/versions/${number}`;
    const { versions } = this.connection.client.skills;
    const data = await this.get(what, path, (options) => versions.retrieve(number, { skill_id: id }, options));
    const described = this.parsed(versionResponse, data, what);
    const zip = await this.get(what, `${path}/content`, (options) => {
      const sent = versions.content.retrieve(number, { skill_id: id }, options);
      return { asResponse: () => sent.asResponse(), withResponse: () => this.zipIn(sent, what) };
    });
    return { ...described, version: number, zip };
  }

  /** The number of the latest version, or of the default one. */
  private async versionOf(id: string, version: "latest" | undefined): Promise<string> {
    const { skills } = this.connection.client;
    const data = await this.get(`skill ${id}`, `/skills/${id}`, (options) => skills.retrieve(id, options));
    const { default_version, latest_version } = this.parsed(skillResponse, data, `skill ${id}`);
    return version === "latest" ? latest_version : default_version;
  }

  /** Read whole as a part of its request, so that one that breaks off is sent again. */
  private async zipIn(sent: Sent<Response>, what: string) {
    const { response } = await sent.withResponse();
    const data = await wholeOf(chunksOf(response, this.timeouts.responseMs), maxZipBytes);
    if (data) return { data, response };
    throw new BackendError(
      "OC2140",
      `The zip of ${what} is larger than the API's limit of 50 MB`,
      "Upload a smaller one",
    );
  }

  private async fileContent(id: string, bytes: number, until: AbortSignal): Promise<Readable> {
    const { files } = this.connection.client;
    const send = (options: SendOptions) => {
      const response = files.content(id, options).asResponse(); // of a 204 the client makes null
      return {
        asResponse: () => response,
        withResponse: async () => ({ data: await response, response: await response }),
      };
    };
    const response = await this.get(`file ${id}`, `/files/${id}/content`, send, AbortSignal.any([until, this.ending]));
    const chunks = chunksOf(response, this.timeouts.responseMs);
    return Readable.from(exactly(bytes, chunks, `file ${id}`), { objectMode: false });
  }

  /** @param signal aborts the request and its retries, and the body of its response */
  private async get<T>(
    what: string,
    path: string,
    send: (options: SendOptions) => Sent<T>,
    signal = this.ending,
  ): Promise<T> {
    const { sender, endpoint } = this.connection;
    const request = {
      method: "GET" as const,
      path,
      send: (options: { timeout: number }) => send({ ...options, signal }),
    };
    const deadline = new RequestDeadline(Infinity, this.timeouts.responseMs, this.timeouts.progressEveryMs);
    try {
      return (await sender.sendWithRetries(request, deadline, this.report, signal)).data;
    } catch (error) {
      if (signal.aborted) throw cancelled();
      if (error instanceof ApiError) throw explainUnavailable(what, error, endpoint);
      throw error instanceof LostResponseError ? explainLost(what, error, deadline.spentMs, endpoint) : error;
    }
  }

  private parsed<T>(schema: z.ZodType<T>, body: unknown, what: string): T {
    const { success, data, error } = schema.safeParse(body);
    if (success) return data;
    const { endpoint } = this.connection;
    if (typeof body !== "object" || body === null) throw explainUnexpectedResponse(body, endpoint);
    const mistakes = mistakesIn(error.issues, body, []).map(({ text }) => text);
    throw new BackendError(
      "OC2144",
      `The API's description of ${what} is invalid: ${mistakes.join("; ")}`,
      `Upload it again, or report this to the operator of the API at ${endpoint.address}`,
    );
  }
}

import type { OpenAI } from "openai" with { "resolution-mode": "import" };
import type { ContainerCreateParams, ContainerListParams } from "openai/resources/containers";
import type { z } from "zod";
import type { Report } from "../backend";
import type { ApiEndpoint } from "./api-endpoint";
import { ApiError, isExpired, isNotFound, projectOf } from "./api-error";
import { explainUnexpectedResponse } from "./explain-connection-error";
import { RequestDeadline } from "./request-deadline";
import type { RequestSender } from "./request-sender";
import type { Timeouts } from "./timeouts";
import { type ContainerResponse, containerResponse, pageResponse, valueAt } from "./wire";

/** A page of a list, and when it was reported: Unix seconds, by the API's clock. */
export interface Page {
  data: ContainerResponse[];
  has_more: boolean;
  reportedAt: number;
}

/** A container as a response reported it, and when. */
export interface ReportedContainer {
  container: ContainerResponse;
  reportedAt: number;
}

/** That a container does not exist, and the project that the key of the request belongs to. */
export interface NotFound {
  notFoundIn: string | undefined;
}

/** The endpoints of containers. Every method fails as {@link RequestSender} does. */
export class ContainersApi {
  constructor(
    private readonly client: OpenAI,
    private readonly sender: RequestSender,
    private readonly endpoint: ApiEndpoint,
    private readonly ending: AbortSignal,
    private readonly timeouts: Timeouts,
  ) {}

  /** The base URL and where it was found, for messages. */
  get address(): string {
    return this.endpoint.address;
  }

  /**
   * Requests a container, once.
   * @throws LostResponseError where one may have been created and its id is unknown
   * @throws ApiError where it was rejected, UnreachableError where it was never sent, BackendError where it was cancelled
   */
  async create(body: ContainerCreateParams, report: Report): Promise<ContainerResponse> {
    const policy = body.network_policy;
    const secrets = policy?.type === "allowlist" ? (policy.domain_secrets ?? []).map(({ value }) => value) : [];
    const megabytes = Buffer.byteLength(JSON.stringify(body)) / 1e6;
    const timeoutMs = Math.ceil(this.timeouts.responseMs + megabytes * this.timeouts.uploadMsPerMb);
    const { data, response } = await this.sender.sendOnce(
      {
        method: "POST",
        path: "/containers",
        send: (options) => this.client.containers.create(body, options),
      },
      timeoutMs,
      { secrets, valueAt: (param) => valueAt(body, param) },
      report,
    );
    return { ...this.parsed(containerResponse, data), project: projectOf(response.headers) };
  }

  /**
   * @param isBrief whether to give up soon, as a diff goes on without the response
   * @throws ApiError where it was rejected, UnreachableError where no usable response came, BackendError where it was cancelled
   */
  async list(query: ContainerListParams, report: Report, isBrief = false): Promise<Page> {
    const { data, response } = await this.sender.sendWithRetries<unknown>(
      {
        method: "GET",
        path: `/containers?${Object.keys(query).join("&")}`,
        // Not by the client's own list: it takes anything, such as a proxy's page of HTML, for an empty one.
        send: (options) => this.client.get("/containers", { ...options, query }),
      },
      this.deadline(isBrief),
      report,
    );
    const page = this.parsed(pageResponse, data);
    const project = projectOf(response.headers);
    return { ...page, data: page.data.map((one) => ({ ...one, project })), reportedAt: timeOf(response) };
  }

  /**
   * The container, if it exists. The request prolongs its life, so live state is read through lists.
   * @param isBrief whether to give up soon, as a diff goes on without the response
   * @throws ApiError where it was rejected, UnreachableError where no usable response came, BackendError where it was cancelled
   */
  async retrieve(id: string, report: Report, isBrief = false): Promise<ReportedContainer | NotFound> {
    try {
      const { data, response } = await this.sender.sendWithRetries<unknown>(
        {
          method: "GET",
          path: `/containers/${id}`,
          send: (options) => this.client.containers.retrieve(id, options),
        },
        this.deadline(isBrief),
        report,
      );
      const container = { ...this.parsed(containerResponse, data), project: projectOf(response.headers) };
      return { container, reportedAt: timeOf(response) };
    } catch (error) {
      if (error instanceof ApiError && isNotFound(error.response)) return { notFoundIn: error.response.project };
      throw error;
    }
  }

  /**
   * Deletes a container. One that is gone or has expired is no error.
   * @returns where it was not found, if it did not exist
   * @throws ApiError where it was rejected, UnreachableError where no usable response came, BackendError where it was cancelled
   */
  async delete(id: string, report: Report): Promise<NotFound | undefined> {
    // What is deleted at shutdown was created too late for Pulumi to store it, and is worth every delay that is left.
    const until = this.ending.aborted ? null : this.ending;
    try {
      await this.sender.sendWithRetries<void>(
        {
          method: "DELETE",
          path: `/containers/${id}`,
          send: (options) => this.client.containers.delete(id, options),
        },
        this.deadline(false),
        report,
        until,
      );
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (isNotFound(error.response)) return { notFoundIn: error.response.project };
      if (!isExpired(error.response)) throw error;
    }
    return undefined;
  }

  private deadline(isBrief: boolean): RequestDeadline {
    const { responseMs, livenessMs, progressEveryMs } = this.timeouts;
    // Half of it for the first attempt: a dead connection leaves time for another one.
    return isBrief
      ? new RequestDeadline(livenessMs, livenessMs / 2, progressEveryMs)
      : new RequestDeadline(Infinity, responseMs, progressEveryMs);
  }

  private parsed<T>(schema: z.ZodType<T>, body: unknown): T {
    const { success, data } = schema.safeParse(body);
    if (!success) throw explainUnexpectedResponse(body, this.endpoint);
    return data;
  }
}

/** The API's time, or this machine's where the response has none, in Unix seconds. */
function timeOf({ headers }: Response): number {
  return (Date.parse(headers.get("date") ?? "") || Date.now()) / 1000;
}

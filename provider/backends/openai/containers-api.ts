import { setTimeout as sleep } from "node:timers/promises";
import type { OpenAI } from "openai" with { "resolution-mode": "import" };
import type { ContainerCreateParams, ContainerListParams } from "openai/resources/containers";
import type { z } from "zod";
import { BackendError, type Report, UnreachableError } from "../backend";
import { AnswerTime } from "./answer-time";
import {
  type Access,
  ApiError,
  explainRefusal,
  LostAnswerError,
  pauseOf,
  projectOf,
  refusalOf,
  saysExpired,
  saysGone,
} from "./api-errors";
import { explainConnection, explainUnreadable } from "./connection-errors";
import { interrupted, type Pacing } from "./pacing";
import type { Timing } from "./timing";
import { type ContainerAnswer, containerAnswer, pageAnswer } from "./wire";

/** A page of a list, and when it was told: Unix seconds, by the API's clock. */
export interface Page {
  data: ContainerAnswer[];
  has_more: boolean;
  reportedAt: number;
}

/** A container as an answer told it, and when. */
export interface Sighting {
  answer: ContainerAnswer;
  reportedAt: number;
}

/** That a container is not there, and the project that the key of the request belongs to. */
export interface Absence {
  absentFrom: string | undefined;
}

interface Answered<T> {
  data: T;
  response: Response;
}

/** A request as the client sends it. */
interface Sent<T> {
  /** Settles when the answer begins. */
  asResponse(): Promise<Response>;
  withResponse(): Promise<Answered<T>>;
}

/** Sends a request, with so many ms for its answer. */
type Ask<T> = (options: { timeout: number }) => Sent<T>;

/** The endpoints of containers: each call waits for its turn, is made again where that is safe, and fails in words. */
export class ContainersApi {
  constructor(
    private readonly client: OpenAI,
    private readonly pacing: Pacing,
    private readonly access: Access,
    private readonly ending: AbortSignal,
    private readonly timing: Timing,
  ) {}

  /** The base URL and where it was found, for messages. */
  get place(): string {
    return this.access.place;
  }

  /**
   * Asks for a container, once.
   * @throws LostAnswerError where one may have been made and its id is not known
   */
  async create(body: ContainerCreateParams, report: Report): Promise<ContainerAnswer> {
    const policy = body.network_policy;
    const values = policy?.type === "allowlist" ? (policy.domain_secrets ?? []).map(({ value }) => value) : [];
    const access = { ...this.access, secrets: [...this.access.secrets, ...values] };
    const megabytes = Buffer.byteLength(JSON.stringify(body)) / 1e6;
    const timeout = Math.ceil(this.timing.answer + megabytes * this.timing.upload);
    const send = async (answered: () => void) => {
      if (this.ending.aborted) throw interrupted(); // it had been refused before; from now on there is only clean-up
      return read(this.client.containers.create(body, { timeout }), answered);
    };
    const { data, response } = await this.paced(send, report, access);
    return { ...this.understood(containerAnswer, data), project: projectOf(response.headers) };
  }

  /** @param isBrief whether to give up soon, as a diff goes on without the answer */
  async list(query: ContainerListParams, report: Report, isBrief = false): Promise<Page> {
    // Not by the client's own list: it takes anything, such as a proxy's page of HTML, for an empty one.
    const ask: Ask<unknown> = (options) => this.client.get("/containers", { ...options, query });
    const { data, response } = await this.repeated(ask, report, this.timeFor(isBrief));
    const page = this.understood(pageAnswer, data);
    const project = projectOf(response.headers);
    return { ...page, data: page.data.map((one) => ({ ...one, project })), reportedAt: clockOf(response) };
  }

  /**
   * The container, if it is there. It prolongs its life, so a look is made through lists.
   * @param isBrief whether to give up soon, as a diff goes on without the answer
   */
  async retrieve(id: string, report: Report, isBrief = false): Promise<Sighting | Absence> {
    try {
      const ask: Ask<unknown> = (options) => this.client.containers.retrieve(id, options);
      const { data, response } = await this.repeated(ask, report, this.timeFor(isBrief));
      const answer = { ...this.understood(containerAnswer, data), project: projectOf(response.headers) };
      return { answer, reportedAt: clockOf(response) };
    } catch (error) {
      if (error instanceof ApiError && saysGone(error.refusal)) return { absentFrom: error.refusal.project };
      throw error;
    }
  }

  /**
   * Removes a container. One that is gone or has expired is no error.
   * @returns where it was not, if it was not there
   */
  async delete(id: string, report: Report): Promise<Absence | undefined> {
    // What is removed after the end is what came late, and worth every pause that is left.
    const until = this.ending.aborted ? null : this.ending;
    try {
      const ask: Ask<void> = (options) => this.client.containers.delete(id, options);
      await this.repeated(ask, report, this.timeFor(false), until);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (saysGone(error.refusal)) return { absentFrom: error.refusal.project };
      if (!saysExpired(error.refusal)) throw error;
    }
    return undefined;
  }

  private timeFor(isBrief: boolean): AnswerTime {
    const { answer, look, silence } = this.timing;
    // Half of it for the first try: a dead connection leaves time for another one.
    return isBrief ? new AnswerTime(look, look / 2, silence) : new AnswerTime(Infinity, answer, silence);
  }

  /**
   * Makes a call again whose answer was lost: for those only that may be made twice.
   * @param until gives up at its abort
   */
  private async repeated<T>(
    ask: Ask<T>,
    report: Report,
    time: AnswerTime,
    until: AbortSignal | null = this.ending,
  ): Promise<Answered<T>> {
    const call = (answered: () => void) => time.spend(read(ask({ timeout: time.timeout }), answered), report);
    for (const pause of this.timing.repeats) {
      try {
        return await this.paced(call, report, this.access);
      } catch (error) {
        if (!(error instanceof LostAnswerError)) throw error;
        if (!time.allows(pause)) throw this.unanswered(error);
      }
      const paused = sleep(pause, undefined, until ? { signal: until } : {});
      await time.spend(paused, report).catch(() => Promise.reject(interrupted()));
    }
    return this.paced(call, report, this.access);
  }

  /** Why a request is not repeated: what a failed answer said, or that there was none. */
  private unanswered(lost: LostAnswerError): UnreachableError {
    if (lost.cause === undefined) return lost;
    const { place, placeSource } = this.access;
    return new UnreachableError(
      "OC0000",
      `No answer came from ${place} in ${this.timing.look / 1000} s`,
      `Run the same command again, or correct ${placeSource}`,
      { cause: lost },
    );
  }

  /** Waits for a call's turn, and again where the limit refused it: what is refused was not done. */
  private async paced<T>(call: (answered: () => void) => Promise<T>, report: Report, access: Access): Promise<T> {
    const began = Date.now();
    for (let refusals = 0; ; refusals += 1) {
      try {
        return await this.pacing.run(call, report, refusals > 0);
      } catch (error) {
        if (error instanceof BackendError) throw error;
        const refusal = refusalOf(error);
        if (!refusal) throw explainConnection(error, access);
        const seconds = pauseOf(refusal, refusals);
        if (seconds === undefined || Date.now() - began + seconds * 1000 > this.timing.limit)
          throw explainRefusal(refusal, access);
        await this.pacing.hold(seconds);
      }
    }
  }

  private understood<T>(schema: z.ZodType<T>, answer: unknown): T {
    const { success, data } = schema.safeParse(answer);
    if (!success) throw explainUnreadable(answer, this.access);
    return data;
  }
}

/** Reads an answer, and tells when it begins. */
function read<T>(sent: Sent<T>, answered: () => void): Promise<Answered<T>> {
  sent.asResponse().then(answered, () => {}); // that there is none, whoever reads it is told
  return sent.withResponse();
}

/** What the API's clock showed, or ours where the answer does not tell it, in Unix seconds. */
function clockOf({ headers }: Response): number {
  return (Date.parse(headers.get("date") ?? "") || Date.now()) / 1000;
}

import { openBackend } from "../../provider/backends/openai/open-backend";
import type { OpenAIBackend } from "../../provider/backends/openai/openai-backend";
import { type OpenAISettings, openAISettings } from "../../provider/backends/openai/settings";
import { type ContainerResponse, pageResponse } from "../../provider/backends/openai/wire";
import { settingSources } from "../../provider/config";
import { Created } from "./created";
import { RawApi } from "./raw-api";

/** The account that the environment names. */
export class LiveAccount {
  readonly raw: RawApi;
  readonly created: Created;
  readonly address: string;
  private readonly settings: OpenAISettings;

  /**
   * @param limit how many containers may be created
   * @param ending ends waits and what waits for the rate limit
   */
  constructor(
    env: NodeJS.ProcessEnv,
    requestsPerMinute: string,
    limit: number,
    readonly ending: AbortSignal,
  ) {
    const config = (key: string) => (key === "openai-containers:requestsPerMinute" ? requestsPerMinute : undefined);
    this.settings = openAISettings(settingSources(env, config));
    this.address = this.settings.baseUrl.value.replace(/\/+$/, "");
    this.raw = new RawApi(this.address, env);
    this.created = new Created(limit, ending);
  }

  /**
   * A backend that has read nothing yet, as in a new run of Pulumi.
   * @throws BackendError where a setting is wrong
   */
  async open(): Promise<OpenAIBackend> {
    return this.created.follow(await openBackend(this.settings, this.ending));
  }

  /** One that still works when everything else has ended. */
  openForRemoval(): Promise<OpenAIBackend> {
    return openBackend(this.settings, new AbortController().signal);
  }

  /** The newest containers as the list has them, deleted ones too, and the API's time. Not a use of them. */
  async list(): Promise<{ containers: ContainerResponse[]; time: number }> {
    const { status, body, time } = await this.raw.send("GET", "/containers?limit=100&order=desc");
    const page = pageResponse.safeParse(body);
    if (!page.success) throw new Error(`the list of containers cannot be read (HTTP ${status})`);
    return { containers: page.data.data, time };
  }
}

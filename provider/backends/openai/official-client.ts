import type { ClientOptions, OpenAI } from "openai" with { "resolution-mode": "import" };
import { UnreachableError } from "../backend";

/**
 * The official client, which is loaded at its first use.
 * @throws UnreachableError where its own variable for headers is invalid: its error would quote a header, which may be a key
 */
export async function officialClient(options: ClientOptions): Promise<OpenAI> {
  const { default: Client } = await import("openai");
  try {
    return new Client(options);
  } catch (error) {
    if (!(error instanceof TypeError) || !process.env["OPENAI_CUSTOM_HEADERS"]) throw error;
    throw new UnreachableError(
      "OC2135",
      "OPENAI_CUSTOM_HEADERS holds a header that cannot be sent",
      "Write one header a line, NAME: VALUE, in plain ASCII text",
    );
  }
}

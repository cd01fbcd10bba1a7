import { Failure } from "../run.mjs";

const timeoutMs = 30_000;

/** A platform's REST API. Nothing is retried: a failed job can be run again, as it finds what it has written. */
export class RestApi {
  #name;
  #url;
  #headers;

  /**
   * @param {string} name for error messages
   * @param {string} url without a slash at its end
   * @param {Record<string, string>} headers with the credentials
   */
  constructor(name, url, headers) {
    this.#name = name;
    this.#url = url;
    this.#headers = headers;
  }

  /**
   * @param {string} path
   * @returns {Promise<unknown>}
   */
  async get(path) {
    return this.#content(await this.#send("GET", path));
  }

  /**
   * The members of a list, page by page. Only the Link header says which page is the last: GitLab removes hidden notes from
   * a page after it is cut, so that a page may be short although more follow.
   * @param {string} path
   * @returns {AsyncGenerator<unknown>}
   */
  async *list(path) {
    for (let page = 1; ; page++) {
      const response = await this.#send("GET", `${path}${path.includes("?") ? "&" : "?"}per_page=100&page=${page}`);
      const members = await this.#content(response);
      if (!Array.isArray(members)) throw new Failure(`${this.#name}: GET ${path}: expected a list.`);
      yield* members;
      if (!response.headers.get("link")?.includes('rel="next"')) return;
    }
  }

  /**
   * @param {"POST" | "PATCH" | "PUT"} method
   * @param {string} path
   * @param {object} body
   */
  async write(method, path, body) {
    await this.#send(method, path, body);
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {object} [body]
   */
  async #send(method, path, body) {
    const what = `${this.#name}: ${method} ${path}`;
    const response = await fetch(`${this.#url}${path}`, {
      method,
      headers: { ...this.#headers, ...(body && { "content-type": "application/json" }) },
      body: body ? JSON.stringify(body) : null,
      redirect: "error", // another host must not get the credentials
      signal: AbortSignal.timeout(timeoutMs),
    }).catch((error) => {
      throw new Failure(`${what}: no response: ${error.cause?.message ?? error.message}. Run the job again.`);
    });
    if (!response.ok) throw new Failure(`${what}: HTTP ${response.status}: ${quoted(await response.text())}`);
    return response;
  }

  /** @param {Response} response */
  async #content(response) {
    const text = await response.text();
    try {
      return JSON.parse(text);
    } catch {
      throw new Failure(`${this.#name}: GET ${new URL(response.url).pathname}: not JSON: ${quoted(text)}`);
    }
  }
}

/**
 * Short, and as JSON: GitHub executes `::commands::` at the beginning of a job's output lines.
 * @param {string} text
 */
function quoted(text) {
  return JSON.stringify(text.slice(0, 300));
}

/** A request, read completely. */
export interface ApiRequest {
  method: string;
  /** `/v1/containers` */
  path: string;
  /** Without the question mark; may be empty. */
  query: string;
  /** From the organization header, or `-`. */
  organization: string;
  /** From the project header or the API key, or `-`. */
  project: string;
  /** `<organization or ->/<project or ->`: a container of one account does not exist for another. */
  account: string;
  authorization: string | undefined;
  contentType: string | undefined;
  /** At most 512 MB. */
  body: Buffer | "too large";
}

/** A response. A string or a Buffer as the body is sent as it is, any other as JSON, and undefined as an empty body. */
export interface ApiResponse {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
}

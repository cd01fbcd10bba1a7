/** A request as it came in, whole. */
export interface Call {
  method: string;
  /** `/v1/containers` */
  path: string;
  /** Without the question mark; may be empty. */
  query: string;
  /** The organisation's header, or `-`. */
  organization: string;
  /** That of the header or of the key, or `-`. */
  project: string;
  /** `<organisation or ->/<project or ->`: containers of one account do not exist for another. */
  account: string;
  authorization: string | undefined;
  contentType: string | undefined;
  /** At most 512 MB. */
  body: Buffer | "too large";
}

/** What goes back. A body that is text goes as it is, another as JSON, and none as nothing. */
export interface Answer {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
}

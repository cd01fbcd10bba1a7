/** An error response of the API: `{"error": {message, type, param, code}}`. */
export class ApiError extends Error {
  readonly type: string;
  readonly param: string | null;
  readonly code: string | null;
  readonly headers: Record<string, string>;

  constructor(
    readonly status: number,
    message: string,
    more: { type?: string; param?: string; code?: string; headers?: Record<string, string> } = {},
  ) {
    super(message);
    this.type = more.type ?? "invalid_request_error";
    this.param = more.param ?? null;
    this.code = more.code ?? null;
    this.headers = more.headers ?? {};
  }

  get body(): { error: { message: string; type: string; param: string | null; code: string | null } } {
    return { error: { message: this.message, type: this.type, param: this.param, code: this.code } };
  }
}

export function invalidUrl({ method, path }: { method: string; path: string }): ApiError {
  return new ApiError(404, `Invalid URL (${method} ${path})`);
}

/** The API's real message for an unknown cursor is not documented: this one is a guess. */
export function unknownCursor(of: string, id: string): ApiError {
  return new ApiError(400, `Invalid 'after': no ${of} with id '${id}'.`, { code: "invalid_value", param: "after" });
}

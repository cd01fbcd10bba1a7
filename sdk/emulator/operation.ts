import type { ApiResponse } from "./http/api-request";

/** A response, and the effect of the request on the store, which it has only when `commit` is called. */
export interface Operation {
  response: ApiResponse;
  commit?: () => void;
}

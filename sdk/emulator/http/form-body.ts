import { ApiError } from "./api-error";
import type { ApiRequest } from "./api-request";
import { tooLarge, unsupportedType } from "./json-body";

/** A field of a form. One of a file has a file name, which may be a path. */
export interface FormField {
  name: string;
  fileName: string | undefined;
  content: Buffer;
}

/**
 * The fields of a body of the type `multipart/form-data`, in order.
 * @throws ApiError 413 for a body over the limit, 400 for another content type and for a malformed form
 */
export async function formFields({ contentType = "", body }: ApiRequest): Promise<FormField[]> {
  if (body === "too large") throw tooLarge();
  if (!/^multipart\/form-data\s*;/i.test(contentType)) throw unsupportedType(contentType, "multipart/form-data");
  const form = await new Response(body, { headers: { "content-type": contentType } }).formData().catch(() => undefined);
  if (!form) throw new ApiError(400, "Could not parse multipart form"); // the wording is a guess
  return Promise.all(
    [...form].map(async ([name, value]) => {
      if (typeof value === "string") return { name, fileName: undefined, content: Buffer.from(value) };
      return { name, fileName: value.name, content: Buffer.from(await value.arrayBuffer()) };
    }),
  );
}

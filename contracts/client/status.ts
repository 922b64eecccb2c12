import type { FetchResponse } from "openapi-fetch";
import type { MediaType, OkStatus } from "openapi-typescript-helpers";

/**
 * Narrows a call's result to the body that its operation documents for a status. A status that the operation
 * does not document does not compile. The body itself is not validated.
 *
 * @example
 * const result = await client.POST("/subjects", { body: { face } });
 * if (isStatus(result, 400)) console.log(result.error.errorType);
 */
export function isStatus<
  // biome-ignore lint/suspicious/noExplicitAny: openapi-fetch's own bound; with a narrower one nothing is inferred.
  Operation extends Record<string | number, any>,
  Init,
  Media extends MediaType,
  Status extends keyof Operation["responses"],
>(
  result: FetchResponse<Operation, Init, Media>,
  status: Status,
): result is FetchResponse<Operation, Init, Media> & StatusResult<Operation, Status> {
  return result.response.status === status;
}

/** The result of a call whose response has this status. */
export type StatusResult<Operation, Status> = {
  response: Response & { status: Status };
} & (Status extends OkStatus
  ? { data: BodyOf<Operation, Status>; error?: never }
  : { data?: never; error: BodyOf<Operation, Status> });

/** The body documented for a status, or `undefined` if none is. */
export type BodyOf<Operation, Status> = Operation extends {
  responses: infer Responses extends Record<string | number, unknown>;
}
  ? Status extends keyof Responses
    ? Responses[Status] extends { content: infer Content extends {} }
      ? Content[keyof Content]
      : undefined
    : never
  : never;

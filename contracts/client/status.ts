import type { FetchResponse } from "openapi-fetch";
import type { MediaType, OkStatus } from "openapi-typescript-helpers";

/**
 * Narrows a call's result to the body that its operation documents for a status:
 *
 *     const result = await client.POST("/subjects", { body: { face } });
 *     if (isStatus(result, 400)) report(result.error.errorType);
 *
 * A status that the operation does not document does not compile. The body itself is taken at the
 * contract's word; the generated validators check it.
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
): result is FetchResponse<Operation, Init, Media> & AnswerOf<Operation, Status> {
  return result.response.status === status;
}

/** What a call gives when its operation answers with one status. */
export type AnswerOf<Operation, Status> = {
  response: Response & { status: Status };
} & (Status extends OkStatus
  ? { data: BodyOf<Operation, Status>; error?: never }
  : { data?: never; error: BodyOf<Operation, Status> });

/** The body documented for a status; `undefined` where none is. */
export type BodyOf<Operation, Status> = Operation extends {
  responses: infer Responses extends Record<string | number, unknown>;
}
  ? Status extends keyof Responses
    ? Responses[Status] extends { content: infer Content extends {} }
      ? Content[keyof Content]
      : undefined
    : never
  : never;

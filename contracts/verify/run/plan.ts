import type { Validation } from "../../openapi/validation.ts";
import type { PlannedCall } from "../check.ts";
import type { ReceivedResponse } from "../wire.ts";
import type { Send } from "./caller.ts";

/** The `operations` of a generated `responses.json`: the documented examples. */
export type ExampleResponses = Record<
  string,
  {
    defaultStatus: number;
    statuses: Record<string, { mediaType?: string; headers: Record<string, string>; body?: unknown }[]>;
  }
>;

export type PlanOptions = {
  responses: ExampleResponses;
  validation: Validation;
  /** The status of a refusal by the API's own rules, e.g. for an image without a face. */
  refusals: (planned: PlannedCall) => number | undefined;
};

/**
 * Responds to the calls of a plan as a conforming provider would: with documented examples, and with the refusal
 * that a check provokes. So a plan runs the same code as a verification.
 */
export function planResponses({ responses, validation, refusals }: PlanOptions): Send {
  return async (_, { planned }) => {
    const known = responses[planned.operation];
    const status = refusedStatus(planned) ?? known?.defaultStatus ?? 403;
    const example = known?.statuses[status]?.[0];
    const body = example?.body === undefined ? "" : JSON.stringify(example.body);
    return exampleResponse(status, body, example);
  };

  function refusedStatus(planned: PlannedCall): number | undefined {
    const { signing = "good", operation, body } = planned;
    if (signing !== "good" && signing !== "none") return 403;
    if (Buffer.isBuffer(body)) return 400;
    const parts = {
      mediaType: body === undefined ? undefined : "application/json",
      body,
      pathParameters: {},
      query: {},
      headers: {},
    };
    const isInvalid = validation.request(operation, parts).some(({ place }) => place[0] === "body");
    return isInvalid ? 400 : refusals(planned);
  }
}

function exampleResponse(
  status: number,
  body: string,
  example?: { mediaType?: string; headers: Record<string, string> },
): ReceivedResponse {
  const headers: [string, string][] = Object.entries(example?.headers ?? {}).map(([name, value]) => [
    name.toLowerCase(),
    value,
  ]);
  if (example?.mediaType) headers.push(["content-type", example.mediaType]);
  return { status, headers, body: Buffer.from(body) };
}

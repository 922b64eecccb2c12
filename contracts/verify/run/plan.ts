import type { Validation } from "../../openapi/validation.ts";
import type { PlannedCall } from "../check.ts";
import type { ReceivedResponse } from "../wire.ts";
import type { Send } from "./session.ts";

/** The `operations` of a generated `responses.json`. */
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
  /** Statuses that only this API's own rules give, for a picture without a face for one. */
  refusals: (planned: PlannedCall) => number | undefined;
};

/**
 * Answers the calls of a plan as a provider that keeps the contract would: its documented examples, and the
 * refusal that a check means to provoke. So a plan runs through the same code as a verification.
 */
export function planResponses({ responses, validation, refusals }: PlanOptions): Send {
  return async (_, { planned }) => {
    const known = responses[planned.operation];
    const status = refusedStatus(planned) ?? known?.defaultStatus ?? 403;
    const example = known?.statuses[status]?.[0];
    const body = example?.body === undefined ? "" : JSON.stringify(example.body);
    return wireAnswer(status, body, example);
  };

  function refusedStatus(planned: PlannedCall): number | undefined {
    const { signing = "good", operation, body } = planned;
    if (signing !== "good" && signing !== "none") return 403;
    if (Buffer.isBuffer(body)) return 400;
    const judged = {
      mediaType: body === undefined ? undefined : "application/json",
      body,
      pathParameters: {},
      query: {},
      headers: {},
    };
    const broken = validation.request(operation, judged).some(({ place }) => place[0] === "body");
    return broken ? 400 : refusals(planned);
  }
}

function wireAnswer(
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

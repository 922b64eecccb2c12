import { isDeepStrictEqual } from "node:util";
import type { Received, Sent } from "./connection.ts";

/** What a server made of a request. */
export type Verdict = "kept" | "invalid" | "unauthorized" | "unknown route" | "unanswerable" | "failed";

/** In what two responses can differ; headers by their name. */
export type Aspect = "verdict" | "status" | "content type" | "body" | `header ${string}`;

/** One aspect in which our answer is not Prism's. */
export type Difference = { aspect: Aspect; ours: string; prism: string };

/** A response as it is compared. */
export type ComparedResponse = Received & { verdict: Verdict | undefined };

/**
 * Compares our answer with Prism's.
 *
 * @param options.sameBody judges bodies where chance made them; left out, they must be equal, JSON by value.
 */
export function compareResponses(
  ours: ComparedResponse,
  prism: ComparedResponse,
  options: { sameBody?: (ours: Received, prism: Received) => boolean } = {},
): Difference[] {
  const { sameBody = equalBodies } = options;
  const differences: Difference[] = [];
  const put = (aspect: Aspect, one: string, other: string) => {
    if (one !== other) differences.push({ aspect, ours: one, prism: other });
  };
  if (ours.verdict && prism.verdict) put("verdict", ours.verdict, prism.verdict);
  put("status", String(ours.status), String(prism.status));
  put("content type", ours.headers["content-type"] ?? "none", prism.headers["content-type"] ?? "none");
  if (!sameBody(ours, prism))
    differences.push({ aspect: "body", ours: ours.body.toString(), prism: prism.body.toString() });
  for (const name of new Set([...Object.keys(ours.headers), ...Object.keys(prism.headers)])) {
    if (!unimportant.test(name))
      put(`header ${name}`, ours.headers[name] ?? "none", prism.headers[name] ?? "none");
  }
  return differences;
}

/**
 * Not the contract's: HTTP's own, those of the gateway (an identifier for each response), and CORS, which
 * stock Prism adds to everything.
 */
const unimportant =
  /^(content-type|content-length|transfer-encoding|connection|keep-alive|date|vary|x-amzn-requestid|x-amz-apigw-id|x-amzn-errortype|x-amzn-trace-id|access-control-.*)$/;

function equalBodies(ours: Received, prism: Received): boolean {
  if (ours.body.equals(prism.body)) return true;
  if (!isJson(ours) || !isJson(prism)) return false;
  return isDeepStrictEqual(parsed(ours.body), parsed(prism.body));
}

function isJson({ headers }: Received): boolean {
  return /[/+]json\b/i.test(headers["content-type"] ?? "");
}

export function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return body.toString("latin1");
  }
}

/**
 * Reads from a response what became of the request: Prism says it in `sl-violations` or a problem, the
 * gateway in its own words. Undefined where the gateway's words may be the ones that were asked for.
 */
export function verdictOf(
  got: Received,
  { gateway, sent }: { gateway: boolean; sent: Sent },
): Verdict | undefined {
  if (got.status === 0) return "failed";
  const { title, type, message, errorType } = fieldsOf(got);
  const problem =
    typeof type === "string" ? problems.find(([name]) => type.endsWith(`#${name}`))?.[1] : undefined;
  if (problem) return problem;
  if (gateway && got.status >= 400) {
    if (sent.headers.some(([name]) => /^prefer$/i.test(name))) return undefined;
    if (got.status === 403 && typeof message === "string" && title === undefined) return "unauthorized";
    const isMessage = typeof message === "string" && Object.keys(fieldsOf(got)).length === 1;
    if ([400, 422].includes(got.status) && isMessage) return "invalid";
    if (got.status === 404 && isMessage) return "unanswerable";
    if (got.status === 415 || (got.status === 400 && errorType === "InvalidRequest")) return "invalid";
  }
  const violations = parsed(Buffer.from(got.headers["sl-violations"] ?? "[]"));
  const broken = Array.isArray(violations) ? (violations as Violation[]).filter(isOfRequest) : [];
  if (broken.some(({ code }) => code === 401)) return "unauthorized";
  if (broken.length > 0) return "invalid";
  return got.status >= 500 && type !== undefined ? "failed" : "kept";
}

type Violation = { location?: string[]; severity?: string; code?: unknown };

function isOfRequest({ location = [], severity }: Violation): boolean {
  return location[0] === "request" && severity === "Error";
}

const problems: [name: string, verdict: Verdict][] = [
  ["UNPROCESSABLE_ENTITY", "invalid"],
  ["INVALID_CONTENT_TYPE", "invalid"],
  ["UNAUTHORIZED", "unauthorized"],
  ["NO_PATH_MATCHED_ERROR", "unknown route"],
  ["NO_METHOD_MATCHED_ERROR", "unknown route"],
  ["NOT_FOUND", "unanswerable"],
  ["NOT_ACCEPTABLE", "unanswerable"],
  ["NO_RESPONSE_DEFINED", "unanswerable"],
];

export function fieldsOf(got: Received): Record<string, unknown> {
  const value = isJson(got) ? parsed(got.body) : undefined;
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

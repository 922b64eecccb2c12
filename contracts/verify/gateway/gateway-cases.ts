import { type OpenApi, type Operation, readOperations } from "../../openapi/operations.ts";
import type { PlannedCall, Session } from "../check.ts";
import type { ExpectedBody } from "../schema/response-check.ts";
import type { SchemaCase } from "../schema/schema-checks.ts";

/**
 * The cases of API Gateway's own responses: 403 to an unsigned call, 413, 415, and 200 to a preflight. Also those
 * of unsigned operations without parameters, and why 429, 500, 502 and 504 cannot be provoked. No call changes
 * anything, even if the gateway lets it through.
 *
 * @param options.pathParameters values of nothing that exists, e.g. an unknown id.
 * @param options.sendsLargeBodies whether to send bodies of ten megabytes.
 * @param options.failsOnRequest whether the target is a mock that answers `Prefer: code=500` with its documented
 *   failure. Then 429, 500, 502 and 504 are checked.
 * @param options.validBody the body of such a call.
 */
export function gatewayCases({
  openapi,
  pathParameters,
  sendsLargeBodies,
  failsOnRequest = false,
  validBody,
}: {
  openapi: OpenApi;
  pathParameters: Record<string, string>;
  sendsLargeBodies: boolean;
  failsOnRequest?: boolean;
  validBody?: (operation: string, session: Session) => unknown;
}): SchemaCase[] {
  return readOperations(openapi).flatMap((operation) =>
    rules
      .filter(
        ({ status, when }) => operation.statuses.includes(String(status)) && (when?.(operation) ?? true),
      )
      .map((rule) => caseOf(rule, operation)),
  );

  function caseOf(
    { status, title, reason, expectBody, call = () => ({}) }: Rule,
    operation: Operation,
  ): SchemaCase {
    const { key, method, path: template, signed, takesBody } = operation;
    const path = template.replaceAll(/\{([^{}]*)\}/g, (_, name) => encodeURIComponent(pathParameters[name]!));
    const withheld = status === 413 && !sendsLargeBodies ? largeBodiesReason : reason;
    const mayRequest = reason !== undefined && failsOnRequest;
    return {
      operation: key,
      status,
      title,
      async provoke(session) {
        const body = mayRequest && takesBody ? validBody?.(key, session) : undefined;
        const isRequested = mayRequest && (!takesBody || body !== undefined);
        if (withheld !== undefined && !isRequested) return withheld;
        const headers = { prefer: `code=${status}` };
        const signing = signed ? "good" : "none";
        const planned = {
          operation: key,
          method,
          path,
          signing,
          purpose: title,
          ...call(operation),
          ...(isRequested && { headers, body, isThrottleExpected: status === 429 }),
        } as const;
        return [{ made: await session.call(planned), expectBody }];
      },
    };
  }
}

type Rule = {
  status: number;
  title: string;
  when?: (operation: Operation) => boolean;
  /** How the call differs from the default. */
  call?: (operation: Operation) => Partial<PlannedCall>;
  /** The body is the same each time. */
  expectBody?: ExpectedBody;
  /** Why it cannot be provoked. */
  reason?: string;
};

/** The largest body that API Gateway accepts. */
const mostBytes = 10_485_760;
const largeBodiesReason = "a body of ten megabytes is sent to no live service";
const failure = "nobody can make the service fail on purpose";

const rules: Rule[] = [
  {
    status: 200,
    title: "a preflight is answered",
    when: ({ method }) => method === "OPTIONS",
  },
  {
    status: 200,
    title: "an open call is answered",
    when: ({ method, path, signed }) => method === "GET" && !signed && !path.includes("{"),
  },
  {
    status: 403,
    title: "an unsigned call is refused",
    when: ({ signed }) => signed,
    call: ({ takesBody }) => ({ signing: "none", ...(takesBody && { body: {} }) }),
    expectBody: { message: "Missing Authentication Token" },
  },
  {
    status: 413,
    title: "a body over the limit is refused",
    call: () => ({ body: Buffer.alloc(mostBytes + 1, "a") }),
    expectBody: `HTTP content length exceeded ${mostBytes} bytes.`,
  },
  {
    status: 415,
    title: "another media type is refused",
    when: ({ takesBody }) => takesBody,
    call: () => ({ body: {}, headers: { "content-type": "text/csv" } }),
    expectBody: { message: "Unsupported Media Type" },
  },
  {
    status: 429,
    title: "a call too many is refused",
    reason: "the limits belong to whoever answers, and using them up would stop others",
  },
  { status: 500, title: "a failure of the service is answered", reason: failure },
  { status: 502, title: "a response that the gateway cannot use is answered", reason: failure },
  { status: 504, title: "a service that takes too long is answered", reason: failure },
];

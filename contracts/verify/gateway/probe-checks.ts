import { hasGateway, type OpenApi, type Operation } from "../../openapi/operations.ts";
import {
  type Check,
  createResultBuilder,
  type MadeCall,
  type PlannedCall,
  type ResultBuilder,
  type Signing,
} from "../check.ts";
import { redactValue } from "../redaction.ts";
import { headerOf } from "../wire.ts";
import { madeUpPath, type ProbeCall, probeCalls } from "./probe-calls.ts";
import { checkRefusal } from "./refusal-check.ts";
import { type ExpectedRefusal, refusals } from "./refusals.ts";

/**
 * Makes the checks of API Gateway itself: what it must refuse, with which message, and what it must let through.
 * What is configured for an operation (signature and API key) is checked for each one, the verification of
 * signatures for two. No call changes anything, even if the gateway lets it through by mistake.
 *
 * @returns none for a contract without a Signature Version 4 scheme.
 */
export function probeChecks({ openapi, operations }: { openapi: OpenApi; operations: Operation[] }): Check[] {
  if (!hasGateway(openapi)) return [];
  const calls = probeCalls(openapi, operations);
  const probed = [calls.find(({ body }) => !body), calls.find(({ body }) => body)].filter(
    (call): call is ProbeCall => call !== undefined,
  );
  const keyed = new Set(operations.filter(({ apiKeyHeader }) => apiKeyHeader).map(({ key }) => key));
  return [
    ...configured.flatMap((mistake) => calls.map((call) => refusedCall(mistake, call))),
    ...keyMistakes.flatMap((mistake) =>
      calls.filter(({ operation }) => keyed.has(operation)).map((call) => refusedCall(mistake, call)),
    ),
    ...signatureMistakes.flatMap((mistake) => probed.map((call) => refusedCall(mistake, call))),
    ...unknownRoutes(openapi, operations).map(refusedRoute),
    ...operations
      .filter(({ signed }) => !signed)
      .map((operation) => letThrough(openapi, operations, operation)),
  ];
}

/** What is wrong with a request, and how the gateway must refuse it. */
type Mistake = {
  id: string;
  /** Completes `ApiSubjectsPost refuses `. */
  words: string;
  signing: Signing;
  headers?: Record<string, string>;
  refusal: ExpectedRefusal;
};

const configured: Mistake[] = [
  { id: "unsigned", words: "an unsigned call", signing: "none", refusal: refusals.missingToken },
];

const keyMistakes: Mistake[] = [
  {
    id: "no-api-key",
    words: "a call without an API key",
    signing: "no api key",
    refusal: refusals.forbidden,
  },
  {
    id: "unknown-api-key",
    words: "an unknown API key",
    signing: "unknown api key",
    refusal: refusals.forbidden,
  },
];

const signatureMistakes: Mistake[] = [
  {
    id: "no-signature",
    words: "an Authorization that is no signature",
    signing: "none",
    headers: { authorization: "Bearer made-up" },
    refusal: refusals.noKeyValuePair,
  },
  {
    id: "incomplete",
    words: "a signature without its parts",
    signing: "none",
    headers: { authorization: "AWS4-HMAC-SHA256 Credential=made-up" },
    refusal: refusals.missingParameters,
  },
  {
    id: "host-not-signed",
    words: "a signature that leaves the host out",
    signing: "none",
    headers: {
      authorization: "AWS4-HMAC-SHA256 Credential=made-up, SignedHeaders=x-amz-date, Signature=made-up",
      "x-amz-date": "20200101T000000Z",
    },
    refusal: refusals.hostNotSigned,
  },
  { id: "expired", words: "a call signed an hour ago", signing: "expired", refusal: refusals.expired },
  {
    id: "future",
    words: "a call signed for an hour ahead",
    signing: "future",
    refusal: refusals.notYetCurrent,
  },
  { id: "wrong-region", words: "another region", signing: "wrong region", refusal: refusals.wrongRegion },
  { id: "wrong-service", words: "another service", signing: "wrong service", refusal: refusals.wrongService },
  {
    id: "wrong-region-and-service",
    words: "another region and service",
    signing: "wrong region and service",
    refusal: refusals.wrongRegionAndService,
  },
  {
    id: "unknown-access-key",
    words: "an unknown access key",
    signing: "unknown access key",
    refusal: refusals.unknownAccessKey,
  },
  { id: "wrong-secret", words: "another secret", signing: "wrong secret", refusal: refusals.wrongSignature },
  {
    id: "tampered-body",
    words: "a body that was changed after signing",
    signing: "tampered body",
    refusal: refusals.wrongSignature,
  },
];

function refusedCall({ id, words, signing, headers, refusal }: Mistake, call: ProbeCall): Check {
  return check({
    id: `${id}/${call.operation}`,
    title: `${call.operation} refuses ${words}`,
    planned: { ...call, signing, ...(headers && { headers }), purpose: words },
    assess: (made, builder) => checkRefusal(made, { builder, refusal, location: words }),
  });
}

type UnknownRoute = Pick<PlannedCall, "operation" | "method" | "path"> & { id: string; words: string };

/** An unknown route is refused like a missing signature, although the call is signed. */
function refusedRoute({ id, words, ...route }: UnknownRoute): Check {
  return check({
    id,
    title: `the gateway refuses ${words}`,
    planned: { ...route, purpose: words },
    assess: (made, builder) =>
      checkRefusal(made, { builder, refusal: refusals.missingToken, location: words }),
  });
}

function unknownRoutes(openapi: OpenApi, operations: Operation[]): UnknownRoute[] {
  const paths = [...new Set(operations.map(({ path }) => path))];
  const wrongMethods = paths.flatMap((path) => {
    const declared = operations.filter((operation) => operation.path === path).map(({ method }) => method);
    const method = otherMethods.find((name) => !declared.includes(name));
    return method ? [{ method, template: path }] : [];
  });
  const get = (path: string) => ({ operation: `GET ${path || "/"}`, method: "GET", path });
  return [
    { id: "unknown-path", words: "an unknown path", ...get("/no-such-path") },
    { id: "no-path", words: "the base path alone", ...get("") },
    { id: "empty-path", words: "the base path with a slash", ...get("/") },
    ...wrongMethods.map(({ method, template }) => ({
      id: `wrong-method${template}`,
      words: `${method} on ${template}`,
      operation: `${method} ${template}`,
      method,
      path: madeUpPath(openapi, operations.find(({ path }) => path === template)!),
    })),
  ];
}

/** The least dangerous first. */
const otherMethods = ["GET", "PATCH", "PUT", "DELETE"];

function letThrough(openapi: OpenApi, operations: Operation[], operation: Operation): Check {
  const { key, method, path, statuses } = operation;
  const status = Number(statuses.find((code) => code.startsWith("2")) ?? 200);
  const location = "unsigned";
  const preflight = method === "OPTIONS";
  return check({
    id: `let-through/${key}`,
    title: `${key} answers an unsigned call`,
    planned: {
      operation: key,
      method,
      path: madeUpPath(openapi, operation),
      signing: "none",
      ...(preflight && { headers: { origin, "access-control-request-method": "POST" } }),
      purpose: preflight ? "CORS preflight" : "an unsigned call",
    },
    assess({ response }, builder) {
      const assert = (instancePath: string, holds: boolean, expected: string, actual: string) =>
        builder.assert({ operation: key, status, location, instancePath, holds, expected, actual });
      if (
        !assert("status", response.status === status, String(status), String(response.status)) ||
        !preflight
      )
        return;
      for (const [name, rule] of Object.entries(
        corsRules(operations.filter((other) => other.path === path)),
      )) {
        const value = headerOf(response, name);
        assert(`header ${name}`, rule.allows(value ?? ""), rule.says, redactValue(value));
      }
    },
  });
}

const origin = "https://browser.example";

type CorsRule = { says: string; allows: (value: string) => boolean };

/** The headers that a browser needs before it sends the calls of a path. */
function corsRules(operations: Operation[]): Record<string, CorsRule> {
  const methods = operations.map(({ method }) => method);
  const headers = operations.flatMap(({ signed, apiKeyHeader, takesBody }) => [
    ...(signed ? ["authorization", "x-amz-date"] : []),
    ...(apiKeyHeader ? [apiKeyHeader] : []),
    ...(takesBody ? ["content-type"] : []),
  ]);
  return {
    "access-control-allow-origin": {
      says: "* or the origin that asks",
      allows: (value) => value === "*" || value === origin,
    },
    "access-control-allow-methods": listRule(methods),
    ...(headers.length > 0 && { "access-control-allow-headers": listRule(headers) }),
  };
}

function listRule(names: string[]): CorsRule {
  const wanted = [...new Set(names)];
  return {
    says: `a list with ${wanted.join(", ")}`,
    allows(value) {
      const listed = value
        .toLowerCase()
        .split(",")
        .map((name) => name.trim());
      return wanted.every((name) => listed.includes(name.toLowerCase()));
    },
  };
}

function check(probe: {
  id: string;
  title: string;
  planned: PlannedCall;
  assess(made: MadeCall, builder: ResultBuilder): void;
}): Check {
  const { id, title, planned, assess } = probe;
  return {
    id: `probe/${id}`,
    part: "probe",
    operation: planned.operation,
    title,
    async run(session) {
      const builder = createResultBuilder("probe");
      assess(await session.call(planned), builder);
      return builder.result();
    },
  };
}

import type { OpenApi } from "../../contracts/openapi/operations.ts";
import type { Validation, Violation } from "../../contracts/openapi/validation.ts";
import type { Documented, DocumentedResponse } from "../documented/documented.ts";
import { kindOf } from "../documented/media.ts";
import { withObjects } from "../documented/object-query.ts";
import type { HttpRequest } from "../http/request.ts";
import { type PrismResponse, wanted } from "./prism.ts";
import { securityCheck } from "./security.ts";

type Written = PrismResponse<string | Buffer | undefined>;

/**
 * Responds to requests for operations that Prism cannot read in a reasonable time: valid or not by the contract's
 * validators, with the statuses, headers and problems that Prism has for each.
 */
export function createLargeEngine(
  openapi: OpenApi,
  {
    validation,
    checkSecurity,
    seed,
    documented,
  }: { validation: Validation; checkSecurity: boolean; seed: string | undefined; documented: Documented },
): (request: HttpRequest) => Written {
  return (request) => {
    const { operation } = request.route!;
    if (checkSecurity) {
      const admits = securityCheck(openapi, operation.definition);
      if (!admits(request.headers, request.queryValues)) return invalid(request, [unauthorized], [401]);
    }
    const violations = violationsOf(request);
    const isMediaType = violations.some(({ keyword }) => keyword === "mediaType");
    if (violations.length > 0)
      return invalid(request, violations, isMediaType ? [415, 422, 400] : [422, 400]);
    const accept = request.headers.get("accept");
    const response = documented.respond(operation, { ...wanted(request.preference, { seed }), accept });
    if (!("message" in response)) return writtenOwn({ ...response, violations: [] });
    const kind = response.status === 404 ? "NOT_FOUND" : "NOT_ACCEPTABLE";
    return problem(response.status, { kind, title: response.message, violations: [] });
  };

  /** A body that is no JSON is not decoded, and so not compared with a schema. */
  function violationsOf(request: HttpRequest): Violation[] {
    const { operation, pathParameters } = request.route!;
    const { mediaType, headers, value: body } = request;
    const query = withObjects(openapi, operation, request.queryValues);
    const unknown = body === undefined ? undefined : validation.mediaType(operation.key, mediaType);
    if (unknown) return [unknown];
    const isDecoded = body === undefined || kindOf(mediaType ?? "application/json") === "json";
    const found = validation.request(operation.key, {
      pathParameters,
      query,
      headers: Object.fromEntries(headers),
      mediaType,
      body,
    });
    return isDecoded ? found : found.filter(({ place }) => place[0] !== "body");
  }

  /** The first documented response for an invalid request, else a problem. */
  function invalid(request: HttpRequest, violations: Violation[], codes: number[]): Written {
    const { operation } = request.route!;
    const code =
      codes.find((one) => operation.statuses.includes(String(one))) ??
      (operation.statuses.includes("default") ? codes[0] : undefined);
    const response = code === undefined ? undefined : documented.respond(operation, { code });
    if (response && !("message" in response)) {
      const headers = { ...response.headers, "sl-violations": headerOf(violations) };
      return writtenOwn({ ...response, headers, violations });
    }
    const [status] = codes as [number];
    return problem(status, { kind: kinds[status]!, title: titles[status]!, violations });
  }
}

const unauthorized: Violation = {
  place: ["header"],
  keyword: "401",
  params: {},
  message: "Invalid security scheme used",
};

const kinds: Record<number, string> = {
  401: "UNAUTHORIZED",
  415: "INVALID_CONTENT_TYPE",
  422: "UNPROCESSABLE_ENTITY",
};
const titles: Record<number, string> = {
  401: "Invalid security scheme used",
  415: "Invalid content type",
  422: "Invalid request",
};

/** As Prism's problems are. @see https://www.rfc-editor.org/rfc/rfc9457 */
function problem(
  status: number,
  { kind, title, violations }: { kind: string; title: string; violations: Violation[] },
): Written {
  const validation = violations.map(({ place, keyword, message }) => ({
    location: place,
    severity: "Error",
    code: keyword,
    message,
  }));
  const body = {
    type: `https://stoplight.io/prism/errors#${kind}`,
    title,
    status,
    detail: title,
    validation,
  };
  return {
    status,
    headers: { "Content-Type": "application/problem+json" },
    mediaType: "application/problem+json",
    body: JSON.stringify(body),
    violations:
      violations.length > 0 ? violations : [{ place: [], keyword: "prefer", params: {}, message: title }],
  };
}

/** A response of our own, its body written. */
export function writtenOwn(response: PrismResponse & Partial<Pick<DocumentedResponse, "isJson">>): Written {
  const { status, headers, mediaType, body, violations, isJson = false } = response;
  const written = isJson ? JSON.stringify(body) : (body as string | Buffer | undefined);
  return {
    status,
    headers: mediaType === undefined ? headers : { ...headers, "Content-Type": mediaType },
    mediaType,
    body: written,
    violations,
  };
}

/** Violations as the `sl-violations` header has them, as far as a header can be long. */
function headerOf(violations: Violation[]): string {
  const located = violations.map(({ place, keyword, message }) => ({
    location: ["request", ...place],
    severity: "Error",
    code: keyword,
    message,
  }));
  const text = JSON.stringify(located).replaceAll(
    /[^\x20-\x7e]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return text.length > 8000 ? `Too many violations! ${text.slice(0, 8000)}` : text;
}

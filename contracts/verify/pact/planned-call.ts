import type { PlannedCall } from "../check.ts";
import { jsonPathSteps } from "./json-path.ts";
import type { Interaction } from "./pact.ts";
import type { VerifierRequest } from "./verifier.ts";

/** The request that the Verifier will make. Values that it would generate itself remain examples. */
export function requestOf(interaction: Interaction, values: Record<string, string>): VerifierRequest {
  const { method, path, headers, body, expressions } = interaction;
  const evaluate = (text: string) => text.replaceAll(placeholders, (_, name: string) => values[name] ?? "");
  const [, query = ""] = path.split(/(?=\?)/);
  const content = Object.entries(expressions.body).reduce(
    (whole, [path, expression]) =>
      replaced(whole, { steps: jsonPathSteps(path), value: evaluate(expression) }),
    body,
  );
  return {
    method,
    path: expressions.path === undefined ? path : `${evaluate(expressions.path)}${query}`,
    headers,
    body:
      content === undefined
        ? undefined
        : Buffer.from(typeof content === "string" ? content : JSON.stringify(content)),
  };
}

function replaced(whole: unknown, { steps, value }: { steps: string[]; value: string }): unknown {
  const [step, ...rest] = steps;
  if (step === undefined) return value;
  if (typeof whole !== "object" || whole === null) return whole;
  const child = replaced((whole as Record<string, unknown>)[step], { steps: rest, value });
  return Array.isArray(whole) ? whole.with(Number(step), child) : { ...whole, [step]: child };
}

/** The Verifier's request as a planned call. The session adds credentials and the headers of the connection. */
export function plannedCall({
  method,
  path,
  headers,
  body,
}: VerifierRequest): Omit<PlannedCall, "purpose" | "operation"> {
  const own = Object.entries(headers).filter(
    ([name, value]) => !sessionHeaders.has(name) && !defaults.get(name)?.includes(value),
  );
  return {
    method,
    path: withSortedQuery(path),
    ...(body && { body: bytesOrJson(body) }),
    ...(own.length > 0 && { headers: Object.fromEntries(own) }),
  };
}

/** The default values of the session and of the Verifier. */
const defaults = new Map([
  ["accept", ["application/json", "*/*"]],
  ["content-type", ["application/json"]],
]);
const sessionHeaders = new Set([
  "accept-encoding",
  "authorization",
  "connection",
  "content-length",
  "host",
  "transfer-encoding",
  "user-agent",
  "x-amz-content-sha256",
  "x-amz-date",
  "x-amz-security-token",
  "x-api-key",
]);

/** The Verifier writes the parameters of a query in random order. */
function withSortedQuery(target: string): string {
  const [path = "", query] = target.split(/\?(.*)/s);
  if (!query) return path;
  const parameters = new URLSearchParams(query);
  parameters.sort();
  return `${path}?${parameters}`;
}

/** A body that is not JSON is sent unchanged. */
function bytesOrJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return body;
  }
}

/** The names of the provider states' values in a request. */
export function valueNamesOf({ expressions }: Interaction): string[] {
  const texts = [expressions.path ?? "", ...Object.values(expressions.body)];
  return texts.flatMap((text) => [...text.matchAll(placeholders)].map(([, name]) => name!));
}

const placeholders = /\$\{([^{}]*)\}/g;

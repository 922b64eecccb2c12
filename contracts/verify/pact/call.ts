import type { PlannedCall } from "../check.ts";
import { jsonPathSteps } from "./json-path.ts";
import type { Interaction } from "./pact.ts";
import type { RelayedRequest } from "./verifier.ts";

/** The request as the Verifier will make it; values that it would make up itself stay examples. */
export function requestOf(interaction: Interaction, values: Record<string, string>): RelayedRequest {
  const { method, path, headers, body, given } = interaction;
  const filled = (text: string) => text.replaceAll(placeholders, (_, name: string) => values[name] ?? "");
  const [, query = ""] = path.split(/(?=\?)/);
  const content = Object.entries(given.body).reduce(
    (whole, [place, expression]) =>
      replaced(whole, { steps: jsonPathSteps(place), value: filled(expression) }),
    body,
  );
  return {
    method,
    path: given.path === undefined ? path : `${filled(given.path)}${query}`,
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

/** The Verifier's request as the scene takes it: the scene adds credentials and what belongs to the wire. */
export function plannedCall({
  method,
  path,
  headers,
  body,
}: RelayedRequest): Omit<PlannedCall, "purpose" | "operation"> {
  const own = Object.entries(headers).filter(
    ([name, value]) => !ofTheScene.has(name) && !usual[name]?.includes(value),
  );
  return {
    method,
    path: withSortedQuery(path),
    ...(body && { body: bytesOrJson(body) }),
    ...(own.length > 0 && { headers: Object.fromEntries(own) }),
  };
}

/** What a scene sends unless told otherwise, and what the Verifier does. */
const usual: Record<string, string[]> = {
  accept: ["application/json", "*/*"],
  "content-type": ["application/json"],
};
const ofTheScene = new Set([
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

/** The Verifier keeps a query as a map, and writes it in any order. */
function withSortedQuery(target: string): string {
  const [path = "", query] = target.split(/\?(.*)/s);
  if (!query) return path;
  const parameters = new URLSearchParams(query);
  parameters.sort();
  return `${path}?${parameters}`;
}

/** Bytes that are no JSON are sent as they are. */
function bytesOrJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return body;
  }
}

/** The names of all values that a request takes from its states. */
export function givenNames({ given }: Interaction): string[] {
  const texts = [given.path ?? "", ...Object.values(given.body)];
  return texts.flatMap((text) => [...text.matchAll(placeholders)].map(([, name]) => name!));
}

const placeholders = /\$\{([^}]*)\}/g;

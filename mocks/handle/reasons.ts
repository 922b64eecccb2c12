import type { Operation } from "../../contracts/openapi/operations.ts";
import type { createRouter } from "../../contracts/openapi/router.ts";
import type { Violation } from "../../contracts/openapi/validation.ts";
import { documentedExamples } from "../faults/matching.ts";
import type { Preference } from "../http/preference.ts";
import type { HttpRequest } from "../http/request.ts";

/** Why a request leads to no operation. */
export function unknownRouteReason(
  { method, path }: HttpRequest,
  {
    base,
    route,
    operations,
  }: { base: string; route: ReturnType<typeof createRouter>; operations: Operation[] },
): string {
  if (base !== "" && route(method, `${base}${path}`))
    return `The path lacks the base path: ${base}${shortened(path)} is in the contract.`;
  const methods = [...new Set(operations.map((operation) => operation.method))];
  const allowed = methods.filter((other) => route(other, path));
  if (allowed.length > 0) return `This path has no ${shortened(method)}. It has ${allowed.join(", ")}.`;
  if (path.endsWith("/") && methods.some((other) => route(other, path.slice(0, -1))))
    return "The path ends with a slash, which makes it another one.";
  return `The contract has no such path. Its paths stand below ${base || "/"}.`;
}

/** Why an API key is refused. The key itself is not shown. */
export function apiKeyReason(header: string, key: string | undefined): string {
  if (!key) return `The header ${header} is missing. It names the application by its API key.`;
  return `The API key in ${header} is not one of this world's. The mock prints its keys when it starts, and a test's world has its own.`;
}

/** Why a signature is refused where nothing in the request shows it; other refusals say it in their own text. */
export const signatureReasons: Record<string, string> = {
  unauthorized: "What the operation's authorizer reads is not in the request.",
  missingAuthenticationToken: "The request is not signed: it has no Authorization header.",
  unrecognizedClient:
    "No world of this mock has this access key ID, or the session token is not the one that belongs to it.",
  signatureMismatch:
    "Nothing in the request explains the signature: most likely it was made with another secret access key.",
};

/**
 * The violation of a `Prefer` header that asks for a status or an example that the contract does not document;
 * the message lists those that it does. Or of one whose `dynamic` says neither yes nor no.
 */
export function undocumentedPreference(
  preference: Preference,
  operation: Operation,
  alternatives: (operation: Operation, status: number) => string[] = () => [],
): Violation | undefined {
  const { code, unknownCode, unknownDynamic, example } = preference;
  const { key, statuses, examples } = operation;
  if (unknownCode !== undefined || (code !== undefined && !isDocumented(code, statuses))) {
    const asked = shortened(unknownCode ?? String(code));
    return violation(`code=${asked} is not documented for ${key}; documented: ${statuses.join(", ")}`);
  }
  if (unknownDynamic !== undefined)
    return violation(`dynamic=${shortened(unknownDynamic)} is neither true nor false`);
  if (example === undefined) return undefined;
  const status = code ?? Number(statuses.find((name) => /^2\d\d$/.test(name)) ?? statuses[0]);
  if (documentedExamples(status, operation).includes(example)) return undefined;
  if (alternatives(operation, status).includes(example)) return undefined;
  const documented = Object.entries(examples).map(([name, names]) => `${name}: ${names.join(", ")}`);
  return violation(
    `example=${shortened(example)} is not documented for ${status} of ${key}; documented: ${documented.join("; ") || "none"}`,
  );
}

function isDocumented(code: number, statuses: string[]): boolean {
  return [String(code), `${String(code)[0]}XX`, "default"].some((name) => statuses.includes(name));
}

function violation(message: string): Violation {
  return { place: ["header", "prefer"], keyword: "prefer", params: {}, message };
}

function shortened(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

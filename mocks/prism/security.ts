import type { OpenApi } from "../../contracts/openapi/operations.ts";

/** Whether a request carries credentials that Prism accepts. */
export type SecurityCheck = (
  headers: ReadonlyMap<string, string>,
  query: Record<string, string | string[]>,
) => boolean;

/**
 * Reads which credentials an operation wants: all of one alternative. They are only looked for, as Prism
 * does; of schemes that are not listed here nobody but Prism knows.
 *
 * @see https://spec.openapis.org/oas/v3.1.1.html#security-requirement-object
 */
export function securityCheck(openapi: OpenApi, operation: { security?: unknown }): SecurityCheck {
  const alternatives = (operation.security ?? openapi.security ?? []) as Record<string, unknown>[];
  if (alternatives.length === 0) return () => true;
  const schemes = (openapi.components?.securitySchemes ?? {}) as Record<string, Scheme>;
  const checks = alternatives.map((names) => Object.keys(names).map((name) => checkOf(schemes[name])));
  return (headers, query) =>
    checks.some((together) =>
      together.length === 0
        ? !headers.has("authorization")
        : together.every((check) => check(headers, query)),
    );
}

type Scheme = { type: string; in?: string; name?: string; scheme?: string };

function checkOf(scheme: Scheme | undefined): SecurityCheck {
  const { type, in: place, name = "", scheme: http } = scheme ?? { type: "" };
  const kind = type === "apiKey" ? `apiKey ${place}` : type === "http" ? `http ${http?.toLowerCase()}` : type;
  return kinds[kind]?.(name) ?? (() => false);
}

const bearer = (): SecurityCheck => (headers) => /^Bearer\s.+$/.test(headers.get("authorization") ?? "");

const kinds: Record<string, (name: string) => SecurityCheck> = {
  "apiKey header": (name) => (headers) => Boolean(headers.get(name.toLowerCase())),
  "apiKey query": (name) => (_, query) => Boolean(query[name]),
  "http bearer": bearer,
  "http basic": () => (headers) => {
    const [, token] = /^basic (\S+)$/i.exec(headers.get("authorization") ?? "") ?? [];
    return token !== undefined && Buffer.from(token, "base64").toString().split(":").length === 2;
  },
  oauth2: bearer,
  openIdConnect: bearer,
};

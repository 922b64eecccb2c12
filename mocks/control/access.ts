import { hash, timingSafeEqual } from "node:crypto";
import type { HttpRequest } from "../http/request.ts";
import { ControlError } from "./control-error.ts";

/**
 * Lets through who may control the mock: with a token, whoever shows it; without one, this machine only,
 * and no web page. A page of another origin can make a browser call loopback, by its address or by a name
 * of its own that resolves to it (DNS rebinding); the browser then names that origin or that host.
 *
 * @param headers by lower-case name.
 * @throws {ControlError} 401 or 403.
 */
export function checkAccess(
  request: HttpRequest,
  { headers, token }: { headers: ReadonlyMap<string, string>; token: string | undefined },
): void {
  if (token === undefined) checkPlace(request, headers);
  else checkToken(headers, token);
}

function checkPlace(request: HttpRequest, headers: ReadonlyMap<string, string>): void {
  if (request.fromLoopback === false) throw forbidden("Control calls are taken from this machine only");
  const host = headers.get("host");
  const origin = headers.get("origin");
  if (host !== undefined && !isLoopback(host))
    throw forbidden(`Control calls must be addressed to a loopback name, not to the host "${shown(host)}"`);
  if (origin !== undefined && !isLoopback(origin.replace(/^https?:\/\//, "")))
    throw forbidden(`Control calls are not taken from pages of the origin "${shown(origin)}"`);
}

function checkToken(headers: ReadonlyMap<string, string>, token: string): void {
  const [, bearer] = /^bearer +(.*)$/i.exec(headers.get("authorization") ?? "") ?? [];
  const given = headers.get("x-necid-control-token") ?? bearer ?? "";
  // Hashes are of one length, so the comparison takes the same time whatever was given.
  if (timingSafeEqual(digest(given), digest(token))) return;
  throw new ControlError(
    401,
    "CONTROL_TOKEN",
    "This mock was started with a control token. Send it: Authorization: Bearer TOKEN, or x-necid-control-token: TOKEN.",
    { "WWW-Authenticate": 'Bearer realm="necid control"' },
  );
}

function digest(text: string): Buffer {
  return hash("sha256", text, "buffer");
}

function forbidden(reason: string): ControlError {
  const next = "To open them, start the mock with --control-token TOKEN and send the token.";
  return new ControlError(403, "CONTROL_FORBIDDEN", `${reason}. ${next}`);
}

/** A host as in a Host header, with or without a port. */
function isLoopback(host: string): boolean {
  return /^(localhost|[\w.-]+\.localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i.test(host);
}

function shown(text: string): string {
  return text.slice(0, 100).replaceAll(/[^ -~]/g, "?");
}

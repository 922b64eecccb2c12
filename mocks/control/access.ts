import { hash, timingSafeEqual } from "node:crypto";
import { isLoopbackHost } from "../../contracts/trust/loopback.ts";
import type { HttpRequest } from "../http/request.ts";
import { ControlError } from "./control-error.ts";

/** Who may control the mock. */
export type Access = {
  /** Demanded from everybody. Without one, this machine alone may call. */
  token: string | undefined;
  /** The mock's own base URL. */
  url: () => string;
};

/**
 * Lets through who may control the mock: with a token, whoever shows it; without one, this machine only,
 * and no web page of another origin. Such a page can make a browser call loopback, by its address or by a name
 * of its own that resolves to it (DNS rebinding); the browser then names that origin or that host, or says that
 * the page is another site's. Another port of this machine is another origin: anything may be served there.
 *
 * @throws {ControlError} 401 or 403.
 * @see https://fetch.spec.whatwg.org/#origin-header
 * @see https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header
 */
export function checkAccess(request: HttpRequest, { token, url }: Access): void {
  if (token === undefined) checkPlace(request, url);
  else checkToken(request.headers, token);
}

function checkPlace({ fromLoopback, headers }: HttpRequest, url: () => string): void {
  if (fromLoopback === false) throw forbidden("Control calls are taken from this machine only");
  const host = headers.get("host");
  if (host !== undefined && !isLoopback(host))
    throw forbidden(`Control calls must be addressed to a loopback name, not to the host "${shown(host)}"`);
  const origin = headers.get("origin");
  if (origin !== undefined && !isOwnOrigin(origin, url()))
    throw forbidden(`Control calls are not taken from pages of the origin "${shown(origin)}"`);
  // A browser sends no Origin with a plain GET.
  const site = headers.get("sec-fetch-site");
  if (site !== undefined && site !== "same-origin" && site !== "none")
    throw forbidden(
      `Control calls are not taken from pages of another site (Sec-Fetch-Site: ${shown(site)})`,
    );
}

/** Whether a page of this origin came from the mock itself: a literal loopback host, and the mock's own port. */
function isOwnOrigin(origin: string, url: string): boolean {
  const { hostname, port } = new URL(url);
  const hosts = ["localhost", "127.0.0.1", "[::1]", ...(isLoopback(hostname) ? [hostname] : [])];
  return hosts.some((host) => origin === `http://${host}${port && `:${port}`}`);
}

function checkToken(headers: ReadonlyMap<string, string>, token: string): void {
  const authorization = headers.get("authorization") ?? "";
  const bearer = /^bearer /i.test(authorization) ? authorization.slice("bearer ".length).trimStart() : "";
  const given = headers.get("x-necid-control-token") ?? bearer;
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
  const [, name = "", port = "0"] = /^(.*?)(?::(\d{1,5}))?$/.exec(host) ?? [];
  return isLoopbackHost(name.toLowerCase()) && Number(port) <= 65_535;
}

function shown(text: string): string {
  return text.slice(0, 100).replaceAll(/[^ -~]/g, "?");
}

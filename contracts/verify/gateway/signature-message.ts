import { hash } from "node:crypto";
import type { SentRequest } from "../wire.ts";

/**
 * What API Gateway says of a signature that is wrong: the canonical request and the string to sign that
 * it must have computed from the request as it was sent. Holds the values of signed headers.
 *
 * @param request signed in its `authorization` header, without a query.
 * @see AWS "Signature Version 4 signing process", steps 1 and 2.
 */
export function signatureMessage(request: SentRequest): string {
  const headers = new Map(request.headers.map(([name, value]) => [name.toLowerCase(), tidied(value)]));
  const { host, pathname } = new URL(request.url);
  headers.set("host", host);
  const [, scope = "", signedHeaders = ""] =
    /Credential=[^/]*\/([^,]*), ?SignedHeaders=([^,]*)/.exec(headers.get("authorization") ?? "") ?? [];
  const canonical = [
    request.method,
    pathname.split("/").map(encoded).join("/"),
    "",
    ...signedHeaders.split(";").map((name) => `${name}:${headers.get(name) ?? ""}`),
    "",
    signedHeaders,
    hash("sha256", request.body ?? ""),
  ].join("\n");
  const toSign = ["AWS4-HMAC-SHA256", headers.get("x-amz-date"), scope, hash("sha256", canonical)].join("\n");
  return [
    "The request signature we calculated does not match the signature you provided. " +
      "Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
    `The Canonical String for this request should have been\n'${canonical}'`,
    `The String-to-Sign should have been\n'${toSign}'\n`,
  ].join("\n\n");
}

function tidied(value: string): string {
  return value.trim().replaceAll(/[ \t]+/g, " ");
}

/** @see https://www.rfc-editor.org/rfc/rfc3986#section-2.3 */
function encoded(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

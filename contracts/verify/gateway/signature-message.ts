import { hash } from "node:crypto";
import { canonicalRequest } from "../../canonical-request.ts";
import { headerOf, type SentRequest } from "../wire.ts";

/**
 * The message of API Gateway's refusal of a wrong signature: it contains the canonical request and the string
 * to sign of the request as it was sent, and so the values of the signed headers.
 *
 * @param request signed in its `authorization` header.
 */
export function signatureMessage(request: SentRequest): string {
  const [, scope = "", signedHeaders = ""] =
    /^[^=]*Credential=[^/]*\/([^,]*), ?SignedHeaders=([^,]*)/.exec(
      headerOf(request, "authorization") ?? "",
    ) ?? [];
  const canonical = canonicalRequest(request, {
    signedHeaders: signedHeaders.split(";"),
    payloadHash: hash("sha256", request.body ?? ""),
  });
  const toSign = ["AWS4-HMAC-SHA256", headerOf(request, "x-amz-date"), scope, hash("sha256", canonical)].join(
    "\n",
  );
  return [
    "The request signature we calculated does not match the signature you provided. " +
      "Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
    `The Canonical String for this request should have been\n'${canonical}'`,
    `The String-to-Sign should have been\n'${toSign}'\n`,
  ].join("\n\n");
}

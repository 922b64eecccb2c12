import { createHmac, hash } from "node:crypto";
import {
  requestToSign,
  type SigningOptions,
  signatureHeaders,
  stringToSign,
  type UnsignedRequest,
} from "./canonical-request.ts";

/**
 * Returns the headers that sign a request: `authorization` and `x-amz-date`, and `x-api-key` and
 * `x-amz-security-token` if the options have them. Changes nothing that is passed in.
 *
 * This one is synchronous and needs Node. `contracts/client/signer.ts` signs the same with Web Crypto.
 *
 * The payload hash is always that of the bytes, whatever `x-amz-content-sha256` says.
 *
 * @param options.now Unix time in milliseconds to sign for.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function sign(
  request: UnsignedRequest,
  options: SigningOptions & { now: number },
): Record<string, string> {
  const { accessKeyId, secretAccessKey } = options;
  const ready = requestToSign(request, options, hash("sha256", request.body ?? ""));
  let key: string | Buffer = `AWS4${secretAccessKey}`;
  for (const part of ready.scope) key = hmac(key, part);
  const signature = hmac(key, stringToSign(ready, hash("sha256", ready.canonicalRequest))).toString("hex");
  return signatureHeaders(ready, { accessKeyId, signature });
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

import type { Middleware } from "openapi-fetch";
import {
  requestToSign,
  type SigningOptions,
  signatureHeaders,
  stringToSign,
  type UnsignedRequest,
} from "../canonical-request.ts";

/**
 * Returns the headers that sign a request, dated with `now`, Unix time in milliseconds. `payloadHash` is the SHA-256
 * of its body in hexadecimal.
 */
export type Signer = (
  request: Omit<UnsignedRequest, "body"> & { payloadHash: string },
  now: number,
) => Promise<Record<string, string>>;

/**
 * Creates a signer on Web Crypto, which browsers, workers, edge runtimes and Node have. It derives the signing key
 * once a day.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function createSigner(options: SigningOptions): Signer {
  const { accessKeyId, secretAccessKey } = options;
  let derived: { scope: string; key: Promise<CryptoKey> } | undefined;

  return async function signer(request, now) {
    const ready = requestToSign(request, { ...options, now }, request.payloadHash);
    const scope = ready.scope.join("/");
    if (derived?.scope !== scope) derived = { scope, key: deriveKey(secretAccessKey, ready.scope) };
    const text = stringToSign(ready, await sha256(utf8.encode(ready.canonicalRequest)));
    const signature = hex(await hmac(await derived.key, text));
    return signatureHeaders(ready, { accessKeyId, signature });
  };
}

/**
 * Signs a `Request`. Returns a new one with the same bytes. It follows no redirect, because a signature is
 * valid for one URL only.
 *
 * @param options.clock Unix time in milliseconds, by default `Date.now`.
 * @example
 * const response = await fetch(await signRequest(new Request(url), { accessKeyId, secretAccessKey, apiKey }));
 */
export function signRequest(
  request: Request,
  options: SigningOptions & { clock?: () => number },
): Promise<Request> {
  const { clock = Date.now, ...signing } = options;
  return signWith(createSigner(signing), request, clock());
}

/**
 * Creates an openapi-fetch middleware that signs, for a client of your own. It must be the last middleware,
 * also after those of single calls. `createSignedClient` does not need it.
 *
 * @example
 * client.use(signingMiddleware({ accessKeyId, secretAccessKey, apiKey }));
 */
export function signingMiddleware(options: SigningOptions & { clock?: () => number }): Middleware {
  const { clock = Date.now, ...signing } = options;
  const signer = createSigner(signing);
  return { onRequest: ({ request }) => signWith(signer, request, clock()) };
}

/** The SHA-256 of bytes in hexadecimal. */
export async function sha256(bytes: Uint8Array): Promise<string> {
  return hex(await subtle().digest("SHA-256", bytes as Uint8Array<ArrayBuffer>));
}

async function signWith(signer: Signer, request: Request, now: number): Promise<Request> {
  const body = request.body ? new Uint8Array(await request.arrayBuffer()) : undefined;
  const { method, url, signal } = request;
  const headers = new Headers(request.headers);
  const payloadHash = await sha256(body ?? new Uint8Array());
  const added = await signer({ method, url, headers, payloadHash }, now);
  for (const [name, value] of Object.entries(added)) headers.set(name, value);
  return new Request(url, { method, headers, body, signal, redirect: "manual" });
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#derive-signing-key */
async function deriveKey(secretAccessKey: string, scope: readonly string[]): Promise<CryptoKey> {
  let key = await hmacKey(utf8.encode(`AWS4${secretAccessKey}`));
  for (const part of scope) key = await hmacKey(await hmac(key, part));
  return key;
}

function hmacKey(bytes: BufferSource): Promise<CryptoKey> {
  return subtle().importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
}

function hmac(key: CryptoKey, text: string): Promise<ArrayBuffer> {
  return subtle().sign("HMAC", key, utf8.encode(text));
}

/** Browsers have Web Crypto in secure contexts only. */
function subtle(): SubtleCrypto {
  if (globalThis.crypto?.subtle) return crypto.subtle;
  throw new Error("Web Crypto is not available here. Serve the page over https or from localhost.");
}

function hex(bytes: ArrayBuffer): string {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const utf8 = new TextEncoder();

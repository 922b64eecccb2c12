import { hash, timingSafeEqual } from "node:crypto";
import { createCache } from "../http/cache.ts";
import type { HttpRequest } from "../http/request.ts";

import {
  type Authorization,
  readAuthorization,
  refuse,
  type SignatureRefusal,
  utf8,
} from "./authorization.ts";
import {
  type CanonicalRequest,
  canonicalRequest,
  canonicalText,
  type PathRule,
  withHost,
} from "./canonical.ts";
import { type HmacKey, hmac, hmacKey } from "./hmac.ts";
import type { ScopeFault } from "./refusals.ts";

export type { SignatureRefusal };

type SecretKey = { secretAccessKey: string; sessionToken?: string };

export type SignatureOptions = {
  /**
   * The region and service that a credential must be scoped to, e.g. `ap-southeast-2`, `execute-api`; `undefined` where
   * nobody knows it, and any is right.
   */
  region: string | undefined;
  service: string | undefined;
  /** Looks up an access key; undefined when nobody holds it. */
  credentials: (accessKeyId: string) => SecretKey | undefined;
  /** Host names, with a port where the client signs one, that may stand in for the received Host. */
  publicHosts?: readonly string[];
  /** Milliseconds since the epoch. */
  now: () => number;
  /** See `PathRule`; API Gateway's by default. */
  pathRule?: PathRule;
};

/**
 * Makes a verifier of Signature Version 4 as API Gateway has it: undefined when the signature is right,
 * else the refusal, docs/api-gateway.md rows 1 and 3 to 17 in the gateway's order.
 *
 * It works on bytes as received, never throws, and takes time proportional to the request's size times the
 * number of hosts. The body is hashed as received; `x-amz-content-sha256` is a header like any other. The
 * client may have signed the Host with or without its port, or one of `publicHosts`.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function createSignatureVerifier(options: SignatureOptions): SignatureVerifier {
  const { credentials, publicHosts = [], now, pathRule = "encode-once-more" } = options;
  const signingKey = createSigningKeys();

  return (request) => {
    const authorization = readAuthorization(request);
    if ("kind" in authorization) return authorization;

    const early = refusedByTime(authorization, now()) ?? refusedByScope(authorization, options);
    if (early) return early;

    const { accessKeyId, scope } = authorization;
    const holder = credentials(accessKeyId);
    if (!holder || !sameText(authorization.securityToken ?? "", holder.sessionToken ?? "")) {
      return refuse("unrecognizedClient");
    }

    const key = signingKey(accessKeyId, holder.secretAccessKey, scope as Scope);
    const { signedHeaders, place, date, signature } = authorization;
    const server = canonicalRequest(request, {
      signedHeaders,
      pathRule,
      presigned: place === "query",
    });
    const isSigned = (parts: CanonicalRequest) =>
      sameSignature(hmac(key, stringToSign({ date, scope, canonical: canonicalText(parts) })), signature);
    // Nearly every client signs for the host that it sent.
    if (isSigned(server)) return undefined;
    const others = acceptedHosts(request.headers.get("host") ?? "", publicHosts);
    if (others.some((host) => isSigned(withHost(server, host)))) return undefined;

    const canonical = canonicalText(server);
    const toSign = stringToSign({ date, scope, canonical });
    return {
      ...refuse("signatureMismatch", canonical, toSign),
      canonicalRequest: utf8(canonical),
      stringToSign: utf8(toSign),
    };
  };
}

export type SignatureVerifier = (request: HttpRequest) => SignatureRefusal | undefined;

/** Date, region, service and terminator of a credential. */
export type Scope = readonly [date: string, region: string, service: string, terminator: string];

/** The text whose HMAC is the signature; `canonical` is one character for each byte. */
export function stringToSign(parts: { date: string; scope: readonly string[]; canonical: string }): string {
  const hashed = hash("sha256", Buffer.from(parts.canonical, "latin1"), "hex");
  return `AWS4-HMAC-SHA256\n${parts.date}\n${parts.scope.join("/")}\n${hashed}`;
}

/** The key of one secret, day and scope, derived by four HMACs. */
export function deriveSigningKey(secretAccessKey: string, scope: Scope): HmacKey {
  const first = hmacKey(Buffer.from(`AWS4${secretAccessKey}`, "utf8"));
  return scope.reduce((key, part) => hmacKey(Buffer.from(hmac(key, part), "hex")), first);
}

/** Compares 64 lower-case hexadecimal digits with what a client sent, in a time that does not depend on them. */
export function sameSignature(expected: string, signature: string): boolean {
  if (signature.length !== expected.length) return false;
  let differences = 0;
  for (let at = 0; at < expected.length; at++) {
    differences |= expected.charCodeAt(at) ^ signature.charCodeAt(at);
  }
  return differences === 0;
}

/** The hosts that a client may have signed for a request that came with this Host. */
export function acceptedHosts(received: string, publicHosts: readonly string[]): string[] {
  return [...new Set([received, received.replace(/:\d+$/, ""), ...publicHosts])];
}

/** Five minutes either way, in seconds. */
const tolerance = 5 * 60;

function refusedByTime({ date, sentAt, expires }: Authorization, now: number): SignatureRefusal | undefined {
  // The client's date has no fraction of a second. If ours had one, a refusal could read
  // "X is now earlier than X".
  const nowSeconds = Math.floor(now / 1000);
  const age = nowSeconds - sentAt / 1000;
  const life = expires ?? tolerance;
  if (age >= -tolerance && age <= life) return undefined;

  const moment = basicFormat(nowSeconds);
  if (age > life) {
    const earliest = basicFormat(nowSeconds - life);
    return refuse("signatureExpired", { sent: date, earliest, now: moment, window: duration(life) });
  }
  const latest = basicFormat(nowSeconds + tolerance);
  return refuse("signatureNotYetCurrent", { sent: date, latest, now: moment, window: duration(tolerance) });
}

function refusedByScope(
  { credential, scope, date }: Authorization,
  { region, service }: Pick<SignatureOptions, "region" | "service">,
): SignatureRefusal | undefined {
  if (scope.length !== 4) return refuse("credentialParts", credential);
  const [day, givenRegion, givenService, terminator] = scope as Scope;
  const faults: ScopeFault[] = [];
  if (region !== undefined && givenRegion !== region) faults.push({ part: "region" });
  if (service !== undefined && givenService !== service) faults.push({ part: "service", expected: service });
  if (terminator !== "aws4_request") faults.push({ part: "terminator", got: terminator });
  if (day !== date.slice(0, 8)) faults.push({ part: "date", scope: day, day: date.slice(0, 8), date });
  return faults.length > 0 ? refuse("credentialScope", faults) : undefined;
}

/**
 * Caches the derived keys: deriving takes longer than all the rest of a verification. The scope was checked
 * before, and `readAuthorization` gives the same credential the same scope, so that a key is found by identity.
 */
function createSigningKeys() {
  const cache = createCache<Scope, { accessKeyId: string; secretAccessKey: string; key: HmacKey }>();
  return (accessKeyId: string, secretAccessKey: string, scope: Scope): HmacKey => {
    const cached = cache.get(scope);
    if (cached?.secretAccessKey === secretAccessKey && cached.accessKeyId === accessKeyId) return cached.key;
    const key = deriveSigningKey(secretAccessKey, scope);
    cache.set(scope, { accessKeyId, secretAccessKey, key });
    return key;
  };
}

/** Hashed first, so that the comparison's time does not depend on the length either. */
function sameText(given: string, expected: string): boolean {
  if (given === "" && expected === "") return true;
  return timingSafeEqual(hash("sha256", given, "buffer"), hash("sha256", expected, "buffer"));
}

function basicFormat(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(/[-:]|\.\d+/g, "");
}

function duration(seconds: number): string {
  return seconds % 60 === 0 ? `${seconds / 60} min.` : `${seconds} sec.`;
}

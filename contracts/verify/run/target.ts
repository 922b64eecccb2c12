import { sign } from "../../signing.ts";
import type { PlannedCall, Signing } from "../check.ts";
import type { SentRequest } from "../wire.ts";

/** Whom the verification calls, and with what. */
export type Target = {
  /** With the base path, no slash at the end. */
  baseUrl: string;
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
  /** The first application's key, and the second's for isolation checks. */
  apiKeys: [string, string?];
  region: string;
  service: string;
};

/**
 * Builds the bytes of a planned call: signed as it says, everything else as a good client does it.
 *
 * @param options.now milliseconds since the epoch that a good signature is dated with.
 */
export function buildRequest(
  planned: PlannedCall,
  { target, now }: { target: Target; now: number },
): SentRequest {
  const { method, application = 1, signing = "good" } = planned;
  const url = `${target.baseUrl}${planned.path}`;
  const body = planned.body === undefined ? undefined : bytesOf(planned.body);
  const headers = new Headers({
    accept: "application/json",
    ...(body && { "content-type": "application/json" }),
  });
  for (const [name, value] of Object.entries(planned.headers ?? {})) headers.set(name, value);
  if (signing === "none") return { method, url, headers: [...headers], body };

  const apiKey =
    signing === "no api key"
      ? undefined
      : signing === "unknown api key"
        ? unknownKey
        : target.apiKeys[application - 1];
  const bent = bends[signing](target, now);
  const options = { ...target, now, ...bent, apiKey };
  const added = sign({ method, url, headers, body }, options);
  const sent =
    signing === "tampered body" ? Buffer.concat([body ?? Buffer.alloc(0), Buffer.from(" ")]) : body;
  return { method, url, headers: [...headers, ...Object.entries(added)], body: sent };
}

const hour = 3_600_000;
const unknownKey = "necid-verify-unknown-application-key";

type Bend = (target: Target, now: number) => Partial<Target & { now: number }>;

/** What is wrong in each wrong signature; the rest of it is right. */
const bends: Record<Signing, Bend> = {
  good: () => ({}),
  none: () => ({}),
  "tampered body": () => ({}),
  "no api key": () => ({}),
  "unknown api key": () => ({}),
  expired: (_, now) => ({ now: now - hour }),
  future: (_, now) => ({ now: now + hour }),
  "wrong secret": ({ secretAccessKey }) => ({ secretAccessKey: `${secretAccessKey}x` }),
  "wrong region": ({ region }) => ({ region: region === "eu-west-1" ? "us-east-1" : "eu-west-1" }),
  "wrong service": () => ({ service: "s3" }),
  "wrong region and service": (target, now) => ({
    ...bends["wrong region"](target, now),
    ...bends["wrong service"](target, now),
  }),
  "unknown access key": () => ({ accessKeyId: "AKIAI44QH8DHBEXAMPLE", sessionToken: undefined }),
};

/** JSON, or the bytes themselves for checks that send something else. */
function bytesOf(body: unknown): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
}

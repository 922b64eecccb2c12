import { sign } from "../../signing.ts";
import type { PlannedCall, Signing } from "../check.ts";
import type { SentRequest } from "../wire.ts";

/** The service to verify, and the credentials. */
export type Target = {
  /** With the base path, without a slash at the end. */
  baseUrl: string;
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
  /** The first application's key, and the second's for checks of isolation. */
  apiKeys: [string, string?];
  region: string;
  service: string;
};

/**
 * Builds the request of a planned call. Only what its `signing` names is wrong.
 *
 * @param options.now Unix time in milliseconds, which a good signature is dated with.
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
  const options = { ...target, now, ...mutations[signing](target, now), apiKey };
  const added = sign({ method, url, headers, body }, options);
  const sent =
    signing === "tampered body" ? Buffer.concat([body ?? Buffer.alloc(0), Buffer.from(" ")]) : body;
  return { method, url, headers: [...headers, ...Object.entries(added)], body: sent };
}

const hour = 3_600_000;
const unknownKey = "necid-verify-unknown-application-key";

type Mutation = (target: Target, now: number) => Partial<Target & { now: number }>;

/** What is wrong in each wrong signature. */
const mutations: Record<Signing, Mutation> = {
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
    ...mutations["wrong region"](target, now),
    ...mutations["wrong service"](target, now),
  }),
  "unknown access key": () => ({ accessKeyId: "AKIAI44QH8DHBEXAMPLE", sessionToken: undefined }),
};

/** JSON, or the bytes of a check that sends something else. */
function bytesOf(body: unknown): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
}

import type { Operation } from "../../contracts/openapi/operations.ts";
import { type Refusal, refusals } from "../gateway/refusals.ts";
import type { Delivery, HttpResponse } from "../http/response.ts";
import { sampleLatency } from "./latency.ts";
import { faultResponse } from "./matching.ts";
import { createQuota } from "./quota.ts";
import type { FaultKind } from "./schemas.ts";
import { createThrottle } from "./throttle.ts";

/** What a fault does to one call. */
export type AppliedFault = {
  /** The gateway responds instead of the service. */
  refusal?: Refusal;
  /** The contract's example is the response instead of the service's. */
  error?: { status: number; example?: string };
  /** A response of the test's own, instead of the service's. `body` is sent as JSON. */
  response?: { status: number; headers?: Record<string, string>; body?: unknown };
  /** How the response is sent, whoever made it. */
  delivery?: Delivery;
  /** Spoils the response, whoever made it. */
  alter?: (response: HttpResponse) => HttpResponse;
};

/** The steps of a call at which faults are applied, in their order. */
export const layers = ["throttle", "quota", "response", "delivery"] as const;
type Layer = (typeof layers)[number];

/** A fault that is ready to be applied. `apply` returns `undefined` for a call that it leaves alone. */
export type ActiveFault = {
  layer: Layer;
  apply: (operation: Operation, application: string) => AppliedFault | undefined;
};

type World = { random: () => number; now: () => number };

/** Creates a fault that can be applied. Throttle and quota keep their counts in it. */
export function createFault(kind: FaultKind, world: World): ActiveFault {
  const names = Object.keys(kinds) as KindName[];
  const name = names.find((one) => (kind as Record<string, unknown>)[one] !== undefined)!;
  // Each row of the table takes its own kind, and the kind's own key selects the row.
  return (kinds[name] as (kind: FaultKind, world: World) => ActiveFault)(kind, world);
}

type KindName = FaultKind extends infer Kind
  ? Kind extends unknown
    ? Exclude<keyof Kind, "example">
    : never
  : never;
type KindOf<Name extends KindName> = Extract<FaultKind, Record<Name, unknown>>;

const kinds: { [Name in KindName]: (kind: KindOf<Name>, world: World) => ActiveFault } = {
  throttle({ throttle }, { now }) {
    const admits = createThrottle({ ...throttle, now });
    const refusal = refusals.tooManyRequests();
    return { layer: "throttle", apply: (_, application) => (admits(application) ? undefined : { refusal }) };
  },
  quota({ quota }, { now }) {
    const admits = createQuota({ ...quota, now });
    const refusal = refusals.limitExceeded();
    return { layer: "quota", apply: (_, application) => (admits(application) ? undefined : { refusal }) };
  },
  badGateway: () => responding({ refusal: refusals.internalServerError() }),
  timeout: ({ timeout: { afterMs = 29_000 } }) =>
    responding({ refusal: refusals.endpointTimedOut(), delivery: { delayMs: afterMs } }),
  expiredSignature: (_, { now }) => ({
    layer: "response",
    apply: () => ({ refusal: expiredSignature(now()) }),
  }),
  response: ({ response }) => responding({ response }),
  error: (kind) => documented(kind),
  status: (kind) => documented(kind),
  latency: ({ latency }, { random }) => ({
    layer: "delivery",
    apply: () => ({ delivery: { delayMs: sampleLatency(latency, random) } }),
  }),
  reset: ({ reset }) => delivering({ delivery: { reset } }),
  malformed: () => delivering({ alter: breakJson }),
  drip: ({ drip: { bytesPerSecond } }) => delivering({ delivery: { bytesPerSecond } }),
  contentType: ({ contentType }) =>
    delivering({ alter: (response) => withContentType(response, contentType) }),
};

function responding(applied: AppliedFault): ActiveFault {
  return { layer: "response", apply: () => applied };
}

function delivering(applied: AppliedFault): ActiveFault {
  return { layer: "delivery", apply: () => applied };
}

/** Operations differ in which status carries an example. */
function documented(kind: KindOf<"error"> | KindOf<"status">): ActiveFault {
  return { layer: "response", apply: (operation) => ({ error: faultResponse(kind, operation) }) };
}

/** Ten minutes old, where the gateway accepts five. */
function expiredSignature(now: number): Refusal {
  const minutesAgo = (minutes: number) => amzDate(now - minutes * 60_000);
  return refusals.signatureExpired({
    sent: minutesAgo(10),
    earliest: minutesAgo(5),
    now: amzDate(now),
    window: "5 min.",
  });
}

/** ISO 8601 basic format. */
function amzDate(time: number): string {
  return new Date(time).toISOString().replaceAll(/[:-]|\.\d{3}/g, "");
}

/** Keeps half of the body. The comma makes half a number (`12`) invalid too. An empty body stays empty. */
function breakJson(response: HttpResponse): HttpResponse {
  if (!response.body?.length) return response;
  const text = response.body.toString();
  return { ...response, body: `${text.slice(0, Math.ceil(text.length / 2))},` };
}

/** Replaces the content type where there is one. */
function withContentType(response: HttpResponse, contentType: string): HttpResponse {
  const headers = Object.entries(response.headers).map(([name, value]) => [
    name,
    name.toLowerCase() === "content-type" ? contentType : value,
  ]);
  return { ...response, headers: Object.fromEntries(headers) };
}

import type { Operation } from "../../contracts/openapi/operations.ts";
import { refusals } from "../gateway/refusals.ts";
import type { Answer } from "../http/exchange.ts";
import type { Strike } from "./faults.ts";
import { sampleLatency } from "./latency.ts";
import { createQuota } from "./quota.ts";
import { documentedAnswer, type FaultKind } from "./rules.ts";
import { createThrottle } from "./throttle.ts";

/** What one fault does to one call. */
export type Blow = Omit<Strike, "faultIds">;

/** Where in the call's way a fault stands, in the order of the way. */
export const layers = ["throttle", "quota", "answer", "travel"] as const;
export type Layer = (typeof layers)[number];

export type Effect = {
  layer: Layer;
  /** Strikes a call, or lets it pass (`undefined`). */
  hit: (operation: Operation, application: string) => Blow | undefined;
};

type Circumstances = { random: () => number; now: () => number };

/** Makes a fault ready to strike; throttle and quota keep their count here. */
export function openEffect(kind: FaultKind, circumstances: Circumstances): Effect {
  const name = Object.keys(kind).find((key) => Object.hasOwn(effects, key)) as KindName;
  // The table's rows each take their own kind; the lookup by the kind's own key cannot mix them up.
  const open = effects[name] as (kind: FaultKind, circumstances: Circumstances) => Effect;
  return open(kind, circumstances);
}

type KindName = FaultKind extends infer Kind
  ? Kind extends unknown
    ? Exclude<keyof Kind, "example">
    : never
  : never;
type KindOf<Name extends KindName> = Extract<FaultKind, Record<Name, unknown>>;

const effects: { [Name in KindName]: (kind: KindOf<Name>, circumstances: Circumstances) => Effect } = {
  throttle({ throttle }, { now }) {
    const admits = createThrottle({ ...throttle, now });
    const refusal = refusals.tooManyRequests();
    return { layer: "throttle", hit: (_, application) => (admits(application) ? undefined : { refusal }) };
  },
  quota({ quota }, { now }) {
    const admits = createQuota({ ...quota, now });
    const refusal = refusals.limitExceeded();
    return { layer: "quota", hit: (_, application) => (admits(application) ? undefined : { refusal }) };
  },
  badGateway: () => answering({ refusal: refusals.internalServerError() }),
  timeout: ({ timeout: { afterMs = 29_000 } }) =>
    answering({ refusal: refusals.endpointTimedOut(), delivery: { delayMs: afterMs } }),
  error: (kind) => documented(kind),
  status: (kind) => documented(kind),
  latency: ({ latency }, { random }) => ({
    layer: "travel",
    hit: () => ({ delivery: { delayMs: sampleLatency(latency, random) } }),
  }),
  reset: ({ reset }) => travelling({ delivery: { reset } }),
  malformed: () => travelling({ alter: breakJson }),
  drip: ({ drip: { bytesPerSecond } }) => travelling({ delivery: { bytesPerSecond } }),
  contentType: ({ contentType }) => travelling({ alter: (answer) => withContentType(answer, contentType) }),
};

function answering(blow: Blow): Effect {
  return { layer: "answer", hit: () => blow };
}

function travelling(blow: Blow): Effect {
  return { layer: "travel", hit: () => blow };
}

/** Which status carries an example differs between operations. */
function documented(kind: KindOf<"error"> | KindOf<"status">): Effect {
  return { layer: "answer", hit: (operation) => ({ error: documentedAnswer(kind, operation) }) };
}

/** Half of the body; the comma keeps half a number (`12`) from being a whole one. No body: nothing to break. */
function breakJson(answer: Answer): Answer {
  if (!answer.body?.length) return answer;
  const text = answer.body.toString();
  return { ...answer, body: `${text.slice(0, Math.ceil(text.length / 2))},` };
}

/** Only where there is a content type to be wrong. */
function withContentType(answer: Answer, contentType: string): Answer {
  const headers = Object.entries(answer.headers).map(([name, value]) => [
    name,
    name.toLowerCase() === "content-type" ? contentType : value,
  ]);
  return { ...answer, headers: Object.fromEntries(headers) };
}

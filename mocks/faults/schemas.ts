import {
  exactlyOne,
  type FromSchema,
  integer,
  listOf,
  mapOf,
  number,
  record,
  ref,
  text,
} from "../../contracts/openapi/schema-parts.ts";

/** The longest delay of a response: an hour, in milliseconds. */
export const longestMs = 3_600_000;
const milliseconds = number({ minimum: 0, maximum: longestMs });
const natural = integer({ minimum: 1 });

const kindSchemas = exactlyOne({
  error: { ...text, description: "A documented error by the name of its example in the contract." },
  status: { ...integer({ minimum: 100, maximum: 599 }), description: "A documented status." },
  throttle: {
    ...record({ rate: number({ exclusiveMinimum: 0, maximum: 10_000 }), burst: natural }),
    description: "429 above `rate` calls a second of an application, once `burst` calls are used up.",
  },
  quota: {
    ...record({ limit: integer({ minimum: 0 }) }, { periodMs: number({ exclusiveMinimum: 0 }) }),
    description: "429 after `limit` calls of an application in a period; without a period for good.",
  },
  badGateway: { const: true, description: "502: the service behind the gateway fails." },
  timeout: {
    ...record({}, { afterMs: milliseconds }),
    description: "504 after as long as API Gateway waits, 29 s, or after `afterMs`.",
  },
  expiredSignature: {
    const: true,
    description: "403: the signature is ten minutes old, by the world's clock.",
  },
  response: {
    ...record(
      { status: integer({ minimum: 200, maximum: 599 }) },
      { headers: mapOf(text), body: { description: "Any JSON." } },
    ),
    description: "Any response, sent as JSON. It is not checked by the contract.",
  },
  latency: ref("Latency"),
  reset: {
    enum: ["before headers", "in body"],
    description: "The connection is reset.",
  },
  malformed: {
    const: true,
    description: "JSON that breaks off in the middle, with the right Content-Length.",
  },
  drip: { ...record({ bytesPerSecond: natural }), description: "The body arrives slowly." },
  contentType: {
    ...text,
    title: "a media type like text/html",
    description: "The response has this Content-Type, whatever its body is.",
    // https://www.rfc-editor.org/rfc/rfc9110#section-8.3.1
    pattern: "^[\\w!#$%&'*+.^`|~-]+/[\\w!#$%&'*+.^`|~-]+( *;[ -~]*)?$",
  },
});

/**
 * What fault rules and scenarios look like, in files, over the control API and in process. Types, checks and the
 * control API's description are made from it.
 */
export const faultSchemas = {
  FaultRule: record(
    { fault: ref("FaultKind") },
    {
      operation: {
        ...text,
        description:
          "An operation by its key (its operationId) or as `METHOD /path`; `*` or absent: every one.",
      },
      when: {
        ...exactlyOne({ next: natural, every: natural, probability: number({ minimum: 0, maximum: 1 }) }),
        description: "The next n calls, each nth one, or each one with a probability. Absent: all calls.",
      },
      times: { ...natural, description: "The fault is applied at most this many times." },
    },
  ),
  FaultKind: {
    ...kindSchemas,
    properties: {
      ...kindSchemas.properties,
      example: { ...text, description: "Which example of the status." },
    },
    dependentRequired: { example: ["status"] },
  },
  Latency: exactlyOne({
    ms: milliseconds,
    uniform: {
      ...listOf(milliseconds),
      minItems: 2,
      maxItems: 2,
      title: `two numbers from 0 to ${longestMs}, the smaller one first`,
      description: "Any delay between the two, each with the same probability.",
    },
    logNormal: {
      ...record({ median: milliseconds, sigma: number({ minimum: 0, maximum: 10 }) }),
      description:
        "Half of the delays are longer than the median. The greater `sigma`, the longer the longest ones.",
    },
  }),
  ScenarioDefinition: record(
    {
      name: {
        ...text,
        title: "1 to 64 letters, digits, spaces, underscores, dots or hyphens",
        // It is a path segment of the control API.
        pattern: "^[\\w.-][\\w .-]{0,63}$",
      },
    },
    { description: text, faults: { ...listOf(ref("FaultRule")), minItems: 1 } },
  ),
  ScenarioRule: {
    description: "A scenario with its faults, or the name of a built-in one.",
    anyOf: [text, ref("ScenarioDefinition")],
  },
} as const;

type Value<Name extends keyof typeof faultSchemas> = FromSchema<
  (typeof faultSchemas)[Name],
  typeof faultSchemas
>;

/**
 * A fault as its author writes it, in a file, over the control API or in process.
 *
 * @example { operation: "ApiFaceSearchPost", when: { next: 3 }, fault: { error: "NoFace" } }
 */
export type FaultRule = Value<"FaultRule">;

/** What goes wrong: one property names it, and `example` may stand beside `status`. */
export type FaultKind = Value<"FaultKind">;

/** How long a response waits, in milliseconds. */
export type Latency = Value<"Latency">;

/** Faults that are added and removed together, or the name of a built-in scenario. */
export type ScenarioRule = Value<"ScenarioRule">;

/** What a `--faults` file holds: faults, or faults and scenarios. */
export type FaultRules = FaultRule[] | { faults?: FaultRule[]; scenarios?: ScenarioRule[] };

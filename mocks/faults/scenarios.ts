import type { FaultRule } from "./schemas.ts";

/** Faults that are added and removed together. */
export type ScenarioFaults = { name: string; description?: string; faults: FaultRule[] };

/** Scenarios that fit every contract, added by their names. */
export const builtInScenarios: (ScenarioFaults & { description: string })[] = [
  {
    name: "throttled",
    description: "429 Too Many Requests above 5 calls a second of an application, after a burst of 10.",
    faults: [{ operation: "*", fault: { throttle: { rate: 5, burst: 10 } } }],
  },
  {
    name: "exhausted",
    description: "429 Limit Exceeded for every call: the quota is used up.",
    faults: [{ operation: "*", fault: { quota: { limit: 0 } } }],
  },
  {
    name: "outage",
    description: "502 for every call: the service behind the gateway fails.",
    faults: [{ operation: "*", fault: { badGateway: true } }],
  },
  {
    name: "slow",
    description: "Half of the responses wait longer than 800 ms, one in twenty longer than 2 s.",
    faults: [{ operation: "*", fault: { latency: { logNormal: { median: 800, sigma: 0.56 } } } }],
  },
  {
    name: "flaky",
    description: "One call in five fails: 502, 504, or a connection reset before or within the response.",
    faults: [
      { operation: "*", when: { probability: 0.05 }, fault: { badGateway: true } },
      { operation: "*", when: { probability: 0.05 }, fault: { timeout: { afterMs: 0 } } },
      { operation: "*", when: { probability: 0.05 }, fault: { reset: "before headers" } },
      { operation: "*", when: { probability: 0.05 }, fault: { reset: "in body" } },
    ],
  },
  {
    name: "garbled",
    description: "Every second response is broken JSON, every third has the Content-Type of HTML.",
    faults: [
      { operation: "*", when: { every: 2 }, fault: { malformed: true } },
      { operation: "*", when: { every: 3 }, fault: { contentType: "text/html" } },
    ],
  },
];

import { createRequire } from "node:module";
import { createHistogram, performance } from "node:perf_hooks";
import type { IHttpConfig, IHttpRequest, PrismHttpComponents } from "@stoplight/prism-http";
import openapi from "../../../../generated/necid-v1/openapi.json" with { type: "json" };
import { serveProcess } from "../load/call-process.ts";

export type PrismJob = {
  request: IHttpRequest;
  /** The only status that counts as right. */
  status: number;
  /** How many calls are under way at a time. */
  connections: number;
  warmUpMs: number;
  measuredMs: number;
};

export type PrismResult = { requestsPerSecond: number; p50Ms: number; p99Ms: number; memoryBytes: number };

/** As `prism mock` configures itself. */
const config = {
  isProxy: false,
  validateRequest: true,
  validateResponse: true,
  checkSecurity: true,
  errors: false,
  mock: { dynamic: false },
  upstreamProxy: undefined,
} as IHttpConfig;

const silent = { info() {}, warn() {}, error() {}, debug() {}, success() {}, child: () => silent };

/** Calls `prism.request` again and again in this process: Prism's own work without an HTTP server. */
async function measure(question: PrismJob): Promise<PrismResult> {
  const prism = createRequire(import.meta.url)(
    "@stoplight/prism-http",
  ) as typeof import("@stoplight/prism-http");
  const operations = await prism.getHttpOperationsFromSpec(openapi);
  const logger = silent as unknown as PrismHttpComponents["logger"];
  const instance = prism.createInstance(config, { logger });
  const latencies = createHistogram({ figures: 3 });

  await callUntil(performance.now() + question.warmUpMs);
  latencies.reset();
  const started = performance.now();
  await callUntil(started + question.measuredMs);
  const seconds = (performance.now() - started) / 1000;
  return {
    requestsPerSecond: latencies.count / seconds,
    p50Ms: latencies.percentile(50) / 1000,
    p99Ms: latencies.percentile(99) / 1000,
    memoryBytes: process.memoryUsage.rss(),
  };

  async function callUntil(end: number): Promise<void> {
    await Promise.all(Array.from({ length: question.connections }, () => callInTurn(end)));
  }

  async function callInTurn(end: number): Promise<void> {
    while (performance.now() < end) {
      const sent = performance.now();
      await call();
      latencies.record(Math.max(1, Math.round((performance.now() - sent) * 1000)));
    }
  }

  async function call(): Promise<void> {
    // Prism writes the accepted media types into the configuration it is given.
    const outcome = await instance.request(question.request, operations, {
      ...config,
      mock: { ...config.mock },
    })();
    const status = outcome._tag === "Right" ? outcome.right.output.statusCode : statusOf(outcome.left);
    if (status !== question.status) {
      throw new Error(`prism.request should answer ${question.status}, and answered ${status}.`);
    }
  }
}

function statusOf(error: Error): number {
  return (error as Error & { status?: number }).status ?? 500;
}

serveProcess(measure);

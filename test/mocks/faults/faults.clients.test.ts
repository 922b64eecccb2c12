import { execFile, spawnSync } from "node:child_process";
import aws4 from "aws4";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { FaultRule } from "../../../mocks/faults/schemas.ts";
import { type Mock, startMock } from "../../../mocks/mock.ts";

let mock: Mock;
beforeAll(async () => {
  mock = await startMock({ seed: "clients" });
});
afterAll(() => mock.close());
beforeEach(() => mock.reset());

/** What a client has seen of one call: an answer, or how the connection failed. */
type Seen = {
  status?: number;
  contentType?: string | null;
  errorType?: string | null;
  contentLength?: number;
  body?: string;
  failed?: string;
  /** Until the headers, and until the end. */
  headersMs: number;
  totalMs: number;
};

const clients: Record<string, () => Promise<Seen>> = { fetch: () => byFetch(mock), curl: byCurl };
// Older ones, before 7.75, cannot sign.
const hasCurl = spawnSync("curl", ["--aws-sigv4", "x", "--version"]).status === 0;

describe.each(Object.entries(clients))("%s sees", (name, register) => {
  if (name === "curl" && !hasCurl) return test.skip("curl 7.75 or newer is not there");

  test("the service's response where no fault applies", async () => {
    const { status, contentType, body } = await register();
    expect({ status, contentType, subject: Object.keys(JSON.parse(body!)) }).toEqual({
      status: 201,
      contentType: "application/json",
      subject: ["id", "attributes"],
    });
  });

  test.each<[FaultRule["fault"], number, string | null, string]>([
    [
      { error: "NoFace" },
      400,
      null,
      '{"message":"No face was found in the image.","errorCode":2001,"errorType":"NoFace"}',
    ],
    [
      { error: "PoorQuality" },
      400,
      null,
      '{"message":"The quality of the face is too low.","errorCode":2002,"errorType":"PoorQuality"}',
    ],
    [
      { status: 500 },
      500,
      null,
      '{"message":"The request could not be completed.","errorCode":5000,"errorType":"InternalError"}',
    ],
    [{ quota: { limit: 0 } }, 429, "LimitExceededException", '{"message":"Limit Exceeded"}'],
    [{ badGateway: true }, 502, "InternalServerErrorException", '{"message": "Internal server error"}'],
    [
      { timeout: { afterMs: 0 } },
      504,
      "InternalServerErrorException",
      '{"message": "Endpoint request timed out"}',
    ],
  ])("%j", async (fault, status, errorType, body) => {
    mock.faults.add({ operation: "ApiSubjectsPost", when: { next: 1 }, fault });
    const seen = await register();
    expect({
      status: seen.status,
      type: seen.contentType,
      errorType: seen.errorType,
      body: seen.body,
    }).toEqual({
      status,
      type: "application/json",
      errorType,
      body,
    });
    expect((await register()).status).toBe(201);
  });

  test("a throttle that the clock lets go again", async () => {
    mock.faults.add({ fault: { throttle: { rate: 0.01, burst: 1 } } });
    const seen = [await register(), await register()];
    mock.clock.advance(100_000);
    seen.push(await register(), await register());
    expect(seen.map(({ status }) => status)).toEqual([201, 429, 201, 429]);
    expect([seen[1]?.errorType, seen[1]?.body]).toEqual([
      "TooManyRequestsException",
      '{"message":"Too Many Requests"}',
    ]);
  });

  test("a quota that is there again in the next period", async () => {
    mock.faults.add({ fault: { quota: { limit: 2, periodMs: 100_000 } } });
    const seen = [await register(), await register(), await register()];
    mock.clock.advance(100_000);
    seen.push(await register());
    expect(seen.map(({ status }) => status)).toEqual([201, 201, 429, 201]);
  });

  test("a timeout after a while", async () => {
    mock.faults.add({ fault: { timeout: { afterMs: 120 } } });
    const { status, headersMs } = await register();
    expect(status).toBe(504);
    expect(headersMs).toBeGreaterThan(110);
  });

  test.each<FaultRule["fault"]>([
    { latency: { ms: 120 } },
    { latency: { uniform: [120, 140] } },
    { latency: { logNormal: { median: 120, sigma: 0 } } },
  ])("%j before the first byte", async (fault) => {
    mock.faults.add({ fault });
    const { status, headersMs } = await register();
    expect(status).toBe(201);
    expect(headersMs).toBeGreaterThan(110);
  });

  test("latencies add up", async () => {
    mock.faults.addAll([{ fault: { latency: { ms: 60 } } }, { fault: { latency: { ms: 60 } } }]);
    expect((await register()).headersMs).toBeGreaterThan(110);
  });

  test("a connection reset before the headers, and a good one after it", async () => {
    mock.faults.add({ when: { next: 1 }, fault: { reset: "before headers" } });
    const seen = await register();
    expect({ status: seen.status, failed: seen.failed }).toEqual({ status: undefined, failed: "no answer" });
    expect((await register()).status).toBe(201);
  });

  test("a connection reset in the body, and a good one after it", async () => {
    mock.faults.add({ when: { next: 1 }, fault: { reset: "in body" } });
    const seen = await register();
    expect({ status: seen.status, failed: seen.failed }).toEqual({ status: 201, failed: "broken off" });
    expect((await register()).status).toBe(201);
  });

  test("JSON that breaks off, with an honest length", async () => {
    mock.faults.add({ fault: { malformed: true } });
    const { status, contentType, contentLength, body } = await register();
    expect({ status, contentType, length: Buffer.byteLength(body!) }).toEqual({
      status: 201,
      contentType: "application/json",
      length: contentLength,
    });
    expect(() => JSON.parse(body!)).toThrow(SyntaxError);
  });

  test("a slow drip, whole in the end", async () => {
    mock.faults.add({ fault: { drip: { bytesPerSecond: 2000 } } });
    const { body, contentLength, totalMs } = await register();
    expect(Buffer.byteLength(body!)).toBe(contentLength);
    expect(Object.keys(JSON.parse(body!))).toEqual(["id", "attributes"]);
    // A tenth of a second's bytes may come at once.
    expect(totalMs).toBeGreaterThan((contentLength! / 2000) * 1000 - 110);
  });

  test("a wrong content type", async () => {
    mock.faults.add({ fault: { contentType: "text/html; charset=utf-8" } });
    const { status, contentType, body } = await register();
    expect({ status, contentType, subject: Object.keys(JSON.parse(body!)) }).toEqual({
      status: 201,
      contentType: "text/html; charset=utf-8",
      subject: ["id", "attributes"],
    });
  });
});

test("the same seed gives the same sequence of faults, another seed another", async () => {
  const rules: FaultRule[] = [
    { when: { probability: 0.3 }, fault: { badGateway: true } },
    { when: { probability: 0.3 }, fault: { error: "NoFace" } },
    { when: { probability: 0.2 }, fault: { reset: "before headers" } },
    { when: { every: 7 }, fault: { status: 500 } },
  ];
  async function run(seed: string) {
    const world = mock.world({ seed });
    world.faults.addAll(rules);
    const seen: (number | string | undefined)[] = [];
    for (let turn = 0; turn < 60; turn++) {
      const { status, failed } = await byFetch(world);
      seen.push(status ?? failed);
    }
    world.delete();
    return seen;
  }
  const first = await run("one");
  expect(await run("one")).toEqual(first);
  expect(await run("two")).not.toEqual(first);
  expect(new Set(first)).toEqual(new Set([201, 400, 500, 502, "no answer"]));
});

type Target = Pick<Mock, "url" | "credentials" | "apiKeys">;

const photo = JSON.stringify({ face: Buffer.from("someone").toString("base64") });

async function byFetch(target: Target): Promise<Seen> {
  const { host, pathname } = new URL(target.url);
  const request = {
    host,
    path: `${pathname}/subjects`,
    method: "POST",
    service: "execute-api",
    region: "ap-southeast-2",
    headers: { "content-type": "application/json", "x-api-key": target.apiKeys[0]! },
    body: photo,
  };
  const { headers } = aws4.sign(request, target.credentials);
  const started = performance.now();
  const elapsed = () => performance.now() - started;
  const { method, body } = request;
  const sent = fetch(`${target.url}/subjects`, { method, body, headers: headers as Record<string, string> });
  const response = await sent.catch(() => undefined);
  const headersMs = elapsed();
  if (!response) return { failed: "no answer", headersMs, totalMs: headersMs };
  const text = await response.text().catch(() => undefined);
  return {
    status: response.status,
    contentType: response.headers.get("content-type"),
    errorType: response.headers.get("x-amzn-errortype"),
    contentLength: Number(response.headers.get("content-length")),
    ...(text === undefined ? { failed: "broken off" } : { body: text }),
    headersMs,
    totalMs: elapsed(),
  };
}

/** Exit codes of curl: 0 well, 18 a part of the body only, 52 nothing, 56 reset; 56 may come within the body. */
async function byCurl(): Promise<Seen> {
  const { accessKeyId, secretAccessKey } = mock.credentials;
  const format = "\n%{http_code} %{time_starttransfer} %{time_total}";
  const { code, stdout } = await run("curl", [
    ...["--silent", "--max-time", "20", "--include", "--write-out", format],
    ...["--aws-sigv4", "aws:amz:ap-southeast-2:execute-api", "--user", `${accessKeyId}:${secretAccessKey}`],
    ...["--header", "content-type: application/json", "--header", `x-api-key: ${mock.apiKeys[0]}`],
    ...["--data", photo, `${mock.url}/subjects`],
  ]);
  const [, answer = "", status, toHeaders, total] = /^(.*)\n(\d+) ([\d.]+) ([\d.]+)$/s.exec(stdout) ?? [];
  const [head = "", body] = answer.split(/\r\n\r\n(.*)/s);
  const header = (name: string) => new RegExp(`^${name}: (.*?)\r?$`, "im").exec(head)?.[1] ?? null;
  const times = { headersMs: Number(toHeaders) * 1000, totalMs: Number(total) * 1000 };
  if (status === "000") return { failed: [52, 56].includes(code) ? "no answer" : `exit ${code}`, ...times };
  return {
    status: Number(status),
    contentType: header("content-type"),
    errorType: header("x-amzn-errortype"),
    contentLength: Number(header("content-length")),
    ...(code === 0 ? { body } : { failed: [18, 56].includes(code) ? "broken off" : `exit ${code}` }),
    ...times,
  };
}

function run(command: string, given: string[]): Promise<{ code: number; stdout: string }> {
  return new Promise((resolve) => {
    execFile(command, given, { encoding: "utf8" }, (error, stdout) => {
      resolve({ code: error ? Number(error.code) : 0, stdout });
    });
  });
}

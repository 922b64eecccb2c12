import { createConfig, lintFromString } from "@redocly/openapi-core";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readOperations } from "../../../contracts/openapi/operations.ts";
import { createRouter } from "../../../contracts/openapi/router.ts";
import { controlDescription } from "../../../mocks/control/description.ts";
import type { FaultKind } from "../../../mocks/faults/schemas.ts";
import { HttpRequest } from "../../../mocks/http/request.ts";
import { openControlRoom, type Received } from "./control-room.ts";

test("it is an OpenAPI 3.1 document", async () => {
  const config = await createConfig({ extends: ["minimal"] });
  const problems = await lintFromString({ source: JSON.stringify(controlDescription), config });
  expect(problems.map(({ ruleId, message }) => `${ruleId}: ${message}`)).toEqual([]);
});

test("it is served as it stands", async () => {
  const { send } = await openControlRoom();
  expect((await send("GET /openapi.json")).body).toEqual(JSON.parse(JSON.stringify(controlDescription)));
});

const faults: FaultKind[] = [
  { error: "NoFace" },
  { status: 500 },
  { status: 400, example: "PoorQuality" },
  { throttle: { rate: 0.5, burst: 1 } },
  { quota: { limit: 0 } },
  { quota: { limit: 5, periodMs: 1000 } },
  { badGateway: true },
  { timeout: {} },
  { timeout: { afterMs: 0 } },
  { latency: { ms: 0 } },
  { latency: { uniform: [1, 2] } },
  { latency: { logNormal: { median: 40, sigma: 0.5 } } },
  { reset: "before headers" },
  { reset: "in body" },
  { malformed: true },
  { drip: { bytesPerSecond: 1 } },
  { contentType: "text/html" },
];

test("every call does what it is described to do, and takes and returns what is described", async () => {
  const calls: [call: string, status: number, body?: unknown][] = [
    ["GET /health", 200],
    ["GET /openapi.json", 200],
    ["POST /state/seed", 200, { 1: ["alice", { id: "necidguid-fcdf-49eb-9182-5a6825ed2a3b", face: "bob" }] }],
    ["POST /provider-states", 200, { state: "alice is registered", params: null, action: "setup" }],
    ["GET /state", 200],
    ["PUT /state", 204, { version: 1, applications: [] }],
    ["POST /state/save", 204],
    ...faults.map((fault): [string, number, unknown] => ["POST /faults", 201, { fault }]),
    ["POST /faults", 201, { operation: "ApiFaceSearchPost", when: { next: 3 }, fault: { badGateway: true } }],
    [
      "POST /faults",
      201,
      { operation: "POST /subjects", when: { every: 2 }, times: 1, fault: { malformed: true } },
    ],
    ["POST /faults", 201, { operation: "*", when: { probability: 0.1 }, fault: { malformed: true } }],
    ["GET /faults", 200],
    ["DELETE /faults/fault-1", 204],
    ["POST /scenarios", 201, "throttled"],
    ["POST /scenarios", 201, { name: "outage" }],
    ["POST /scenarios", 201, { name: "my own", faults: [{ fault: { status: 500 } }] }],
    ["GET /scenarios", 200],
    ["DELETE /scenarios/my%20own", 204],
    ["DELETE /scenarios", 204],
    ["DELETE /faults", 204],
    ["GET /clock", 200],
    ["PUT /clock", 200, { time: "2026-01-31T12:00:00+10:00" }],
    ["POST /clock/advance", 200, { ms: -0.5 }],
    ["POST /clock/resume", 200],
    ["GET /journal", 200],
    ["GET /journal?operationId=ApiSubjectsPost&status=201&since=0", 200],
    ["GET /coverage", 200],
    ["DELETE /journal", 204],
    ["DELETE /coverage", 204],
    ["POST /worlds", 201],
    ["POST /worlds", 201, { seed: "7" }],
    ["GET /worlds", 200],
    ["DELETE /worlds/ID", 204],
    ["POST /state/reset", 204],
  ];
  const { send, worlds, operations } = await openControlRoom({
    stateFile: { changed() {}, flush: async () => undefined },
  });
  for (const [index, operation] of operations.slice(0, 6).entries()) {
    const response = {
      status: 200 + index,
      headers: { "Content-Type": "application/json" },
      body: '{"a":"1"}',
    };
    const request = new HttpRequest({
      method: "POST",
      target: "/v1?a=1",
      rawHeaders: ["Accept", "*/*"],
      body: Buffer.from("{"),
    });
    const optional = index % 2 ? { application: 1, note: "a note" } : { operation, body: {} };
    worlds.first.journal.record({ request, at: Date.UTC(2026, 0, 31, 12), ms: 0.25, response, ...optional });
    worlds.first.coverage.record({ operation: operation.key, response });
  }

  const exercised = new Set<string>();
  let id = "";
  for (const [call, status, body] of calls) {
    const received = await send(call.replace("ID", id), { body });
    if (call === "POST /worlds") id = (received.body as { id: string }).id;
    const { operation } = route(call);
    exercised.add(operation.key);
    const problems = [...requestProblems(call, body), ...responseProblems(call, received)];
    expect({ call, body, status: received.status, problems }).toEqual({ call, body, status, problems: [] });
  }
  expect([...exercised].toSorted()).toEqual(controlOperations.map(({ key }) => key).toSorted());
});

test("every refusal is described", async () => {
  const { send } = await openControlRoom({ stateless: true });
  const guarded = await openControlRoom({ token: "letmein" });
  for (const { method, path } of controlOperations) {
    const call = `${method} ${path.replace("{id}", "x")}`;
    for (const received of [
      await send(call, { bytes: "{" }),
      await send(`${call}?x=1`),
      await send(call, { headers: { "x-necid-world": "nobody" }, bytes: "{" }),
      await send(call, { fromLoopback: false }),
      await guarded.send(call),
    ]) {
      expect({ call, received, problems: responseProblems(call, received) }).toEqual({
        call,
        received,
        problems: [],
      });
    }
  }
});

const valid: Record<string, fc.Arbitrary<unknown>> = {
  "POST /faults": fc.record({ fault: fc.constantFrom(...faults) }),
  "POST /scenarios": fc.constant({ name: "mine", faults: [{ fault: faults[0] }] }),
  "PUT /clock": fc.constant({ time: "2026-01-31T12:00:00Z" }),
  "POST /clock/advance": fc.record({ ms: fc.integer() }),
  "POST /worlds": fc.record({ seed: fc.string() }),
  "PUT /state": fc.constant({ version: 1, applications: [] }),
  "POST /state/seed": fc.constant({ 1: ["alice"] }),
};

test.each(Object.keys(valid))(
  "%s refuses what the description refuses, and nothing breaks it",
  async (call) => {
    const { send } = await openControlRoom();
    const spoilt = fc
      .tuple(valid[call]!, fc.jsonValue(), fc.nat())
      .map(([body, value, place]) => spoil(body, value, place));
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.jsonValue(), spoilt), async (body) => {
        const received = await send(call, { body });
        expect([200, 201, 204, 400]).toContain(received.status);
        if (requestProblems(call, body).length > 0) expect(received.status).toBe(400);
        expect(responseProblems(call, received)).toEqual([]);
      }),
      { numRuns: 200, seed: 20261123 },
    );
  },
);

const controlOperations = readOperations(controlDescription);
const route = (call: string) => {
  const [method, target] = call.split(" ") as [string, string];
  return createRouter(controlOperations, "")(method, target.split("?")[0]!)!;
};
const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema(controlDescription, "control");

function requestProblems(call: string, body: unknown): string[] {
  const { requestBody } = described(call) as { requestBody?: Content & { required: boolean } };
  if (!requestBody || body === undefined) return requestBody?.required ? ["a body is required"] : [];
  return problemsOf(requestBody, body);
}

function responseProblems(call: string, { status, body }: Received): string[] {
  const response = described(call).responses[status] as Content | undefined;
  if (!response) return [`${status} is not described`];
  if (!response.content) return body === undefined ? [] : ["no body is described"];
  return problemsOf(response, body);
}

type Content = { content?: { "application/json": { schema: { $ref: string } } } };

function problemsOf({ content }: Content, value: unknown): string[] {
  const validate = ajv.getSchema(`control${content!["application/json"].schema.$ref}`)!;
  if (validate(value)) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

function described(call: string) {
  const { operation } = route(call);
  return controlDescription.paths[operation.path]![operation.method.toLowerCase()]!;
}

/** Puts a value in some place of a body: instead of a property, however deep, or as one more. */
function spoil(body: unknown, value: unknown, place: number): unknown {
  if (typeof body !== "object" || body === null) return value;
  const names = [...Object.keys(body), "more"];
  const name = names[place % names.length]!;
  const before = (body as Record<string, unknown>)[name];
  return {
    ...body,
    [name]: place % 3 === 0 ? value : spoil(before, value, Math.trunc(place / names.length)),
  };
}

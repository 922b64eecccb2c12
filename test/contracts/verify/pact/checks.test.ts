import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import responses from "#generated/necid-v1/responses.json" with { type: "json" };
import * as validators from "#generated/necid-v1/validators.js";
import { cardImages } from "../../../../contracts/necid/verify/images.ts";
import { createValidation, type Validators } from "../../../../contracts/openapi/validation.ts";
import type { PlannedCall } from "../../../../contracts/verify/check.ts";
import { type PactCheck, pactChecks } from "../../../../contracts/verify/pact/checks.ts";
import { type Pact, readPact } from "../../../../contracts/verify/pact/pact.ts";
import { openPactVerifier } from "../../../../contracts/verify/pact/verifier.ts";
import type { Send } from "../../../../contracts/verify/run/caller.ts";
import { type ExampleResponses, planResponses } from "../../../../contracts/verify/run/plan.ts";
import type { ReceivedResponse } from "../../../../contracts/verify/wire.ts";
import { type Mock, startMock } from "../../../../mocks/mock.ts";
import { openSession, pactOptions, runAll, sendAsNamed } from "./pact-world.ts";

const file = "generated/necid-v1/pacts/necid-client-necid-v1.json";
const verifier = openPactVerifier();
let mock: Mock;
let pact: Pact;
let checks: PactCheck[];

beforeAll(async () => {
  mock = await startMock();
  pact = readPact(await readFile(file, "utf8"), { source: file, basePath: "/v1" });
  checks = pactChecks([pact], { ...pactOptions, verifier });
});
afterAll(() => Promise.all([mock.close(), verifier.close()]));

describe("against the mock", () => {
  it("every interaction passes, and no subject stays registered", async () => {
    const world = mock.world();
    const session = openSession(world);
    const results = await runAll(checks, session);
    expect(results.filter(({ result }) => result.mismatches.length > 0 || result.skipped)).toEqual([]);
    expect(results.map(({ result }) => result.asserted.length > 3)).toEqual(checks.map(() => true));
    expect(session.made.filter(({ purpose }) => purpose.startsWith("pact: "))).toHaveLength(checks.length);
    expect(await session.settle()).toEqual([]);
    const answered = (status: number) => world.journal.list().filter((entry) => entry.status === status);
    expect(answered(204)).toHaveLength(answered(201).length);
  });

  it("asserts every attribute of every face that is extracted", async () => {
    const result = await run("a-request-to-measure-the-faces-in-a-picture", sendAsNamed);
    expect(result.asserted.slice(0, 6)).toEqual(
      [
        "status",
        "header content-type",
        "header x-amz-apigw-id",
        "header x-amzn-requestid",
        "body /faces/*/attributes/faceArea/bottom",
        "body /faces/*/attributes/faceArea/left",
      ].map((field) => ({ operation: "ApiFaceExtractPost", status: 200, field })),
    );
  });

  it("an interaction without its image is skipped, and makes no call", async () => {
    const session = openSession(mock.world(), { images: (role) => (role === "none" ? undefined : "AAAA") });
    const [check] = checks.filter(({ id }) => id.endsWith("register-a-picture-without-a-face"));
    expect(await check!.run(session)).toEqual({
      mismatches: [],
      asserted: [],
      skipped: "no picture `none.jpg` was given",
    });
    expect(session.made).toEqual([]);
  });

  it("sends an image of any size", async () => {
    const world = mock.world();
    const session = openSession(world, { images: () => "A".repeat(8_000_000) });
    const [check] = checks.filter(({ id }) => id.endsWith("search-with-a-picture-without-a-face"));
    const { mismatches } = await check!.run(session);
    expect(session.made).toHaveLength(1);
    expect((session.made[0]!.body as { probe: string }).probe).toHaveLength(8_000_000);
    expect(JSON.stringify(mismatches)).not.toContain("AAAAAAAAAA");
  });
});

describe("a plan", () => {
  it("lists the calls that a run makes, in their order", async () => {
    const validation = createValidation(validators as unknown as Validators);
    const planned = openSession(mock.world(), {
      planning: true,
      send: planResponses({
        responses: responses.operations as unknown as ExampleResponses,
        validation,
        refusals: refusedImage,
      }),
    });
    const made = openSession(mock.world());
    await runAll(checks, planned);
    await runAll(checks, made);
    expect(planned.made.map(withoutIds)).toEqual(made.made.map(withoutIds));
  });

  it("of a consumer team's pact, with any headers and version", async () => {
    const json = { "Content-Type": "application/json" };
    const keys = { Authorization: "AWS4-HMAC-SHA256 team", "X-Api-Key": "team-key", "x-amz-date": "today" };
    const probe = cardImages("stranger", "team");
    const requests = [
      { method: "GET", path: "/v1/health" },
      { method: "get", path: "/health", headers: { Accept: "text/html", "X-Team": "a, b" } },
      { method: "POST", path: "/face/search", headers: { ...json, ...keys }, body: { probe, limit: 1 } },
      { method: "POST", path: "/face/search", body: { probe } },
      { method: "GET", path: "/health", query: "b=%20&a=1" },
    ];
    const document = {
      consumer: { name: "team" },
      provider: { name: "NEC ID" },
      interactions: requests.map((request, index) => ({
        description: `request ${index}`,
        request,
        response: { status: 200 },
      })),
      metadata: { pactSpecification: { version: "3.0.0" } },
    };
    const team = readPact(JSON.stringify(document), { source: "team.json", basePath: "/v1" });
    const checksOfTeam = pactChecks([team], { ...pactOptions, verifier });
    const planned = openSession(mock.world(), { planning: true, send: async () => jsonResponse(200, {}) });
    const made = openSession(mock.world());
    await runAll(checksOfTeam, planned);
    await runAll(checksOfTeam, made);
    expect(made.made).toEqual(planned.made);
    expect(made.made.map(({ path, headers }) => [path, headers])).toEqual([
      ["/health", undefined],
      ["/health", { accept: "text/html", "x-team": "a, b" }],
      ["/face/search", undefined],
      ["/face/search", undefined],
      ["/health?a=1&b=+", undefined],
    ]);
  });

  it("needs no Verifier", async () => {
    const absent = {
      verify: () => Promise.reject(new Error("a plan verifies nothing")),
      close: async () => {},
    };
    const session = openSession(mock.world(), { planning: true, send: async () => jsonResponse(200, {}) });
    const [check] = pactChecks([pact], { ...pactOptions, verifier: absent });
    expect(await check!.run(session)).toEqual({ mismatches: [], asserted: [] });
    // The registration itself, after the ledger has asked who has the picture already.
    expect(session.made.at(-1)).toMatchObject({
      operation: "ApiSubjectsPost",
      method: "POST",
      path: "/subjects",
    });
  });
});

type Broken = {
  name: string;
  id: string;
  alter: (response: ReceivedResponse) => ReceivedResponse;
  want: { instancePath: string; expected: string; actual: string }[];
};
const degrees = "text matching ^-?(0|[1-9][0-9]*)(\\.[0-9]+)?$";
const register = "a-request-to-register-a-face";

const broken: Broken[] = [
  {
    name: "a number in place of a number in text",
    id: register,
    alter: body((subject) => Object.assign(subject.attributes, { faceRoll: 161 })),
    want: [{ instancePath: "body /attributes/faceRoll", expected: degrees, actual: "161 (number)" }],
  },
  {
    name: "text that is no number",
    id: register,
    alter: body((subject) => Object.assign(subject.attributes, { facePan: "" })),
    want: [{ instancePath: "body /attributes/facePan", expected: degrees, actual: '""' }],
  },
  {
    name: "a missing property",
    id: register,
    alter: body((subject) => delete subject.attributes.faceRoll),
    want: [{ instancePath: "body /attributes/faceRoll", expected: degrees, actual: "missing" }],
  },
  {
    name: "a property that is null, reported once",
    id: register,
    alter: body((subject) => Object.assign(subject.attributes, { faceTilt: null })),
    want: [{ instancePath: "body /attributes/faceTilt", expected: degrees, actual: "null" }],
  },
  {
    name: "another status, and nothing else of that response",
    id: register,
    alter: (response) => ({ ...response, status: 200, body: Buffer.from("{}") }),
    want: [{ instancePath: "status", expected: "201", actual: "200" }],
  },
  {
    name: "an id of another form",
    id: register,
    alter: body((subject) => Object.assign(subject, { id: "7" })),
    want: [
      {
        instancePath: "body /id",
        expected: "text matching ^necidguid-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$",
        actual: '"7"',
      },
    ],
  },
  {
    name: "a score in text",
    id: "a-request-to-verify-a-registered-face",
    alter: body((candidate) => Object.assign(candidate, { score: "8200" })),
    want: [{ instancePath: "body /score", expected: "an integer", actual: '"8200"' }],
  },
  {
    name: "another error code",
    id: "a-request-to-search-with-a-picture-without-a-face",
    alter: body((error) => Object.assign(error, { errorCode: 2002 })),
    want: [{ instancePath: "body /errorCode", expected: "2001 (number)", actual: "2002 (number)" }],
  },
  {
    name: "an empty list",
    id: "a-request-to-search-for-a-registered-face",
    alter: body((found) => Object.assign(found, { candidates: [] })),
    want: [{ instancePath: "body /candidates", expected: "a list of 1 to 3", actual: "a list of 0" }],
  },
  {
    name: "more items than were asked for",
    id: "a-request-to-search-for-a-registered-face",
    alter: body((found) => Object.assign(found, { candidates: Array(4).fill(found.candidates[0]) })),
    want: [{ instancePath: "body /candidates", expected: "a list of 1 to 3", actual: "a list of 4" }],
  },
  {
    name: "a wrong item in a list",
    id: "a-request-to-measure-the-faces-in-a-picture",
    alter: body((found) => Object.assign(found.faces[1].attributes, { faceRoll: 1 })),
    want: [{ instancePath: "body /faces/1/attributes/faceRoll", expected: degrees, actual: "1 (number)" }],
  },
  {
    name: "a 404 with a body",
    id: "a-request-to-unregister-a-subject-that-is-gone",
    alter: (response) => ({
      ...response,
      headers: [...response.headers, ["content-type", "application/json"]],
      body: Buffer.from('{"message":"Not found"}'),
    }),
    want: [{ instancePath: "body", expected: "no body", actual: "a body" }],
  },
  {
    name: "no body at all",
    id: "a-question-whether-the-service-is-up",
    alter: (response) => ({ ...response, body: Buffer.alloc(0) }),
    want: [{ instancePath: "body", expected: "an object with 1 properties", actual: "no body" }],
  },
  {
    name: "something else than JSON",
    id: "a-question-whether-the-service-is-up",
    alter: (response) => ({ ...response, body: Buffer.from("<html>") }),
    want: [{ instancePath: "body", expected: "an object with 1 properties", actual: '"<html>"' }],
  },
  {
    name: "another media type",
    id: "a-question-whether-the-service-is-up",
    alter: header("content-type", "text/plain"),
    want: [
      {
        instancePath: "header content-type",
        expected: "text matching ^application/json(; ?charset=(utf-8|UTF-8))?$",
        actual: '"text/plain"',
      },
    ],
  },
  {
    name: "no request id",
    id: "a-request-to-unregister-a-subject",
    alter: (response) => ({
      ...response,
      headers: response.headers.filter(([name]) => name !== "x-amzn-requestid"),
    }),
    want: [
      {
        instancePath: "header x-amzn-requestid",
        expected: "text matching ^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
        actual: "missing",
      },
    ],
  },
];

describe("a provider that breaks a promise is reported:", () => {
  it.each(broken)("$name", async ({ id, alter, want }) => {
    const { mismatches } = await run(id, async (request, options) => {
      const response = await sendAsNamed(request, options);
      return options.planned.purpose.startsWith("pact: ") ? alter(response) : response;
    });
    const differences = mismatches.map(({ instancePath, expected, actual }) => ({
      instancePath,
      expected,
      actual,
    }));
    expect(differences).toEqual(want);
  });

  it("in the record of all mismatches", async () => {
    const { mismatches } = await run(register, async (request, options) => ({
      ...(await sendAsNamed(request, options)),
      status: 202,
    }));
    expect(mismatches).toEqual([
      {
        operation: "ApiSubjectsPost",
        source: "pact",
        location: "a request to register a face",
        instancePath: "status",
        expected: "201",
        actual: "202",
        message: "ApiSubjectsPost, a request to register a face: status should be 201, but is 202.",
      },
    ]);
  });
});

it("a pending interaction is marked, and its mismatches are reported", async () => {
  const document = JSON.parse(await readFile(file, "utf8"));
  const [interaction] = document.interactions;
  const pending = readPact(
    JSON.stringify({ ...document, interactions: [{ ...interaction, pending: true }] }),
    { source: "pending.json" },
  );
  const [check] = pactChecks([pending], { ...pactOptions, verifier });
  const session = openSession(mock.world(), { send: async () => jsonResponse(202, {}) });
  expect(check!.pending).toBe(true);
  expect((await check!.run(session)).mismatches.map(({ instancePath }) => instancePath)).toEqual(["status"]);
});

describe("white space, the order of keys, a charset and further headers", () => {
  it("are not asserted", async () => {
    const { mismatches } = await run(register, async (request, options) => {
      const response = await sendAsNamed(request, options);
      if (response.status !== 201) return response;
      const reversed = Object.fromEntries(Object.entries(JSON.parse(response.body.toString())).reverse());
      const altered = header("content-type", "application/json; charset=utf-8")(response);
      return {
        ...altered,
        headers: [...altered.headers, ["x-more", "1"]],
        body: Buffer.from(JSON.stringify(reversed, null, 4)),
      };
    });
    expect(mismatches).toEqual([]);
  });
});

describe("a verification ends early", () => {
  it("if a provider state cannot be set up, which is reported", async () => {
    const session = openSession(mock.world(), {
      send: async () => jsonResponse(500, { message: "out of order" }),
    });
    const [check] = checks.filter(({ id }) => id.endsWith("a-request-to-update-a-subject"));
    const { mismatches, asserted } = await check!.run(session);
    expect(mismatches.map(({ message }) => message)).toEqual([
      "ApiSubjectsPost, to set up that alice is registered: status should be 201, but is 500.",
    ]);
    expect(asserted).toEqual([]);
    expect(session.made.map(({ purpose }) => purpose)).toEqual([
      "who has this picture already",
      "register alice",
    ]);
  });

  it("if the provider is down: the run stops with kind network", async () => {
    const started = performance.now();
    const session = openSession({ url: "http://127.0.0.1:9/v1" });
    await expect(checks[0]!.run(session)).rejects.toMatchObject({ kind: "network" });
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it("if the limit of calls is reached: before the call", async () => {
    const session = openSession(mock.world(), { maxCalls: 0 });
    await expect(checks.at(-3)!.run(session)).rejects.toMatchObject({ kind: "budget" });
    expect(session.made).toEqual([]);
  });

  it("if it is interrupted", async () => {
    const abort = new AbortController();
    const session = openSession(mock.world(), {
      signal: abort.signal,
      send: async () => {
        abort.abort();
        throw abort.signal.reason;
      },
    });
    await expect(checks.at(-3)!.run(session)).rejects.toMatchObject({ kind: "interrupted" });
  });

  it("if the Verifier makes no call", async () => {
    const message = { type: "Synchronous/Messages", description: "news", response: [] };
    const verified = verifier.verify({
      pact: pact.document,
      interaction: message as never,
      values: {},
      respond: async () => jsonResponse(200, {}),
    });
    await expect(verified).rejects.toThrow(
      "Pact's Verifier could not read the interaction. Run it again; if it stays, verify without the pact part.",
    );
  });

  it("and the next interaction is verified", async () => {
    expect(await run(register, sendAsNamed)).toMatchObject({ mismatches: [] });
  });
});

it("a mismatch contains no key, no signature and no image", async () => {
  const { mismatches } = await run("a-request-to-register-without-a-face", async (request, options) => {
    const response = await sendAsNamed(request, options);
    const sent = request.headers.map(([name, value]) => `${name}: ${value}`).join(" ");
    return { ...response, body: Buffer.from(JSON.stringify({ message: sent, errorType: request.headers })) };
  });
  expect(mismatches.map(({ instancePath, actual }) => [instancePath, actual])).toEqual([
    ["body /errorCode", "missing"],
    ["body /errorType", expect.stringMatching(/^a list of \d+$/)],
    ["body /message", expect.stringMatching(/^text of \d+ characters \(SHA-256 [0-9a-f]{16}…\)$/)],
  ]);
  for (const secret of [...mock.apiKeys, ...Object.values(mock.credentials), "Signature="]) {
    expect(JSON.stringify(mismatches)).not.toContain(secret);
  }
});

async function run(name: string, send: Send) {
  const session = openSession(mock.world(), { send });
  const [check] = checks.filter(({ id }) => id === `pact/necid-client/${name}`);
  const result = await check!.run(session);
  await session.settle();
  return result;
}

function jsonResponse(status: number, value: unknown): ReceivedResponse {
  return {
    status,
    headers: [["content-type", "application/json"]],
    body: Buffer.from(JSON.stringify(value)),
  };
}

// biome-ignore lint/suspicious/noExplicitAny: bodies of every shape are broken in every way.
function body(change: (value: any) => unknown): Broken["alter"] {
  return (response) => {
    const value = JSON.parse(response.body.toString());
    change(value);
    return { ...response, body: Buffer.from(JSON.stringify(value)) };
  };
}

function header(name: string, value: string): Broken["alter"] {
  return (response) => ({
    ...response,
    headers: response.headers.map(([known, text]) => [known, known === name ? value : text]),
  });
}

/** The status for an image without a face, or with a blurred one. */
function refusedImage({ operation, body: sent }: PlannedCall): number | undefined {
  const unusable = [cardImages("none", "pact"), cardImages("blurred", "pact")];
  const refused = Object.values(sent ?? {}).some((value) => unusable.includes(value));
  return refused ? (operation === "ApiFaceExtractPost" ? 404 : 400) : undefined;
}

/** Ids are different in each run. */
function withoutIds(planned: PlannedCall): unknown {
  return JSON.parse(JSON.stringify(planned).replaceAll(/necidguid-[0-9a-f-]{27}/g, "ID"));
}

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import openapi from "#generated/necid-v1/openapi.json" with { type: "json" };
import { face } from "../../../../contracts/necid/faces/faces.ts";
import { type OpenedPacts, openNecIdPacts } from "../../../../contracts/necid/verify/pacts.ts";
import { readPact } from "../../../../contracts/verify/pact/pact.ts";
import { type Mock, startMock } from "../../../../mocks/mock.ts";
import { type OwnVerifier, openOwnVerifier } from "../../verify/pact/own-verifier.ts";
import { openSession } from "../../verify/pact/pact-world.ts";

/**
 * What our verification and Pact's own say of a pact at the mock. `refused`: before any call. `skipped`: reported,
 * and fails nothing. Where one of them takes a pact and the other does not, `why` has the reason.
 */
type Row = {
  name: string;
  pact: unknown;
  ours: "passes" | "fails" | "refused" | "skipped" | "empty";
  own: "passes" | "fails" | "unreadable";
  /** A part of what ours says. */
  says?: string;
  why?: string;
};

type Members = Record<string, unknown>;
const pactOf = (version: string, interactions: unknown, members: Members = {}) => ({
  consumer: { name: "team" },
  provider: { name: "necid-v1" },
  interactions,
  metadata: { pactSpecification: { version } },
  ...members,
});
const health = (members: Members = {}, request: Members = {}, response: Members = {}) => ({
  description: "health",
  request: { method: "GET", path: "/health", ...request },
  response: { status: 200, ...response },
  ...members,
});
const v2 = (...interactions: unknown[]) => pactOf("2.0.0", interactions);
const v3 = (...interactions: unknown[]) => pactOf("3.0.0", interactions);
const v4 = (...interactions: object[]) =>
  pactOf(
    "4.0",
    interactions.map((one) => ({ type: "Synchronous/HTTP", ...inVersion4(one as Interaction) })),
  );
type Interaction = { request?: Members; response?: Members };
const inVersion4 = ({ request, response, ...members }: Interaction) => ({
  ...members,
  request: withContent(request),
  response: withContent(response),
});
const withContent = (message: Members = {}) =>
  message.body
    ? { ...message, body: { content: message.body, contentType: "application/json", encoded: false } }
    : message;

const id = "necidguid-0000-0000-0000-00000000abcd";
const json = { headers: { "Content-Type": "application/json" } };
const unregister = (members: Members, status: number, request: Members = {}) =>
  health(
    { description: "unregister", ...members },
    { method: "DELETE", path: `/subjects/${id}`, ...request },
    { status },
  );
const search = (name: string, members: Members, body: Members, response: Members) =>
  health(
    { description: "search", ...members },
    { method: "POST", path: "/face/search", ...json, body: { probe: face(name), ...body } },
    response,
  );
const onStatus = (rule: unknown) => ({
  ...json,
  body: { status: "OK" },
  matchingRules: { body: { "$.status": { combine: "AND", matchers: [rule] } } },
});
const state = (name: string, params?: unknown) => ({
  providerStates: [params === undefined ? { name } : { name, params }],
});
const idOfState = {
  path: `/subjects/${id}`,
  generators: { path: { type: "ProviderState", expression: `/subjects/\${id}` } },
};

const rows: Row[] = [
  // Versions.
  { name: "version 2", pact: v2(health()), ours: "passes", own: "passes" },
  { name: "version 3", pact: v3(health()), ours: "passes", own: "passes" },
  { name: "version 4", pact: v4(health()), ours: "passes", own: "passes" },
  { name: "no version", pact: { ...v3(health()), metadata: null }, ours: "passes", own: "passes" },
  { name: "a version that is none", pact: pactOf("latest", [health()]), ours: "passes", own: "passes" },
  {
    name: "a provider that fails, version 2",
    pact: v2(health({}, {}, { ...json, body: { status: "ON" } })),
    ours: "refused",
    own: "fails",
    says: "response.body.status",
  },
  {
    name: "rules of version 2",
    pact: v2(
      search(
        "alice",
        { providerState: "alice is registered" },
        {},
        {
          status: 200,
          ...json,
          body: { candidates: [{ score: 7 }] },
          matchingRules: {
            "$.body.candidates": { min: 1, match: "type" },
            "$.body.candidates[*].score": { match: "type" },
          },
        },
      ),
    ),
    ours: "passes",
    own: "passes",
  },
  {
    name: "a score that differs, version 2",
    pact: v2(
      search(
        "alice",
        { providerState: "alice is registered" },
        {},
        { status: 200, ...json, body: { candidates: [{ score: 7 }] }, matchingRules: {} },
      ),
    ),
    ours: "fails",
    own: "fails",
    says: "/candidates/0/score should be 7 (number)",
  },
  {
    name: "a query as text, version 2",
    pact: v2(health({}, { query: "a=1&b=2" })),
    ours: "passes",
    own: "passes",
  },

  // Members that are null or missing.
  ...[2, 3, 4].map(
    (version): Row => ({
      name: `headers and query are null, version ${version}`,
      pact: { 2: v2, 3: v3, 4: v4 }[version]!(health({}, { headers: null, query: null }, { headers: null })),
      ours: "passes",
      own: "passes",
    }),
  ),
  { name: "no description", pact: v3(health({ description: undefined })), ours: "passes", own: "passes" },
  {
    name: "a description that is null",
    pact: v4(health({ description: null })),
    ours: "passes",
    own: "passes",
  },
  {
    name: "a description that is a number",
    pact: v4(health({ description: 7 })),
    ours: "passes",
    own: "passes",
  },
  {
    name: "states are null",
    pact: v4(health({ providerStates: null, pending: null })),
    ours: "passes",
    own: "passes",
  },
  {
    name: "a state is null, version 2",
    pact: v2(health({ providerState: null })),
    ours: "passes",
    own: "passes",
  },
  {
    name: "rules and generators are null",
    pact: v4(
      health({}, { matchingRules: null, generators: null }, { matchingRules: null, generators: null }),
    ),
    ours: "passes",
    own: "passes",
  },
  {
    name: "parameters are null",
    pact: v4(unregister(state("alice is registered", null), 204, idOfState)),
    ours: "passes",
    own: "passes",
  },
  {
    name: "no method and no status",
    pact: v3(health({}, { method: undefined }, { status: undefined })),
    ours: "passes",
    own: "passes",
  },
  { name: "no response", pact: v3({ ...health(), response: undefined }), ours: "passes", own: "passes" },
  {
    name: "a body that is null is an empty one",
    pact: v3(health({}, {}, { body: null })),
    ours: "fails",
    own: "fails",
    says: "body should be no body",
  },
  {
    name: "no request, which is GET /",
    pact: v3({ ...health(), request: undefined }),
    ours: "refused",
    own: "fails",
    says: "request.path and its method are not in the contract",
  },
  {
    name: "two interactions of one description",
    pact: v4(health(), health()),
    ours: "passes",
    own: "passes",
  },

  // Provider states.
  {
    name: "a state with its id",
    pact: v3(unregister(state("alice is registered"), 204, idOfState)),
    ours: "passes",
    own: "passes",
  },
  {
    name: "a state with a given id",
    pact: v3(unregister(state("alice is registered", { id }), 204)),
    ours: "passes",
    own: "passes",
  },
  {
    name: "a given id in a body",
    pact: v3(
      health(
        { description: "verify", ...state("alice is registered", { id }) },
        { method: "POST", path: "/face/verify", ...json, body: { id, probe: face("alice?photo=1") } },
        { status: 200, ...json, body: { id } },
      ),
    ),
    ours: "passes",
    own: "passes",
  },
  {
    name: "a face of its own",
    pact: v4(search("carol?photo=2", state("a face is registered", { face: "carol" }), {}, { status: 200 })),
    ours: "passes",
    own: "passes",
  },
  {
    name: "a face that is not there",
    pact: v4(search("dave", state("a face is not registered", { face: "dave" }), {}, { status: 404 })),
    ours: "passes",
    own: "passes",
  },
  {
    name: "two states",
    pact: v4(
      search(
        "erin",
        {
          providerStates: [
            { name: "nobody is registered" },
            { name: "a face is registered", params: { face: "erin" } },
          ],
        },
        {},
        { status: 200 },
      ),
    ),
    ours: "passes",
    own: "passes",
  },
  {
    name: "a subject that is gone",
    pact: v4(unregister(state("alice was unregistered", { id }), 404)),
    ours: "passes",
    own: "passes",
  },
  {
    name: "a refused key",
    pact: v4(
      search(
        "alice",
        state("the API key is unknown"),
        {},
        { status: 403, ...json, body: { message: "Forbidden" } },
      ),
    ),
    ours: "passes",
    own: "passes",
  },
  {
    name: "an expired signature",
    pact: v4(
      search(
        "alice",
        state("the signature has expired"),
        {},
        { status: 403, headers: { "x-amzn-errortype": "InvalidSignatureException" } },
      ),
    ),
    ours: "passes",
    own: "passes",
  },
  {
    name: "an unknown state",
    pact: v4(health(state("carol sings"))),
    ours: "refused",
    own: "fails",
    says: 'providerStates names "carol sings", which is unknown; known are: alice is registered',
  },
  {
    name: "an unknown parameter",
    pact: v4(health(state("alice is registered", { age: 7 }))),
    ours: "refused",
    own: "fails",
    says: 'providerStates.params.age is not taken by "alice is registered"; it takes id',
  },
  {
    name: "a parameter of a state without any",
    pact: v4(health(state("nobody is registered", { id }))),
    ours: "refused",
    own: "fails",
    says: "it takes no parameters",
  },
  {
    name: "a parameter that is no text",
    pact: v4(health(state("alice is registered", { id: 7 }))),
    ours: "refused",
    own: "fails",
    says: "providerStates.params.id must be text",
  },
  {
    name: "an id that could stand for anything",
    pact: v4(health(state("alice is registered", { id: "e" }))),
    ours: "refused",
    own: "fails",
    says: "providerStates.params.id must be necidguid- and 4-4-4-12 hexadecimal digits",
  },
  {
    name: "no face for a state",
    pact: v4(health(state("a face is registered"))),
    ours: "refused",
    own: "fails",
    says: 'must be given to "a face is registered"',
  },
  {
    name: "a face card that is none",
    pact: v4(health(state("a face is registered", { face: "a?b=c" }))),
    ours: "refused",
    own: "fails",
    says: "is no face card",
  },
  {
    name: "states that are texts",
    pact: v4(health({ providerStates: ["alice is registered"] })),
    ours: "refused",
    own: "fails",
    says: "providerStates[0]: it must be a JSON object with a name",
  },

  // Pending.
  {
    name: "a pending interaction that the contract disallows",
    pact: v4(health({ pending: true }, { path: "/new" })),
    ours: "skipped",
    own: "passes",
    says: "its pact is pending",
  },
  {
    name: "a pending interaction with another status",
    pact: v4(health({ pending: true }, {}, { status: 202 })),
    ours: "skipped",
    own: "passes",
  },
  {
    name: "a pending interaction with an unknown state",
    pact: v4(health({ pending: true, ...state("carol sings") })),
    ours: "skipped",
    own: "passes",
    says: "carol sings",
  },
  {
    name: "a pending one beside one that fails",
    pact: v4(
      health({ pending: true }, {}, { status: 202 }),
      health({ description: "b" }, {}, { ...json, body: { status: "ON" } }),
    ),
    ours: "refused",
    own: "fails",
  },

  {
    name: "JSON in Base64",
    pact: pactOf("4.0", [
      {
        type: "Synchronous/HTTP",
        ...health(
          {},
          {},
          {
            body: {
              content: Buffer.from('{"status":"OK"}').toString("base64"),
              contentType: "application/json",
              encoded: "base64",
            },
          },
        ),
      },
    ]),
    ours: "passes",
    own: "passes",
  },
  {
    name: "other JSON in Base64",
    pact: pactOf("4.0", [
      {
        type: "Synchronous/HTTP",
        ...health(
          {},
          {},
          {
            body: {
              content: Buffer.from('{"status":"ON"}').toString("base64"),
              contentType: "application/json",
              encoded: "base64",
            },
          },
        ),
      },
    ]),
    ours: "refused",
    own: "fails",
    says: "response.body.status",
  },
  {
    name: "a status as text",
    pact: v3(health({}, {}, { status: "200" })),
    ours: "refused",
    own: "unreadable",
  },
  { name: "a version that is to come", pact: pactOf("5.0", [health()]), ours: "passes", own: "passes" },

  // Messages, and nothing.
  {
    name: "a message with its responses beside",
    pact: pactOf("4.0", [
      {
        type: "Synchronous/Messages",
        description: "news",
        request: { contents: { content: "x" } },
        response: [{ contents: { content: "y" } }],
      },
      { type: "Synchronous/HTTP", ...health() },
    ]),
    ours: "skipped",
    own: "fails",
    says: "it is a message, and the contract has none",
    why: "Pact asks a message of a provider that has none",
  },
  {
    name: "a message beside",
    pact: pactOf("4.0", [
      { type: "Asynchronous/Messages", description: "news", contents: { content: "x" } },
      { type: "Synchronous/HTTP", ...health() },
    ]),
    ours: "skipped",
    own: "fails",
    says: "it is a message, and the contract has none",
    why: "Pact asks a message of a provider that has none",
  },
  {
    name: "messages of version 3",
    pact: { ...pactOf("3.0.0", undefined), messages: [{ description: "news", contents: "x" }] },
    ours: "skipped",
    own: "fails",
    says: "it is a message",
    why: "Pact asks a message of a provider that has none",
  },
  { name: "no interaction", pact: v4(), ours: "empty", own: "passes" },
  { name: "interactions are null", pact: pactOf("3.0.0", null), ours: "empty", own: "passes" },

  // Broken ones.
  {
    name: "a regular expression that does not compile",
    pact: v3(health({}, {}, onStatus({ match: "regex", regex: "([" }))),
    ours: "refused",
    own: "fails",
    says: "the rule for $.status of the response's body must be a regular expression that compiles",
  },
  {
    name: "a regular expression that only Pact compiles",
    pact: v3(health({}, {}, onStatus({ match: "regex", regex: "(?i)^ok$" }))),
    ours: "passes",
    own: "passes",
  },
  {
    name: "a regular expression of a header",
    pact: v3(
      health(
        {},
        {},
        {
          ...json,
          matchingRules: { header: { "Content-Type": { matchers: [{ match: "regex", regex: "([" }] } } },
        },
      ),
    ),
    ours: "refused",
    own: "fails",
    says: "the response's header content-type must be a regular expression that compiles",
  },
  {
    name: "an unknown matcher",
    pact: v3(health({}, {}, onStatus({ match: "banana" }))),
    ours: "refused",
    own: "fails",
    says: "must be a matcher that Pact knows",
  },
  {
    name: "a path that is none",
    pact: v3(
      health(
        {},
        {},
        {
          ...json,
          body: { status: "OK" },
          matchingRules: { body: { "$$..[": { matchers: [{ match: "type" }] } } },
        },
      ),
    ),
    ours: "refused",
    own: "unreadable",
    says: "must be rules that Pact's Verifier can read",
  },
  {
    name: "another media type",
    pact: v3(health({}, {}, { headers: { "Content-Type": "text/html" } })),
    ours: "refused",
    own: "fails",
    says: "response.headers.content-type is not in the contract",
  },
  { name: "no JSON", pact: "{", ours: "refused", own: "unreadable", says: "is not JSON" },
  { name: "a list", pact: [], ours: "refused", own: "unreadable", says: "names no consumer and provider" },
  {
    name: "no consumer",
    pact: { ...v4(health()), consumer: undefined },
    ours: "refused",
    own: "passes",
    says: "names no consumer and provider",
    why: "results could be reported to nobody",
  },
  {
    name: "interactions that are no list",
    pact: pactOf("4.0", {}),
    ours: "refused",
    own: "passes",
    says: "at interactions: it must be a list",
    why: "Pact takes it for an empty list",
  },
  {
    name: "an interaction that is null",
    pact: pactOf("4.0", [null]),
    ours: "refused",
    own: "unreadable",
    says: "interaction 1: it must be a JSON object",
  },
  {
    name: "an interaction of no type",
    pact: pactOf("4.0", [health()]),
    ours: "refused",
    own: "unreadable",
    says: 'interaction "health", type: it must be "Synchronous/HTTP"',
  },
  {
    name: "a status as text",
    pact: v4(health({}, {}, { status: "200" })),
    ours: "refused",
    own: "unreadable",
    says: 'interaction "health", response.status: it must be a whole number',
  },
  {
    name: "headers that are a number",
    pact: v4(health({}, { headers: 7 })),
    ours: "refused",
    own: "passes",
    says: "request.headers: it must be a JSON object",
    why: "Pact leaves out what it cannot read",
  },
  {
    name: "a header with a line break",
    pact: v4(health({}, { headers: { "x-a": "b\r\nx-c: d" } })),
    ours: "refused",
    own: "fails",
    says: "request.headers.x-a: it must be text without line breaks",
  },
  {
    name: "a header whose name is none",
    pact: v4(health({}, { headers: { "x a": "b" } })),
    ours: "refused",
    own: "fails",
    says: "request.headers: it must be an object with the names of headers",
  },
  {
    name: "headers with the names of an object's own members",
    pact: v4(health({}, { headers: { constructor: "a", toString: "b" } })),
    ours: "passes",
    own: "passes",
  },
  {
    name: "a body that is nested too deep",
    pact: JSON.stringify(v3(health({}, {}, { body: 0 }))).replace(
      '"body":0',
      `"body":${"[".repeat(5000)}${"]".repeat(5000)}`,
    ),
    ours: "refused",
    own: "unreadable",
    says: "is nested deeper than 200 levels",
  },
  {
    name: "a regular expression that takes very long",
    pact: v3(
      search(
        "alice",
        state("alice is registered"),
        {},
        {
          status: 200,
          ...json,
          body: { candidates: [{ id }] },
          matchingRules: {
            body: {
              "$.candidates[0].id": { matchers: [{ match: "regex", regex: "^(([a-z0-9-])+.)+[A-Z]$" }] },
            },
          },
        },
      ),
    ),
    ours: "fails",
    own: "unreadable",
    says: "one that Pact's Verifier can read",
  },
  {
    name: "a path that is a number",
    pact: v4(health({}, { path: 7 })),
    ours: "refused",
    own: "fails",
    says: "request.path: it must be text",
  },
  {
    name: "an undocumented status",
    pact: v4(health({}, {}, { status: 418 })),
    ours: "refused",
    own: "fails",
    says: "response.status is not in the contract",
  },
  {
    name: "a request that the contract disallows",
    pact: v4(search("alice", {}, { thresold: 1 }, { status: 200 })),
    ours: "refused",
    own: "fails",
    says: "request.body.thresold is not in the contract",
  },
];

let folder: string;
/** Pact's own Verifier does not sign. */
let mock: Mock;
let signed: Mock;
let own: OwnVerifier;
let opened: OpenedPacts;
const unread = new Map<number, string>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "necid-pacts-"));
  mock = await startMock({ auth: "off" });
  signed = await startMock();
  own = await openOwnVerifier();
  const files: string[] = [];
  for (const [index, { pact }] of rows.entries()) {
    const text = typeof pact === "string" ? pact : JSON.stringify(withConsumer(pact, index));
    const source = fileOf(index);
    try {
      readPact(text, { source, basePath: "/v1" });
      await writeFile(source, text);
      files.push(source);
    } catch (error) {
      unread.set(index, (error as Error).message);
    }
  }
  opened = await openNecIdPacts({ openapi, sources: files, env: {} });
});
afterAll(() =>
  Promise.all([mock.close(), signed.close(), own.close(), opened.close(), rm(folder, { recursive: true })]),
);

it.each(rows.map((row, index) => ({ ...row, index })))(
  "$name",
  async ({ pact, ours, own: ofOwn, says, why, index }) => {
    const found = await oursOf(index);
    const theirs = await ownOf(pact);
    expect({ ours: found.verdict, own: theirs }).toEqual({ ours, own: ofOwn });
    expect(found.sentences.filter((sentence) => says !== undefined && sentence.includes(says))).toHaveLength(
      says ? 1 : 0,
    );
    expect(found.sentences).toEqual([...new Set(found.sentences)]);
    const differ = (ours === "refused" || ours === "fails") !== (ofOwn !== "passes");
    expect(differ || (ours === "skipped" && ofOwn !== "passes")).toBe(why !== undefined);
  },
);

it("a pending pact is verified as a whole, and fails nothing", async () => {
  const text = JSON.stringify(v3(health({}, { path: "/new" })));
  expect(readPact(text, { source: "x", pending: true }).pending).toBe(true);
});

describe("the recorded pact", () => {
  it("is among the checks, and refused in no part", () => {
    expect(opened.checks.filter(({ id }) => id.startsWith("pact/necid-client/"))).toHaveLength(26);
    expect(opened.refused.filter(({ source }) => !source.startsWith(folder))).toEqual([]);
  });
});

function fileOf(index: number): string {
  return join(folder, `${String(index).padStart(3, "0")}.json`);
}

function withConsumer(pact: unknown, index: number): unknown {
  const { consumer } = (pact ?? {}) as { consumer?: unknown };
  return consumer === undefined ? pact : { ...(pact as object), consumer: { name: `team ${index}` } };
}

async function oursOf(index: number): Promise<{ verdict: Row["ours"]; sentences: string[] }> {
  const problem = unread.get(index);
  if (problem !== undefined) return { verdict: "refused", sentences: [problem] };
  const source = fileOf(index);
  if (opened.empty.includes(source)) return { verdict: "empty", sentences: [] };
  const refused = opened.refused.filter((each) => each.source === source);
  const sentences = refused.map(({ mismatch }) => mismatch.message);
  if (refused.length > 0) return { verdict: "refused", sentences };
  const world = signed.world();
  const session = openSession(world);
  let verdict: Row["ours"] = "passes";
  for (const check of opened.checks.filter(({ id }) => id.startsWith(`pact/team-${index}/`))) {
    const { mismatches, skipped } = await check.run(session);
    await session.settle();
    sentences.push(...mismatches.map(({ message }) => message), ...(skipped ? [skipped] : []));
    if (mismatches.length > 0) verdict = "fails";
    else if (skipped && verdict === "passes") verdict = "skipped";
  }
  world.delete();
  return { verdict, sentences };
}

async function ownOf(pact: unknown): Promise<Row["own"]> {
  const statesUrl = `http://127.0.0.1:${mock.port}/__necid/provider-states`;
  const found = await own.verify(pact, { baseUrl: mock.url, statesUrl });
  mock.reset();
  if (found === "unreadable") return found;
  return found.length > 0 ? "fails" : "passes";
}

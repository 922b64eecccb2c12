import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import openapi from "#generated/necid-v1/openapi.json" with { type: "json" };
import { createClient } from "../../../../contracts/necid/client.ts";
import { readFaceCard } from "../../../../contracts/necid/faces/face-card.ts";
import { face } from "../../../../contracts/necid/faces/faces.ts";
import { pactChecks } from "../../../../contracts/verify/pact/checks.ts";
import { comparePact } from "../../../../contracts/verify/pact/compare.ts";
import { readPact } from "../../../../contracts/verify/pact/pact.ts";
import { openPactVerifier } from "../../../../contracts/verify/pact/verifier.ts";
import { type Mock, type MockWorld, startMock } from "../../../../mocks/mock.ts";
import { type OwnVerifier, openOwnVerifier } from "../../../contracts/verify/pact/own-verifier.ts";
import { openSession, pactOptions, runAll } from "../../../contracts/verify/pact/pact-world.ts";
import { sourceCondition } from "../../../docs/run-page.ts";

let mock: Mock;
let folder: string;
let own: OwnVerifier;
const verifier = openPactVerifier();
beforeAll(async () => {
  mock = await startMock({ auth: "off" });
  own = await openOwnVerifier();
  folder = await mkdtemp(join(tmpdir(), "necid-pact-"));
});
afterAll(async () => {
  await Promise.all([mock.close(), own.close(), verifier.close(), rm(folder, { recursive: true })]);
});

let world: MockWorld & { delete(): void };
beforeEach(() => {
  world = mock.world();
});
afterEach(() => world.delete());

/** Any bytes that are no face card. */
const photo = Buffer.from(Array.from({ length: 9000 }, (_, index) => index % 251)).toString("base64");

describe("a pact of the journal", () => {
  it("has each distinct interaction once, with its provider states", async () => {
    world.seedSubjects({ 1: ["zoe?photo=4"] });
    const { operations } = clientOf(world);
    for (const name of ["alice", "bob"]) await operations.ApiSubjectsPost({ body: { face: face(name) } });
    await operations.ApiFaceSearchPost({ body: { probe: face("zoe") } });
    await operations.ApiFaceSearchPost({ body: { probe: face("zoe?photo=2") } });
    await operations.ApiFaceSearchPost({ body: { probe: face("zoe"), limit: 2, threshold: 7100 } });
    await operations.ApiFaceSearchPost({ body: { probe: face("carol") } });
    await operations.ApiFaceVerifyPost({ body: { probe: face("carol"), id: "nobody" } });
    const { interactions } = await world.pact({ consumer: "team" });
    expect(interactions.map(({ description, providerStates = [] }) => [description, providerStates])).toEqual(
      [
        ["register a face: 201", []],
        [
          "search the gallery for a face: 200",
          [{ name: "a face is registered", params: { face: "zoe?photo=4", id: numbered(1) } }],
        ],
        [
          "search the gallery for a face with limit and threshold: 200",
          [{ name: "a face is registered", params: { face: "zoe?photo=4", id: numbered(1) } }],
        ],
        [
          "search the gallery for a face: 404",
          [{ name: "a face is not registered", params: { face: "carol" } }],
        ],
        [
          "verify a face against one subject: 404",
          [{ name: "a subject does not exist", params: { id: "nobody" } }],
        ],
      ],
    );
  });

  it("follows updates and deletions, each application for itself", async () => {
    const { operations } = clientOf(world);
    const { data } = await operations.ApiSubjectsPost({ body: { face: face("alice") } });
    const id = data!.id;
    const params = { path: { id } };
    await operations.ApiSubjectsByIdPut({ params, body: { face: face("bob") } });
    await operations.ApiFaceVerifyPost({ body: { id, probe: face("bob?photo=2") } });
    await operations.ApiSubjectsByIdDelete({ params });
    await operations.ApiFaceVerifyPost({ body: { id, probe: face("bob") } });
    await clientOf(world, 2).operations.ApiFaceSearchPost({ body: { probe: face("bob") } });
    const { interactions } = await world.pact({ consumer: "team" });
    const states = interactions.map(({ description, providerStates = [] }) => [
      description,
      ...(providerStates as { name: string; params?: { face?: string } }[]).map(
        ({ name, params }) => `${name} ${params?.face ?? ""}`,
      ),
    ]);
    expect(states).toEqual([
      ["register a face: 201"],
      ["replace a registered face: 200", "a face is registered alice"],
      ["verify a face against one subject: 200", "a face is registered bob"],
      ["unregister a face: 204", "a face is registered bob"],
      ["verify a face against one subject: 404", "a subject does not exist "],
      ["search the gallery for a face: 404", "nobody is registered "],
    ]);
  });

  it("holds the provider to the contract's patterns, and to its constants themselves", async () => {
    const { operations } = clientOf(world);
    await operations.ApiSubjectsPost({ body: { face: face("none") } });
    await operations.ApiFaceExtractPost({ body: { faces: face("alice;bob") } });
    const { interactions } = await world.pact({ consumer: "team" });
    const [refused, extracted] = interactions as { response: Response }[];
    expect(refused!.response).toMatchObject({
      status: 400,
      body: { content: { errorCode: 2001, errorType: "NoFace" } },
      matchingRules: { body: { "$.message": { matchers: [{ match: "type" }] } } },
    });
    expect(Object.keys(refused!.response.matchingRules.body)).toEqual(["$.message"]);
    expect(extracted!.response.body.content).toMatchObject({ faces: [{ attributes: {} }] });
    expect(extracted!.response.matchingRules.body).toMatchObject({
      "$.faces": { matchers: [{ match: "type", min: 1 }] },
      "$.faces[*].attributes.faceArea.left": {
        matchers: [{ match: "type" }, { match: "regex", regex: "^-?(0|[1-9][0-9]*)$" }],
      },
    });
    type Response = {
      body: { content: object };
      matchingRules: { body: Record<string, object> };
    };
  });

  it("leaves out faults, preferred responses, preflights, and what no state leads to", async () => {
    const { operations } = clientOf(world);
    const search = { body: { probe: face("alice") } };
    for (const fault of [{ status: 500 }, { throttle: { rate: 1, burst: 1 } }, { error: "NoFace" }]) {
      const { id } = world.faults.add({ fault } as never);
      await operations.ApiFaceSearchPost(search);
      world.faults.remove(id);
    }
    await operations.ApiFaceSearchPost({ ...search, headers: { prefer: "code=400" } } as never);
    const headers = { "x-api-key": world.apiKeys[0]! };
    await fetch(`${world.url}/subjects`, { method: "OPTIONS", headers });
    await fetch(`${world.url}/nothing`, { headers });
    await fetch(`${world.url}.1/subjects`, { method: "POST", headers, body: "{}" });
    await operations.ApiSubjectsPost({ body: { face: `data:${photo}` } });
    await operations.ApiSubjectsPost({ body: {} as never });
    expect((await world.pact({ consumer: "team" })).interactions.map((one) => one.description)).toEqual([
      "search the gallery for a face: 404",
      "register a face without face: 400 InvalidRequest",
    ]);
  });

  it("is the same for the same calls", async () => {
    const other = mock.world({ seed: "another" });
    const pacts = [];
    for (const each of [world, other]) {
      const { operations } = clientOf(each);
      const { data } = await operations.ApiSubjectsPost({ body: { face: photo } });
      await operations.ApiFaceVerifyPost({ body: { id: data!.id, probe: photo } });
      pacts.push(await each.pact({ consumer: "team" }));
    }
    other.delete();
    expect(pacts[1]).toEqual(pacts[0]);
  });

  it("shows no photograph, no credentials and no text that is long", async () => {
    const { operations } = clientOf(world);
    const { data } = await operations.ApiSubjectsPost({ body: { face: photo } });
    await operations.ApiFaceVerifyPost({ body: { probe: photo.slice(0, 4000), id: data!.id } });
    await operations.ApiFaceVerifyPost({
      body: { probe: `data:image/png;base64,${photo}`, id: photo },
    } as never);
    await operations.ApiSubjectsPost({ body: { fase: photo } } as never);
    await operations.ApiSubjectsPost({ body: { [photo.slice(0, 400)]: 1 } } as never);
    const text = JSON.stringify(await world.pact({ consumer: "team" }));
    const long = [...new Set(text.match(/[A-Za-z0-9+/=]{61,}/g))];
    expect(long.map((image) => readFaceCard(Buffer.from(image, "base64")))).toEqual([
      expect.objectContaining({ faces: [expect.objectContaining({ identity: "person-1" })] }),
      expect.objectContaining({ faces: [expect.objectContaining({ identity: "person-2" })] }),
    ]);
    for (const secret of [...world.apiKeys, ...Object.values(world.credentials), "AWS4-HMAC"]) {
      expect(text).not.toContain(secret);
    }
  });
});

describe("the file", () => {
  it("gets what it does not have yet, sorted", async () => {
    const file = join(folder, "deep/team.json");
    const { operations } = clientOf(world);
    await operations.ApiFaceSearchPost({ body: { probe: face("alice") } });
    await world.pact({ consumer: "team", file });
    world.reset();
    await operations.ApiFaceExtractPost({ body: { faces: face("alice") } });
    await operations.ApiFaceSearchPost({ body: { probe: face("bob") } });
    const whole = await world.pact({ consumer: "team", file });
    expect(JSON.parse(await readFile(file, "utf8"))).toEqual(whole);
    expect(whole.interactions.map((one) => one.description)).toEqual([
      "measure the faces in a picture: 200",
      "search the gallery for a face: 404",
    ]);
  });

  it.each([
    ["no JSON", "{"],
    ["another consumer", { consumer: { name: "x" }, provider: { name: "necid-v1" }, interactions: [] }],
    ["no pact", 7],
  ])("is not replaced if it is %s", async (_, content) => {
    const file = join(folder, "other.json");
    await writeFile(file, typeof content === "string" ? content : JSON.stringify(content));
    await expect(world.pact({ consumer: "team", file })).rejects.toThrow(
      `${file} is not the pact of team with necid-v1 of the same version. Remove it, or name another file.`,
    );
  });

  it("gets the interactions of tests that run at the same time", async () => {
    const file = join(folder, "concurrent.json");
    await mkdir(`${file}.lock`, { recursive: true });
    const past = new Date(Date.now() - 60_000);
    await utimes(`${file}.lock`, past, past);
    const names = Array.from({ length: 8 }, (_, index) => "abcdefgh".slice(0, index + 1));
    const worlds = names.map(() => mock.world());
    await Promise.all(
      worlds.map(async (each, index) => {
        const body = {
          probe: face("alice"),
          ...Object.fromEntries([...names[index]!].map((name) => [name, 1])),
        };
        await clientOf(each).operations.ApiFaceSearchPost({ body } as never);
        await each.pact({ consumer: "team", file });
        each.delete();
      }),
    );
    const { interactions } = JSON.parse(await readFile(file, "utf8"));
    expect(interactions).toHaveLength(8);
    expect((await readdir(folder)).filter((name) => name.startsWith("concurrent"))).toEqual([
      "concurrent.json",
    ]);
  });

  it("is not written where there is a folder, or below a file", async () => {
    await writeFile(join(folder, "text"), "");
    for (const [file, problem] of [
      [folder, "cannot be read (EISDIR)"],
      [join(folder, "text/team.json"), "cannot be written (EEXIST)"],
    ]) {
      await expect(world.pact({ consumer: "team", file: file! })).rejects.toThrow(`${file} ${problem}.`);
    }
  });

  it.each([
    [{ consumer: "" }, 'A pact needs the name of its consumer: pact({ consumer: "my-app" }).'],
    [{}, 'A pact needs the name of its consumer: pact({ consumer: "my-app" }).'],
    [{ consumer: "team", version: 2 }, "The version of a pact must be 3 or 4."],
  ])("needs proper options: %j", async (options, message) => {
    await expect(world.pact(options as never)).rejects.toThrow(message);
  });
});

describe("the pact of the example application", () => {
  let pacts: Record<number, object>;
  beforeAll(async () => {
    const file = join(folder, "door.json");
    const program = [`--conditions=${sourceCondition}`, "examples/pact.ts", file];
    await promisify(execFile)(process.execPath, program);
    const version3 = await startMock();
    const { operations } = clientOf(version3);
    const { data } = await operations.ApiSubjectsPost({ body: { face: face("alice") } });
    await operations.ApiSubjectsByIdDelete({ params: { path: { id: data!.id } } });
    await operations.ApiSubjectsByIdDelete({ params: { path: { id: data!.id } } });
    pacts = {
      4: JSON.parse(await readFile(file, "utf8")),
      3: await version3.pact({ consumer: "door", version: 3 }),
    };
    await version3.close();
  });

  it.each([4, 3])("of version %i is allowed by the contract, and passes both verifiers", async (version) => {
    const pact = readPact(JSON.stringify(pacts[version]), { source: "door.json", basePath: "/v1" });
    expect(await comparePact(pact, { ...pactOptions, openapi })).toEqual([]);
    expect(await verdicts(pacts[version]!, (response) => response)).toEqual({ ours: [], own: [] });
  });

  it.each<[name: string, alter: Alter, version?: number]>([
    ["201 becomes 200", ({ status, ...rest }) => ({ ...rest, status: status === 201 ? 200 : status })],
    ["a subject without an id", inBody((body) => delete body.id)],
    ["a score as text", inBody((body) => body.score !== undefined && Object.assign(body, { score: "8200" }))],
    [
      "a number for a number in text",
      inBody((body) => body.attributes && Object.assign(body.attributes, { faceRoll: 1.5 })),
    ],
    ["another error code", inBody((body) => body.errorCode && Object.assign(body, { errorCode: 2002 }))],
    ["no candidates", inBody((body) => body.candidates && Object.assign(body, { candidates: [] }))],
    ["a 404 with a body", withBodyOf404],
    ["a 404 with a body, of version 3", withBodyOf404, 3],
    [
      "no request id",
      ({ headers: { "x-amzn-requestid": _, ...headers }, ...rest }) => ({ ...rest, headers }),
    ],
  ])("fails where the provider has %s", async (_, alter, version = 4) => {
    const { ours, own } = await verdicts(pacts[version]!, alter);
    expect({ ours: ours.length > 0, own: own.length > 0 }).toEqual({ ours: true, own: true });
  });
});

function clientOf({ url, credentials, apiKeys }: MockWorld, application = 1) {
  return createClient({ baseUrl: url, ...credentials, apiKey: apiKeys[application - 1]!, retries: 0 });
}

function numbered(number: number): string {
  return `necidguid-0000-0000-0000-${String(number).padStart(12, "0")}`;
}

type Altered = { status: number; headers: Record<string, string>; body: string };
type Alter = (response: Altered) => Altered;

/** What our verification and Pact's own find at a provider that alters the mock's responses. */
async function verdicts(pact: object, alter: Alter): Promise<{ ours: string[]; own: string[] }> {
  const proxy = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { host: _, connection: __, "content-length": ___, ...headers } = request.headers;
    const received = await fetch(`http://127.0.0.1:${mock.port}${request.url}`, {
      method: request.method!,
      headers: headers as Record<string, string>,
      ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
    });
    const { connection, "content-length": length, ...kept } = Object.fromEntries(received.headers);
    const altered = alter({ status: received.status, headers: kept, body: await received.text() });
    response.writeHead(altered.status, altered.headers).end(altered.body);
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}/v1`;
  const read = readPact(JSON.stringify(pact), { source: "door.json", basePath: "/v1" });
  const session = openSession({ url });
  const results = await runAll(pactChecks([read], { ...pactOptions, verifier }), session);
  const statesUrl = `http://127.0.0.1:${mock.port}/__necid/provider-states`;
  const found = await own.verify(pact, { baseUrl: url, statesUrl });
  mock.reset();
  proxy.closeAllConnections();
  await once(proxy.close(), "close");
  return {
    ours: results.flatMap(({ result }) => [
      ...result.mismatches.map(({ message }) => message),
      ...(result.skipped ? [result.skipped] : []),
    ]),
    own: found === "unreadable" ? [found] : found.map(({ mismatch = "" }) => mismatch),
  };
}

// biome-ignore lint/suspicious/noExplicitAny: bodies of every shape are broken.
function inBody(change: (body: any) => unknown): Alter {
  return (response) => {
    if (!response.headers["content-type"]?.startsWith("application/json")) return response;
    const body = JSON.parse(response.body);
    change(body);
    return { ...response, body: JSON.stringify(body) };
  };
}

function withBodyOf404(response: Altered): Altered {
  if (response.status !== 404) return response;
  const headers = { ...response.headers, "content-type": "application/json" };
  return { ...response, headers, body: '{"message":"Not found"}' };
}

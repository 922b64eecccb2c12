import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { face } from "../../../contracts/necid/faces/faces.ts";
import { providerStates } from "../../../contracts/necid/verify/provider-states.ts";
import { type Mock, startMock } from "../../../mocks/mock.ts";
import { stateParameters } from "../../../mocks/necid/provider-states.ts";

let mock: Mock;
beforeAll(async () => {
  mock = await startMock({ auth: "off" });
});
afterAll(() => mock.close());

const id = "necidguid-0000-0000-0000-00000000abcd";

it("the mock and the verifier have the same states with the same parameters", () => {
  const ofVerifier = Object.entries(providerStates).map(([name, { parameters = [] }]) => [name, parameters]);
  expect(stateParameters).toEqual(Object.fromEntries(ofVerifier));
});

const search = { probe: face("alice") };

describe("a state is set up as Pact's Verifier asks for it", () => {
  it.each<[name: string, state: object, call: [string, string, unknown?], status: number]>([
    ["no state", { state: "" }, ["GET", "/health"], 200],
    ["alice", { state: "alice is registered" }, ["POST", "/face/search", search], 200],
    ["her id", { state: "alice is registered", params: { id } }, ["DELETE", `/subjects/${id}`], 204],
    [
      "twice the same id",
      { state: "alice is registered", params: { id } },
      ["DELETE", `/subjects/${id}`],
      204,
    ],
    [
      "alice is gone",
      { state: "alice was unregistered", params: { id } },
      ["DELETE", `/subjects/${id}`],
      404,
    ],
    [
      "any face",
      { state: "a face is registered", params: { face: "carol?photo=2", id } },
      ["POST", "/face/verify", { id, probe: face("carol") }],
      200,
    ],
    [
      "a face that is not",
      { state: "a face is not registered", params: { face: "carol" } },
      ["POST", "/face/search", { probe: face("carol") }],
      404,
    ],
    ["no subject", { state: "a subject does not exist", params: { id } }, ["DELETE", `/subjects/${id}`], 404],
    ["nobody", { state: "nobody is registered" }, ["POST", "/face/search", { ...search, threshold: 0 }], 404],
    ["the key", { state: "the API key is unknown" }, ["POST", "/face/search", search], 403],
    ["a signature", { state: "the request is not signed" }, ["POST", "/face/search", search], 403],
  ])("%s", async (_, state, [method, path, body], status) => {
    await call({ state: "alice is registered" });
    const values = await call({ params: {}, action: "setup", ...state });
    expect(values).toMatchObject({ status: 200, body: { "alice-1": face("alice", { photo: 1 }) } });
    expect((await ask(method, path, body)).status).toBe(status);
  });

  it("a refusal that was not used is gone after the teardown", async () => {
    await call({ state: "the API key is unknown", action: "setup" });
    expect(await call({ state: "the API key is unknown", action: "teardown" })).toMatchObject({ body: {} });
    expect((await ask("GET", "/health")).status).toBe(200);
    expect(mock.faults.list()).toEqual([]);
  });

  it("has a new id in each response, and the one that was given", async () => {
    expect((await call({ state: "alice is registered", params: { id } })).body.id).toBe(id);
    expect((await call({ state: "alice is registered" })).body.id).toMatch(/^necidguid-/);
  });
});

describe("what cannot be set up is refused with what can", () => {
  const known = Object.keys(stateParameters).join(", ");
  it.each([
    [{ state: "carol sings" }, `The provider state "carol sings" is unknown. Known are: ${known}.`],
    [{ state: "constructor" }, `The provider state "constructor" is unknown. Known are: ${known}.`],
    [
      { state: "nobody is registered", params: { id } },
      'The state "nobody is registered" does not take "id". It takes no parameters.',
    ],
    [
      { state: "a face is registered", params: { name: "carol" } },
      'The state "a face is registered" does not take "name". It takes "face" and "id".',
    ],
    [{ state: "a face is registered" }, 'The state "a face is registered" needs the parameter "face".'],
    [
      { state: "a face is registered", params: { face: 7 } },
      'The parameter "face" of the state "a face is registered" must be text.',
    ],
    [
      { state: "a face is registered", params: { face: "a;b" } },
      'The parameter "face" must be a face card with one face, like alice?photo=2.',
    ],
    [
      { state: "alice was unregistered", params: { id: "e" } },
      'The parameter "id" must be necidguid- and 4-4-4-12 hexadecimal digits.',
    ],
    [
      { state: "alice is registered", params: { id: "7" } },
      'The parameter "id" must be necidguid- and 4-4-4-12 hexadecimal digits.',
    ],
  ])("%j", async (state, message) => {
    expect(await call(state)).toEqual({ status: 400, body: { message, code: "PROVIDER_STATE" } });
  });
});

async function call(state: object): Promise<{ status: number; body: Record<string, string> }> {
  const response = await fetch(`http://127.0.0.1:${mock.port}/__necid/provider-states`, {
    method: "POST",
    body: JSON.stringify(state),
  });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
}

function ask(method: string, path: string, body?: unknown): Promise<Response> {
  return fetch(`${mock.url}${path}`, {
    method,
    headers: { "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

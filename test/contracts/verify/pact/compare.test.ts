import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import openapi from "#generated/necid-v1/openapi.json" with { type: "json" };
import { comparePact } from "../../../../contracts/verify/pact/compare.ts";
import { readPact } from "../../../../contracts/verify/pact/pact.ts";
import { pactOptions } from "./pact-world.ts";

const file = "generated/necid-v1/pacts/necid-client-necid-v1.json";
const recorded = await readFile(file, "utf8");

// biome-ignore lint/suspicious/noExplicitAny: pacts are broken in every way.
type Change = (interaction: any, document: any) => void;

async function compared(change: Change, number = 13) {
  const document = JSON.parse(recorded);
  change(document.interactions[number], document);
  const pact = readPact(JSON.stringify(document), { source: "team.json", basePath: "/v1" });
  const found = await comparePact(pact, { ...pactOptions, openapi });
  return found.map(({ mismatch }) => mismatch);
}

it("the recorded pact is allowed", async () => {
  expect(await compared(() => {})).toEqual([]);
});

it("paths may be recorded with the base path", async () => {
  const withBasePath: Change = ({ request }) => {
    request.path = `/v1${request.path}`;
    if (request.generators.path) request.generators.path.expression = `/v1/subjects/\${id}`;
  };
  expect(await compared(withBasePath)).toEqual([]);
  expect(await compared(withBasePath, 9)).toEqual([]);
});

describe("before any call, with its path, is refused", () => {
  const search = 'interaction "a request to search for a registered face"';
  const states = Object.keys(pactOptions.states).join(", ");
  const cases: [name: string, change: Change, messages: string[]][] = [
    [
      "a misspelt property of the request",
      ({ request }) => Object.assign(request.body.content, { thresold: 7500 }),
      [`${search}: request.body.thresold is not in the contract.`],
    ],
    [
      "a value of another type",
      ({ request }) => Object.assign(request.body.content, { threshold: "7500" }),
      [`${search}: request.body.threshold must be integer.`],
    ],
    [
      "a value out of range",
      ({ request }) => Object.assign(request.body.content, { limit: 51 }),
      [`${search}: request.body.limit must be <= 50.`],
    ],
    [
      "a missing property of the request",
      ({ request }) => delete request.body.content.probe,
      [`${search}: request.body must have required property 'probe'.`],
    ],
    [
      "an unknown path",
      ({ request }) => Object.assign(request, { path: "/face/find" }),
      [`${search}: request.path and its method are not in the contract.`],
    ],
    [
      "another method",
      ({ request }) => Object.assign(request, { method: "GET" }),
      [`${search}: request.path and its method are not in the contract.`],
    ],
    [
      "an undocumented status",
      ({ response }) => Object.assign(response, { status: 202 }),
      [`${search}: response.status is not in the contract.`],
    ],
    [
      "a response with an undocumented property",
      ({ response }) => Object.assign(response.body.content.candidates[0], { name: "Alice" }),
      [`${search}: response.body.candidates.0.name is not in the contract.`],
    ],
    [
      "a number where the contract has text",
      ({ response }) => Object.assign(response.body.content.attributes, { faceRoll: 4.9 }),
      [`${search}: response.body.attributes.faceRoll must be string.`],
    ],
    [
      "an unknown provider state",
      (interaction) => Object.assign(interaction, { providerStates: [{ name: "carol is registered" }] }),
      [`${search}: providerStates names "carol is registered", which is unknown; known are: ${states}.`],
    ],
    [
      "a value that no provider state gives",
      ({ request }) => Object.assign(request.generators.body["$.probe"], { expression: "$" + "{token}" }),
      [`${search}: request.generators asks for the value "token", which no provider state of it gives.`],
    ],
    [
      "a message, which is left out",
      (_, document) => document.interactions.push({ type: "Asynchronous/Messages", description: "news" }),
      [],
    ],
    [
      "a parameter that a provider state does not take",
      (interaction) =>
        Object.assign(interaction, { providerStates: [{ name: "alice is registered", params: { age: 7 } }] }),
      [`${search}: providerStates.params.age is not taken by "alice is registered"; it takes id.`],
    ],
  ];

  it.each(cases)("%s", async (_, change, messages) => {
    expect((await compared(change)).map(({ message }) => message)).toEqual(messages);
  });

  it("in the record of all mismatches", async () => {
    expect(await compared(({ request }) => Object.assign(request.body.content, { thresold: 7500 }))).toEqual([
      {
        operation: "ApiFaceSearchPost",
        source: "pact",
        location: "a request to search for a registered face",
        instancePath: "request.body.thresold",
        expected: "nothing",
        actual: "a property",
        message: `${search}: request.body.thresold is not in the contract.`,
      },
    ]);
  });
});

describe("a file that is no pact", () => {
  it.each([
    ["text", "<html>", "team.json is not JSON. Give a pact of specification 2, 3 or 4."],
    ["null", "null", "team.json names no consumer and provider. Give a pact of specification 2, 3 or 4."],
    [
      "another file",
      "{}",
      "team.json names no consumer and provider. Give a pact of specification 2, 3 or 4.",
    ],
  ])("%s", (_, text, message) => {
    expect(() => readPact(text, { source: "team.json" })).toThrow(message);
  });

  it("interactions of another form", async () => {
    await expect(compared(({ request }) => Object.assign(request, { headers: 7 }))).rejects.toThrow(
      'team.json has a fault at interaction "a request to search for a registered face", request.headers: it must be a JSON object. Give a pact of specification 2, 3 or 4.',
    );
  });
});

it("a pact of specification 2 or 3 is compared too", async () => {
  const pact = {
    consumer: { name: "team" },
    provider: { name: "NEC ID" },
    interactions: [
      {
        description: "search",
        providerState: "alice is registered",
        request: {
          method: "post",
          path: "/face/search",
          headers: { "Content-Type": "application/json" },
          body: { probe: "AAAA", thresold: 1 },
        },
        response: { status: 200, headers: {} },
      },
      {
        description: "health",
        providerStates: [{ name: "nobody is registered" }],
        request: { method: "GET", path: "/health" },
        response: {
          status: 200,
          headers: { "Content-Type": "application/json" },
          body: { status: "OK" },
        },
      },
    ],
    metadata: { pactSpecification: { version: "3.0.0" } },
  };
  const read = readPact(JSON.stringify(pact), { source: "team.json" });
  const faults = await comparePact(read, { ...pactOptions, openapi });
  expect(faults.map(({ mismatch }) => mismatch.message)).toEqual([
    'interaction "search": request.body.thresold is not in the contract.',
  ]);
});

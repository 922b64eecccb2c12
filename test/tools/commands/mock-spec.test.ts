import { expect, onTestFinished, test } from "vitest";
import { startMock } from "../../../mocks/mock.ts";
import { contractOf } from "../../../tools/commands/mock-spec.ts";
import { type Edition, largeContract } from "../generate/large-contract.ts";
import { workspace } from "../workspace.ts";

/** The mock of a document, as `necid mock --spec` serves it. */
async function serve(document: object) {
  const { path } = await workspace({ "spec.json": JSON.stringify(document) });
  const mock = await startMock({ contract: await contractOf({ spec: path("spec.json") }), auth: "off" });
  onTestFinished(() => mock.close());
  const ask = async (target: string, init?: RequestInit) => {
    const response = await fetch(`${mock.url}${target}`, init);
    return [response.status, await response.text()];
  };
  return { mock, ask };
}

const sent = (body: unknown, more = {}) => ({
  method: "POST",
  headers: { "content-type": "application/json", ...more },
  body: JSON.stringify(body),
});

test.each<Edition>(["swagger", "3.0", "3.1"])(
  "a contract of 1,000 operations in %s answers the first request, the last and an invalid one",
  async (edition) => {
    const { mock, ask } = await serve(largeContract(1_000, edition));
    expect(mock.operations).toBe(1_000);
    const [status, text] = await ask("/group1s/ab");
    expect([status, JSON.parse(String(text))]).toEqual([200, expect.objectContaining({ name: "thing 0" })]);
    expect(await ask("/group250s/ab")).toEqual([
      200,
      String(text).replace("thing 0", "thing 249").replace("code0", "code249"),
    ]);
    expect((await ask("/group250s", sent({ name: "a", code249: 10_249 })))[0]).toBe(201);
    expect(await ask("/group250s", sent({ name: "a", code249: 10_250 }))).toEqual([
      400,
      '{"message":"That did not work.","code":0}',
    ]);
  },
);

const signed = {
  type: "apiKey",
  name: "Authorization",
  in: "header",
  "x-amazon-apigateway-authtype": "awsSigv4",
};
const content = (schema: object, example?: unknown) => ({
  "application/json": { schema, ...(example !== undefined && { example }) },
});
const face = { type: "string", contentEncoding: "base64" };
const behindGateway = {
  openapi: "3.1.0",
  info: { title: "Gateway", version: "1" },
  security: [{ sigv4: [] }],
  paths: {
    "/documented": {
      post: {
        requestBody: { required: true, content: content({ required: ["face"], properties: { face } }) },
        responses: {
          201: { description: "made", content: content({}, { id: 1 }) },
          400: { description: "bad", content: content({}, { wrong: "face" }) },
        },
      },
    },
    "/undocumented": {
      post: {
        requestBody: { content: content({ properties: { face } }) },
        responses: { 201: { description: "made", content: content({}, { id: 1 }) } },
      },
    },
  },
  components: { securitySchemes: { sigv4: signed } },
};

test("behind a gateway the validators decide, and Prism answers what it finds wrong too", async () => {
  const { ask } = await serve(behindGateway);
  expect(await ask("/documented", sent({ face: "QUI=" }))).toEqual([201, '{"id":1}']);
  expect(await ask("/documented", sent({}))).toEqual([400, '{"wrong":"face"}']);
  // Prism does not look whether a text is Base64.
  const message = "body.face: must be Base64 text";
  expect(await ask("/documented", sent({ face: "QUI" }))).toEqual([400, JSON.stringify({ message })]);
  expect(await ask("/undocumented", sent({ face: 7 }))).toEqual([
    422,
    expect.stringMatching('^{"message":"Your request is not valid and no HTTP validation response was found'),
  ]);
  expect(await ask("/documented", sent({}, { "content-type": "text/plain" }))).toEqual([
    415,
    expect.stringMatching(/Unsupported Media Type/),
  ]);
  expect((await ask("/documented", sent({}, { "content-type": "application" })))[0]).toBe(415);
  expect((await ask("/documented", sent({ face: "QUI=" }, { prefer: "code=400" })))[1]).toBe(
    '{"wrong":"face"}',
  );
});

test("keywords that no validator can be made of are left out, each with a warning at its place", async () => {
  const swagger = `swagger: "2.0"
info: { title: T, version: "1" }
paths:
  /a:
    get:
      parameters:
        - { name: q, in: query, type: string, pattern: "[\\\\w-.]+" }
        - { name: r, in: query, type: string, pattern: "(" }
      responses:
        200: { description: ok, schema: { $ref: "#/definitions/A" }, examples: { application/json: { pattern: "(" } } }
definitions:
  A:
    properties:
      pattern: { type: string, default: { enum: [] } }
      b: { type: string, enum: [] }
`;
  const { path } = await workspace({ "spec.yaml": swagger });
  const spec = path("spec.yaml");
  const { warnings } = await contractOf({ spec });
  expect(warnings.map((one) => one.replaceAll(spec, "spec.yaml"))).toEqual([
    "spec.yaml:8:56 Invalid regular expression: /(/: Unterminated group. It is left out. (warning)",
    "spec.yaml:15:32 The enum has no values, so that nothing would be valid. It is left out. (warning)",
  ]);
});

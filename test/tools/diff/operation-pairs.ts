import type { Json, JsonObject } from "../../../contracts/openapi/json.ts";

/** Two descriptions and what changes from the first to the second, and back, each as `level id`. */
export type OperationPair = [title: string, a: JsonObject, b: JsonObject, forth: string[], back: string[]];

const info = { title: "Pair", version: "1" };
const ok = { "200": { description: "" } };
const text = { type: "string" };
const list = { type: "array", items: text };

/** OpenAPI 3.1 with one operation, `GET /things`. */
function get(operation: object, document: object = {}): JsonObject {
  return api({ "/things": { get: { responses: ok, ...operation } } }, document);
}
function api(paths: object, document: object = {}): JsonObject {
  return { openapi: "3.1.0", info, paths, ...document } as JsonObject;
}
function swagger(operation: object, document: object = {}): JsonObject {
  return {
    swagger: "2.0",
    info,
    paths: { "/things": { post: { responses: ok, ...operation } } },
    ...document,
  } as JsonObject;
}
function query(parameter: object): JsonObject {
  return get({ parameters: [{ in: "query", name: "q", schema: text, ...parameter }] });
}
function header(parameter: object): JsonObject {
  return get({ parameters: [{ in: "header", name: "X-Q", schema: text, ...parameter }] });
}
function body(requestBody: object | undefined): JsonObject {
  const operation = { responses: ok, ...(requestBody ? { requestBody } : {}) };
  return api({ "/things": { post: operation } });
}
function json(schema: Json = text): JsonObject {
  return { content: { "application/json": { schema } } };
}
function answer(response: object): JsonObject {
  return get({ responses: { "200": { description: "", ...response } } });
}
function secured(security: Json, more: object = {}): JsonObject {
  const securitySchemes = {
    key: { type: "apiKey", in: "header", name: "X-Key" },
    other: { type: "apiKey", in: "query", name: "key" },
    renamed: { type: "apiKey", in: "header", name: "x-key" },
    basic: { type: "http", scheme: "basic" },
    login: { type: "oauth2", flows: { clientCredentials: { tokenUrl: "https://a.test/token", scopes: {} } } },
    ...more,
  };
  return get({ security }, { components: { securitySchemes } });
}
function form(collectionFormat: string | undefined, more: object = {}): JsonObject {
  const parameter = { in: "formData", name: "f", type: "array", items: text, ...more };
  return swagger({ parameters: [collectionFormat ? { ...parameter, collectionFormat } : parameter] });
}
const none = api({});

export const operationPairs: OperationPair[] = [
  ["path", get({}), none, ["breaking path-removed"], ["compatible operation-added"]],
  [
    "operation",
    api({ "/things": { get: { responses: ok }, put: { responses: ok } } }),
    get({}),
    ["breaking operation-removed"],
    ["compatible operation-added"],
  ],
  [
    "deprecated operation that goes",
    get({ deprecated: true }),
    none,
    ["breaking path-removed"],
    ["compatible operation-added"],
  ],
  [
    "deprecated",
    get({}),
    get({ deprecated: true }),
    ["compatible operation-deprecated"],
    ["compatible operation-no-longer-deprecated"],
  ],
  [
    "operationId",
    get({ operationId: "a" }),
    get({ operationId: "b" }),
    ["risky operation-id-changed"],
    ["risky operation-id-changed"],
  ],
  [
    "operationId and none",
    get({ operationId: "a" }),
    get({}),
    ["risky operation-id-removed"],
    ["compatible operation-id-added"],
  ],
  [
    "literal path",
    api({ "/a/{id}": { get: { responses: ok } } }),
    api({ "/a/me": { get: { responses: ok } } }),
    ["breaking path-removed", "compatible operation-added"],
    ["breaking path-removed", "compatible operation-added"],
  ],

  [
    "host",
    get({}, { servers: [{ url: "https://a.test" }] }),
    get({}, { servers: [{ url: "https://b.test" }] }),
    ["breaking server-removed", "compatible server-added"],
    ["breaking server-removed", "compatible server-added"],
  ],
  [
    "base path",
    get({}, { servers: [{ url: "https://a.test/v1" }] }),
    get({}, { servers: [{ url: "https://a.test/v2" }] }),
    ["breaking base-path-changed"],
    ["breaking base-path-changed"],
  ],
  [
    "one more server",
    get({}, { servers: [{ url: "https://a.test" }] }),
    get({}, { servers: [{ url: "https://a.test" }, { url: "https://b.test" }] }),
    ["compatible server-added"],
    ["breaking server-removed"],
  ],
  [
    "order of servers",
    get({}, { servers: [{ url: "https://a.test" }, { url: "https://b.test" }] }),
    get({}, { servers: [{ url: "https://b.test" }, { url: "https://a.test" }] }),
    ["risky default-server-changed"],
    ["risky default-server-changed"],
  ],
  [
    "server variable",
    get({}, { servers: [{ url: "https://{r}.test", variables: { r: { default: "a", enum: ["a", "b"] } } }] }),
    get({}, { servers: [{ url: "https://{r}.test", variables: { r: { default: "a", enum: ["a"] } } }] }),
    ["breaking server-removed"],
    ["compatible server-added"],
  ],
  [
    "schemes",
    swagger({}, { host: "a.test", schemes: ["http", "https"] }),
    swagger({}, { host: "a.test", schemes: ["https"] }),
    ["breaking server-removed"],
    ["compatible server-added"],
  ],
  [
    "basePath",
    swagger({}, { host: "a.test", basePath: "/v1" }),
    swagger({}, { host: "a.test", basePath: "/v1.1" }),
    ["breaking base-path-changed"],
    ["breaking base-path-changed"],
  ],

  [
    "optional parameter",
    get({}),
    query({}),
    ["compatible request-parameter-added"],
    ["risky request-parameter-removed"],
  ],
  [
    "required parameter",
    get({}),
    query({ required: true }),
    ["breaking request-required-parameter-added"],
    ["risky request-parameter-removed"],
  ],
  [
    "required header",
    get({}),
    header({ required: true }),
    ["breaking request-required-parameter-added"],
    ["risky request-parameter-removed"],
  ],
  [
    "required",
    query({}),
    query({ required: true }),
    ["breaking request-parameter-became-required"],
    ["compatible request-parameter-became-optional"],
  ],
  [
    "place of a parameter",
    query({}),
    get({ parameters: [{ in: "header", name: "q", schema: text }] }),
    ["breaking request-parameter-moved"],
    ["breaking request-parameter-moved"],
  ],
  [
    "name of a parameter",
    query({}),
    query({ name: "r" }),
    ["risky request-parameter-removed", "compatible request-parameter-added"],
    ["risky request-parameter-removed", "compatible request-parameter-added"],
  ],
  [
    "deprecated parameter",
    query({}),
    query({ deprecated: true }),
    ["compatible request-parameter-deprecated"],
    [],
  ],
  [
    "style",
    query({ schema: list }),
    query({ schema: list, explode: false }),
    ["breaking request-parameter-style-changed"],
    ["breaking request-parameter-style-changed"],
  ],
  [
    "pipes",
    query({ schema: list }),
    query({ schema: list, style: "pipeDelimited", explode: false }),
    ["breaking request-parameter-style-changed"],
    ["breaking request-parameter-style-changed"],
  ],
  [
    "allowEmptyValue",
    query({}),
    query({ allowEmptyValue: true }),
    ["compatible request-parameter-empty-allowed"],
    ["breaking request-parameter-empty-forbidden"],
  ],
  [
    "number as text",
    query({ schema: { type: "integer" } }),
    query({}),
    ["compatible request-type-widened"],
    ["breaking request-type-changed"],
  ],
  [
    "limit of a parameter",
    query({ schema: { ...text, maxLength: 3 } }),
    query({}),
    ["compatible request-max-length-removed"],
    ["breaking request-max-length-added"],
  ],
  [
    "values of a parameter",
    query({ schema: { ...text, enum: ["a"] } }),
    query({ schema: { ...text, enum: ["a", "b"] } }),
    ["compatible request-enum-value-added"],
    ["breaking request-enum-value-removed"],
  ],
  [
    "default of a parameter",
    query({ schema: { type: "integer", default: 1 } }),
    query({ schema: { type: "integer", default: 2 } }),
    ["breaking request-default-changed"],
    ["breaking request-default-changed"],
  ],
  [
    "schema of a path parameter",
    api({
      "/a/{id}": {
        get: { parameters: [{ in: "path", name: "id", required: true, schema: text }], responses: ok },
      },
    }),
    api({
      "/a/{id}": {
        get: {
          parameters: [{ in: "path", name: "id", required: true, schema: { type: "integer" } }],
          responses: ok,
        },
      },
    }),
    ["breaking request-type-changed"],
    ["compatible request-type-widened"],
  ],
  [
    "cookie",
    get({}),
    get({ parameters: [{ in: "cookie", name: "c", schema: text }] }),
    ["compatible request-parameter-added"],
    ["risky request-parameter-removed"],
  ],
  [
    "content of a parameter",
    query({}),
    get({ parameters: [{ in: "query", name: "q", ...json() }] }),
    ["breaking request-parameter-style-changed"],
    ["breaking request-parameter-style-changed"],
  ],
  [
    "collectionFormat",
    swagger({ parameters: [{ in: "query", name: "q", type: "array", items: text }] }),
    swagger({
      parameters: [{ in: "query", name: "q", type: "array", items: text, collectionFormat: "multi" }],
    }),
    ["breaking request-parameter-style-changed"],
    ["breaking request-parameter-style-changed"],
  ],

  [
    "optional body",
    body(undefined),
    body(json()),
    ["compatible request-body-added"],
    ["breaking request-body-removed"],
  ],
  [
    "required body",
    body(undefined),
    body({ ...json(), required: true }),
    ["breaking request-required-body-added"],
    ["breaking request-body-removed"],
  ],
  [
    "body required",
    body(json()),
    body({ ...json(), required: true }),
    ["breaking request-body-became-required"],
    ["compatible request-body-became-optional"],
  ],
  [
    "media type of a request",
    body(json()),
    body({ content: { "application/xml": { schema: text } } }),
    ["breaking request-media-type-removed", "compatible request-media-type-added"],
    ["breaking request-media-type-removed", "compatible request-media-type-added"],
  ],
  [
    "one more media type",
    body(json()),
    body({ content: { "application/json": { schema: text }, "application/xml": { schema: text } } }),
    ["compatible request-media-type-added"],
    ["breaking request-media-type-removed"],
  ],
  [
    "form field",
    form(undefined),
    form(undefined, { required: true }),
    ["breaking request-body-became-required", "breaking request-property-became-required"],
    ["compatible request-body-became-optional", "compatible request-property-became-optional"],
  ],
  [
    "form field's type",
    form(undefined, { type: "string", items: undefined }),
    form(undefined, { type: "integer", items: undefined }),
    ["breaking request-type-changed"],
    ["breaking request-type-changed"],
  ],
  [
    "form field's collectionFormat",
    form("csv"),
    form("multi"),
    ["breaking request-form-field-style-changed"],
    ["breaking request-form-field-style-changed"],
  ],
  [
    "new form field",
    swagger({ parameters: [{ in: "formData", name: "a", type: "string" }] }),
    swagger({
      parameters: [
        { in: "formData", name: "a", type: "string" },
        { in: "formData", name: "b", type: "file" },
      ],
    }),
    ["breaking request-media-type-removed", "compatible request-media-type-added"],
    ["breaking request-media-type-removed", "compatible request-media-type-added"],
  ],
  [
    "consumes",
    swagger({ consumes: ["application/json"], parameters: [{ in: "body", name: "b", schema: text }] }),
    swagger({ consumes: ["application/xml"], parameters: [{ in: "body", name: "b", schema: text }] }),
    ["breaking request-media-type-removed", "compatible request-media-type-added"],
    ["breaking request-media-type-removed", "compatible request-media-type-added"],
  ],

  [
    "success status",
    get({}),
    get({ responses: { ...ok, "202": { description: "" } } }),
    ["risky response-success-status-added"],
    ["breaking response-success-status-removed"],
  ],
  [
    "another success status",
    get({}),
    get({ responses: { "201": { description: "" } } }),
    ["breaking response-success-status-removed", "risky response-success-status-added"],
    ["breaking response-success-status-removed", "risky response-success-status-added"],
  ],
  [
    "error status",
    get({}),
    get({ responses: { ...ok, "404": { description: "" } } }),
    ["compatible response-error-status-added"],
    ["compatible response-error-status-removed"],
  ],
  [
    "default response",
    get({}),
    get({ responses: { ...ok, default: { description: "" } } }),
    ["compatible response-error-status-added"],
    ["compatible response-error-status-removed"],
  ],
  [
    "response body",
    answer({}),
    answer(json()),
    ["compatible response-body-added"],
    ["breaking response-body-removed"],
  ],
  [
    "media type of a response",
    answer(json()),
    answer({ content: { "application/json": { schema: text }, "text/plain": { schema: text } } }),
    ["compatible response-media-type-added"],
    ["breaking response-media-type-removed"],
  ],
  [
    "range of media types",
    answer(json()),
    answer({ content: { "application/*": { schema: text } } }),
    ["breaking response-media-type-widened"],
    ["compatible response-media-type-narrowed"],
  ],
  [
    "response header",
    answer({}),
    answer({ headers: { "X-A": { schema: text } } }),
    ["compatible response-header-added"],
    ["risky response-header-removed"],
  ],
  [
    "required response header",
    answer({}),
    answer({ headers: { "X-A": { schema: text, required: true } } }),
    ["compatible response-header-added"],
    ["breaking response-required-header-removed"],
  ],
  [
    "header required",
    answer({ headers: { "X-A": { schema: text } } }),
    answer({ headers: { "X-A": { schema: text, required: true } } }),
    ["compatible response-header-became-required"],
    ["breaking response-header-became-optional"],
  ],
  [
    "header schema",
    answer({ headers: { "X-A": { schema: { type: "integer" } } } }),
    answer({ headers: { "X-A": { schema: text } } }),
    ["breaking response-type-changed"],
    ["compatible response-type-narrowed"],
  ],
  [
    "error body",
    get({ responses: { ...ok, "400": { description: "", ...json() } } }),
    get({ responses: { ...ok, "400": { description: "", ...json({ type: "integer" }) } } }),
    ["breaking response-type-changed"],
    ["breaking response-type-changed"],
  ],

  [
    "credentials",
    secured([]),
    secured([{ key: [] }]),
    ["breaking security-added"],
    ["compatible security-removed"],
  ],
  [
    "optional credentials",
    secured([{}, { key: [] }]),
    secured([{ key: [] }]),
    ["breaking security-added"],
    ["compatible security-removed"],
  ],
  [
    "alternative",
    secured([{ key: [] }]),
    secured([{ key: [] }, { basic: [] }]),
    ["compatible security-alternative-added"],
    ["breaking security-alternative-removed"],
  ],
  [
    "both together",
    secured([{ key: [] }]),
    secured([{ key: [], basic: [] }]),
    ["breaking security-scheme-added"],
    ["compatible security-scheme-removed"],
  ],
  [
    "alternatives become both",
    secured([{ key: [] }, { basic: [] }]),
    secured([{ key: [], basic: [] }]),
    ["breaking security-scheme-added", "breaking security-alternative-removed"],
    ["compatible security-scheme-removed", "compatible security-alternative-added"],
  ],
  [
    "another scheme",
    secured([{ key: [] }]),
    secured([{ other: [] }]),
    ["breaking security-alternative-removed", "compatible security-alternative-added"],
    ["breaking security-alternative-removed", "compatible security-alternative-added"],
  ],
  [
    "name of the header",
    secured([{ key: [] }]),
    secured([{ key: [] }], { key: { type: "apiKey", in: "header", name: "X-Other" } }),
    ["breaking security-scheme-changed"],
    ["breaking security-scheme-changed"],
  ],
  [
    "scope",
    secured([{ login: ["a"] }]),
    secured([{ login: ["a", "b"] }]),
    ["breaking security-scope-added"],
    ["compatible security-scope-removed"],
  ],
  [
    "token URL",
    secured([{ login: [] }]),
    secured([{ login: [] }], {
      login: {
        type: "oauth2",
        flows: { clientCredentials: { tokenUrl: "https://b.test/token", scopes: {} } },
      },
    }),
    ["risky security-url-changed"],
    ["risky security-url-changed"],
  ],
  [
    "security of the whole",
    get(
      {},
      {
        security: [{ key: [] }],
        components: { securitySchemes: { key: { type: "apiKey", in: "header", name: "X-Key" } } },
      },
    ),
    secured([]),
    ["compatible security-removed"],
    ["breaking security-added"],
  ],

  [
    "webhook",
    api({}, { webhooks: { made: { post: { responses: ok } } } }),
    api({}),
    ["breaking path-removed"],
    ["compatible operation-added"],
  ],
  [
    "body of a webhook",
    api(
      {},
      {
        webhooks: {
          made: { post: { requestBody: json({ type: "object", properties: { a: text } }), responses: ok } },
        },
      },
    ),
    api(
      {},
      {
        webhooks: {
          made: {
            post: { requestBody: json({ type: "object", properties: { a: text, b: text } }), responses: ok },
          },
        },
      },
    ),
    ["compatible response-property-added"],
    ["risky response-property-removed"],
  ],

  // ── The same in other words ─────────────────────────────────────────────────────────────────────────
  [
    "a path parameter's name",
    api({
      "/a/{id}": {
        get: { parameters: [{ in: "path", name: "id", required: true, schema: text }], responses: ok },
      },
    }),
    api({
      "/a/{aId}": {
        get: { parameters: [{ in: "path", name: "aId", required: true, schema: text }], responses: ok },
      },
    }),
    [],
    [],
  ],
  [
    "a parameter on the path",
    query({}),
    api({ "/things": { parameters: [{ in: "query", name: "q", schema: text }], get: { responses: ok } } }),
    [],
    [],
  ],
  [
    "a referenced parameter",
    query({}),
    get(
      { parameters: [{ $ref: "#/components/parameters/q" }] },
      { components: { parameters: { q: { in: "query", name: "q", schema: text } } } },
    ),
    [],
    [],
  ],
  [
    "a referenced response",
    answer(json()),
    get(
      { responses: { "200": { $ref: "#/components/responses/r" } } },
      { components: { responses: { r: { description: "", ...json() } } } },
    ),
    [],
    [],
  ],
  [
    "a referenced body",
    body(json()),
    api(
      { "/things": { post: { requestBody: { $ref: "#/components/requestBodies/b" }, responses: ok } } },
      { components: { requestBodies: { b: json() } } },
    ),
    [],
    [],
  ],
  [
    "a referenced schema",
    body(json()),
    api(
      { "/things": { post: { requestBody: json({ $ref: "#/components/schemas/T" }), responses: ok } } },
      { components: { schemas: { T: text } } },
    ),
    [],
    [],
  ],
  [
    "a renamed schema",
    api(
      { "/things": { post: { requestBody: json({ $ref: "#/components/schemas/A" }), responses: ok } } },
      { components: { schemas: { A: text } } },
    ),
    api(
      { "/things": { post: { requestBody: json({ $ref: "#/components/schemas/B" }), responses: ok } } },
      { components: { schemas: { B: text } } },
    ),
    [],
    [],
  ],
  ["a renamed security scheme", secured([{ key: [] }]), secured([{ renamed: [] }]), [], []],
  [
    "security of each operation",
    secured([{ key: [] }]),
    get(
      {},
      {
        security: [{ key: [] }],
        components: { securitySchemes: { key: { type: "apiKey", in: "header", name: "X-Key" } } },
      },
    ),
    [],
    [],
  ],
  ["the case of a header", header({}), header({ name: "x-q" }), [], []],
  [
    "the charset",
    answer(json()),
    answer({ content: { "application/json; charset=utf-8": { schema: text } } }),
    [],
    [],
  ],
  [
    "a slash after the base path",
    get({}, { servers: [{ url: "https://a.test/v1" }] }),
    get({}, { servers: [{ url: "https://a.test:443/v1/" }] }),
    [],
    [],
  ],
  [
    "a base path in each path",
    get({}, { servers: [{ url: "https://a.test/v1" }] }),
    api({ "/v1/things": { get: { responses: ok } } }, { servers: [{ url: "https://a.test" }] }),
    [],
    [],
  ],
  [
    "style by default",
    query({ schema: list }),
    query({ schema: list, style: "form", explode: true }),
    [],
    [],
  ],
  ["an unused schema", get({}), get({}, { components: { schemas: { T: text } } }), [], []],
  ["texts", get({ summary: "a", tags: ["x"] }), get({ description: "b", tags: ["y"] }), [], []],
  [
    "Swagger and OpenAPI",
    swagger(
      {
        consumes: ["application/json"],
        parameters: [{ in: "body", name: "b", required: true, schema: text }],
      },
      { host: "a.test", basePath: "/v1" },
    ),
    api(
      { "/things": { post: { requestBody: { ...json(), required: true }, responses: ok } } },
      { servers: [{ url: "https://a.test/v1" }] },
    ),
    [],
    [],
  ],
  [
    "query of Swagger and OpenAPI",
    swagger({
      parameters: [{ in: "query", name: "q", type: "array", items: text, collectionFormat: "multi" }],
    }),
    api({ "/things": { post: { parameters: [{ in: "query", name: "q", schema: list }], responses: ok } } }),
    [],
    [],
  ],
  [
    "form of Swagger and OpenAPI",
    swagger({ parameters: [{ in: "formData", name: "a", type: "string", required: true }] }),
    body({
      required: true,
      content: {
        "application/x-www-form-urlencoded": {
          schema: { type: "object", properties: { a: text }, required: ["a"] },
        },
      },
    }),
    [],
    [],
  ],
  [
    "nullable and a type list",
    { ...body(json({ ...text, nullable: true })), openapi: "3.0.3" },
    body(json({ type: ["string", "null"] })),
    [],
    [],
  ],
  [
    "boolean and numeric exclusive limits",
    { ...body(json({ type: "number", minimum: 1, exclusiveMinimum: true })), openapi: "3.0.3" },
    body(json({ type: "number", exclusiveMinimum: 1 })),
    [],
    [],
  ],
];

import { expect, onTestFinished, test } from "vitest";
import { mockApiKeys, startMock } from "../../../mocks/mock.ts";
import { contractOf } from "../../../tools/commands/mock-spec.ts";
import { workspace } from "../../tools/workspace.ts";

// Each description is small and made up. It has one extension or oddity of API Gateway's, as that exports and imports it.

const info = { title: "Pets", version: "2026-11-25T00:00:00Z" };
const swagger = (paths: object, more: object = {}) => ({
  swagger: "2.0",
  info,
  schemes: ["https"],
  paths,
  ...more,
});
const openapi = (paths: object, more: object = {}) => ({ openapi: "3.0.1", info, paths, ...more });

const host = "abc123.execute-api.eu-west-1.amazonaws.com";
const server = (url: string, basePath?: string) => ({
  servers: [{ url, ...(basePath !== undefined && { variables: { basePath: { default: basePath } } }) }],
});
const proxy = {
  type: "aws_proxy",
  httpMethod: "POST",
  uri: "arn:aws:apigateway:eu-west-1:lambda:path/x/invocations",
};
const integration = { "x-amazon-apigateway-integration": proxy };

const json2 = (example: unknown) => ({
  200: { description: "200 response", schema: {}, examples: { "application/json": example } },
});
const json3 = (example: unknown) => ({
  200: {
    description: "200 response",
    content: { "application/json": { schema: {}, example } },
  },
});
const get2 = (example: unknown, more: object = {}) => ({
  get: { produces: ["application/json"], responses: json2(example), ...integration, ...more },
});
const get3 = (example: unknown, more: object = {}) => ({
  get: { responses: json3(example), ...integration, ...more },
});
const pet = { type: "object", required: ["name"], properties: { name: { type: "string" } } };
const body2 = [{ in: "body", name: "Pet", required: true, schema: { $ref: "#/definitions/Pet" } }];
const kind2 = { name: "kind", in: "query", required: true, type: "string" };
const age2 = { name: "age", in: "query", required: false, type: "integer" };
const trace2 = { name: "X-Trace", in: "header", required: true, type: "string" };
const body3 = {
  required: true,
  content: { "application/json": { schema: { $ref: "#/components/schemas/Pet" } } },
};
const validators = {
  "x-amazon-apigateway-request-validators": {
    all: { validateRequestBody: true, validateRequestParameters: true },
    "body-only": { validateRequestBody: true, validateRequestParameters: false },
    "params-only": { validateRequestBody: false, validateRequestParameters: true },
    none: { validateRequestBody: false, validateRequestParameters: false },
  },
};
const post2 = (more: object = {}, root: object = validators) =>
  swagger(
    {
      "/pets": {
        post: {
          consumes: ["application/json"],
          produces: ["application/json"],
          parameters: [kind2, age2, trace2, ...body2],
          responses: json2({ id: 1 }),
          ...integration,
          ...more,
        },
      },
    },
    { definitions: { Pet: pet }, ...root },
  );
const missing = { message: "Missing Authentication Token" };
const gatewayResponses = (responses: object) => ({ "x-amazon-apigateway-gateway-responses": responses });

type Call = {
  method?: string;
  path: string;
  headers?: Record<string, string>;
  body?: unknown;
  /** The status, the body where it is known, and headers that must be there; `null` for one that must not. */
  wanted: [status: number, body?: unknown, headers?: Record<string, string | null>];
};
const post = (body: unknown, wanted: Call["wanted"], more: Partial<Call> = {}): Call => ({
  method: "POST",
  path: "/pets?kind=cat",
  body,
  wanted,
  ...more,
  headers: { "x-trace": "1", ...more.headers },
});

const descriptions: [what: string, description: object, calls: Call[]][] = [
  [
    "2.0: host and basePath of a stage",
    swagger({ "/pets": get2([1]) }, { host, basePath: "/test" }),
    [
      { path: "/test/pets", wanted: [200, [1]] },
      { path: "/pets", wanted: [403, missing] },
    ],
  ],
  [
    "2.0: a host with {region}",
    swagger({ "/pets": get2([1]) }, { host: "abc.execute-api.{region}.amazonaws.com", basePath: "/S3" }),
    [{ path: "/S3/pets", wanted: [200, [1]] }],
  ],
  [
    "3.0: {basePath} whose default has a slash",
    openapi({ "/pets": get3([1]) }, server(`https://${host}/{basePath}`, "/test")),
    [
      { path: "/test/pets", wanted: [200, [1]] },
      { path: "/basePath/pets", wanted: [403, missing] },
    ],
  ],
  [
    "3.0: {basePath} whose default has no slash",
    openapi({ "/pets": get3([1]) }, server(`https://${host}/{basePath}`, "test")),
    [{ path: "/test/pets", wanted: [200, [1]] }],
  ],
  [
    "3.0: {basePath} with an empty default",
    openapi({ "/pets": get3([1]) }, server(`https://${host}/{basePath}`, "")),
    [{ path: "/pets", wanted: [200, [1]] }],
  ],
  [
    "3.0: {basePath} with / as its default",
    openapi({ "/pets": get3([1]) }, server(`https://${host}/{basePath}`, "/")),
    [{ path: "/pets", wanted: [200, [1]] }],
  ],
  [
    "3.0: {basePath} of several segments",
    openapi({ "/pets": get3([1]) }, server(`https://${host}/{basePath}`, "/a/b")),
    [{ path: "/a/b/pets", wanted: [200, [1]] }],
  ],
  [
    "3.0: a variable basePath that the URL does not use",
    openapi({ "/pets": get3([1]) }, server(`https://${host}/`, "v1")),
    [{ path: "/v1/pets", wanted: [200, [1]] }],
  ],
  [
    "3.0: a server with its endpoint configuration",
    openapi(
      { "/pets": get3([1]) },
      {
        servers: [
          {
            url: `https://${host}/{basePath}`,
            variables: { basePath: { default: "/prod" } },
            "x-amazon-apigateway-endpoint-configuration": { vpcEndpointIds: ["vpce-0123"] },
          },
        ],
      },
    ),
    [{ path: "/prod/pets", wanted: [200, [1]] }],
  ],
  [
    "2.0: ANY, beside a method of the path's own",
    swagger({
      "/pets": {
        ...get2("own"),
        "x-amazon-apigateway-any-method": {
          produces: ["application/json"],
          responses: json2("any"),
          ...integration,
        },
      },
    }),
    [
      { path: "/pets", wanted: [200, "own"] },
      ...["POST", "PUT", "PATCH", "DELETE", "OPTIONS"].map(
        (method): Call => ({ method, path: "/pets", wanted: [200, "any"] }),
      ),
      { method: "HEAD", path: "/pets", wanted: [200] },
      { path: "/other", wanted: [403, missing] },
    ],
  ],
  [
    "3.0: ANY with a body that its methods without one do not need",
    openapi(
      {
        "/pets": {
          "x-amazon-apigateway-any-method": {
            operationId: "pets",
            requestBody: body3,
            responses: json3("any"),
            ...integration,
          },
        },
      },
      { components: { schemas: { Pet: pet } } },
    ),
    [
      { path: "/pets", wanted: [200, "any"] },
      { method: "PUT", path: "/pets", body: { name: "Tom" }, wanted: [200, "any"] },
      { method: "PUT", path: "/pets", body: {}, wanted: [422] },
    ],
  ],
  [
    "2.0: ANY of a greedy proxy, as it is exported: without responses",
    swagger({
      "/{proxy+}": {
        "x-amazon-apigateway-any-method": {
          produces: ["application/json"],
          parameters: [{ name: "proxy", in: "path", required: true, type: "string" }],
          responses: {},
          ...integration,
        },
      },
    }),
    [
      { path: "/a", wanted: [200, undefined] },
      { method: "PATCH", path: "/a/b%20c/d", wanted: [200, undefined] },
      { path: "/", wanted: [403, missing] },
    ],
  ],
  [
    "3.0: a greedy path below others",
    openapi({
      "/pets": get3("list"),
      "/pets/{id}": {
        ...get3("one"),
        parameters: [{ name: "id", in: "path", required: true, schema: { type: "string" } }],
      },
      "/pets/{proxy+}": {
        get: {
          parameters: [{ name: "proxy", in: "path", required: true, schema: { type: "string" } }],
          responses: json3("rest"),
          ...integration,
        },
      },
    }),
    [
      { path: "/pets", wanted: [200, "list"] },
      { path: "/pets/7", wanted: [200, "one"] },
      { path: "/pets/7/toys/3", wanted: [200, "rest"] },
    ],
  ],
  [
    "2.0: the root of a stage, with a slash and without",
    swagger({ "/": get2("root"), "/pets": get2("pets") }, { host, basePath: "/prod" }),
    [
      { path: "/prod/", wanted: [200, "root"] },
      { path: "/prod", wanted: [200, "root"] },
      { path: "/prod?page=2", wanted: [200, "root"] },
      { method: "POST", path: "/prod", wanted: [403, missing] },
      { path: "/product", wanted: [403, missing] },
      { path: "/prod/pets", wanted: [200, "pets"] },
    ],
  ],
  [
    "2.0: ANY of a proxy that declares nothing, not even its parameter",
    swagger({ "/files/{proxy+}": { "x-amazon-apigateway-any-method": integration } }),
    [
      { path: "/files/a/b", wanted: [200] },
      { method: "DELETE", path: "/files/a", wanted: [200] },
    ],
  ],
  [
    "3.0: the route $default of an HTTP API",
    openapi({
      "/pets": get3("pets"),
      "/$default": {
        "x-amazon-apigateway-any-method": {
          isDefaultRoute: true,
          responses: json3("default"),
          ...integration,
        },
      },
    }),
    [
      { path: "/pets", wanted: [200, "pets"] },
      { method: "POST", path: "/pets", wanted: [200, "default"] },
      { path: "/", wanted: [200, "default"] },
      { method: "PUT", path: "/a/b", wanted: [200, "default"] },
    ],
  ],
  [
    "2.0: headers that belong to the connection, and one name in two forms",
    swagger({
      "/object": {
        get: {
          produces: ["application/json"],
          responses: {
            200: {
              description: "200 response",
              schema: { type: "object" },
              examples: { "application/json": { a: 1 } },
              headers: {
                "Content-Length": { type: "string" },
                "Content-Type": { type: "string" },
                "content-type": { type: "string" },
                Date: { type: "string" },
                Timestamp: { type: "string" },
              },
            },
          },
          ...integration,
        },
      },
    }),
    [
      {
        path: "/object",
        wanted: [200, { a: 1 }, { "content-length": "7", "content-type": "application/json" }],
      },
    ],
  ],
  [
    "3.0: an operation without responses, as an import may have it",
    openapi({
      "/ips": { get: { "x-amazon-apigateway-integration": { type: "HTTP_PROXY", httpMethod: "GET" } } },
    }),
    [{ path: "/ips", wanted: [200] }],
  ],
  [
    "2.0: no validator at all: the service checks everything",
    post2({}, {}),
    [
      post({ name: "Tom" }, [200, { id: 1 }]),
      post({}, [422]),
      post({ name: "Tom" }, [422], { path: "/pets" }),
    ],
  ],
  [
    "2.0: validators without one that is named: nothing is checked",
    post2(),
    [post({}, [200, { id: 1 }]), post({}, [200], { path: "/pets" }), post("{", [200])],
  ],
  [
    "2.0: a default validator of everything",
    post2({}, { ...validators, "x-amazon-apigateway-request-validator": "all" }),
    [
      post({ name: "Tom" }, [200, { id: 1 }]),
      post({}, [400, { message: "Invalid request body" }, { "x-amzn-errortype": "BadRequestException" }]),
      post({}, [400, { message: "Missing required request parameters: [kind]" }], { path: "/pets" }),
      {
        method: "POST",
        path: "/pets",
        body: {},
        wanted: [400, { message: "Missing required request parameters: [kind, X-Trace]" }],
      },
    ],
  ],
  [
    "2.0: a validator of the body",
    post2({ "x-amazon-apigateway-request-validator": "body-only" }),
    [
      post({}, [400, { message: "Invalid request body" }]),
      post({ name: "Tom" }, [200], { path: "/pets?age=old" }),
      post(undefined, [400, { message: "Invalid request body" }]),
    ],
  ],
  [
    "2.0: a validator of the parameters",
    post2({ "x-amazon-apigateway-request-validator": "params-only" }),
    [
      post({}, [200]),
      post({}, [400, { message: "Missing required request parameters: [kind]" }], { path: "/pets" }),
      post({}, [422], { path: "/pets?kind=cat&age=old" }),
    ],
  ],
  [
    "2.0: an operation's own validator goes before the default one",
    post2(
      { "x-amazon-apigateway-request-validator": "none" },
      { ...validators, "x-amazon-apigateway-request-validator": "all" },
    ),
    [post({}, [200], { path: "/pets" })],
  ],
  [
    "3.0: a validator of the body",
    openapi(
      { "/pets": { post: { requestBody: body3, responses: json3({ id: 1 }), ...integration } } },
      {
        components: { schemas: { Pet: pet } },
        ...validators,
        "x-amazon-apigateway-request-validator": "body-only",
      },
    ),
    [post({ name: "Tom" }, [200, { id: 1 }]), post({ name: 7 }, [400, { message: "Invalid request body" }])],
  ],
  [
    "2.0: a gateway response with a status, a header and a template",
    swagger(
      { "/pets": get2([1]) },
      gatewayResponses({
        MISSING_AUTHENTICATION_TOKEN: {
          statusCode: 404,
          responseParameters: { "gatewayresponse.header.Access-Control-Allow-Origin": "'*'" },
          responseTemplates: {
            "application/json":
              '{"error":{"text":$context.error.messageString,"type":"$context.error.responseType"}}',
          },
        },
      }),
    ),
    [
      {
        path: "/nowhere",
        wanted: [
          404,
          { error: { text: "Missing Authentication Token", type: "MISSING_AUTHENTICATION_TOKEN" } },
          { "access-control-allow-origin": "*", "x-amzn-errortype": "MissingAuthenticationTokenException" },
        ],
      },
      { path: "/pets", wanted: [200, [1], { "access-control-allow-origin": null }] },
    ],
  ],
  [
    "3.0: a status that is text, a header of the request, and the text as it was",
    openapi(
      { "/pets": get3([1], { security: [{ api_key: [] }] }) },
      {
        components: { securitySchemes: { api_key: { type: "apiKey", name: "x-api-key", in: "header" } } },
        ...gatewayResponses({
          INVALID_API_KEY: {
            statusCode: "456",
            responseParameters: {
              "gatewayresponse.header.api-key": "method.request.header.api-key",
              "gatewayresponse.header.asked": "method.request.querystring.page",
            },
          },
        }),
      },
    ),
    [
      {
        path: "/pets?page=2",
        headers: { "api-key": "abc" },
        wanted: [456, { message: "Forbidden" }, { "api-key": "abc", asked: "2" }],
      },
      { path: "/pets", headers: { "x-api-key": mockApiKeys[0]! }, wanted: [200, [1]] },
    ],
  ],
  [
    "3.0: DEFAULT_4XX for each type without its own",
    openapi(
      { "/pets": { post: { requestBody: body3, responses: json3({ id: 1 }), ...integration } } },
      {
        components: { schemas: { Pet: pet } },
        ...validators,
        "x-amazon-apigateway-request-validator": "all",
        ...gatewayResponses({
          DEFAULT_4XX: { responseTemplates: { "application/json": '{"status":"$context.status"}' } },
          BAD_REQUEST_BODY: {
            statusCode: 422,
            responseTemplates: {
              "application/json": `{"why":"$context.error.validationErrorString","at":"\${context.resourcePath}"}`,
            },
          },
        }),
      },
    ),
    [
      { path: "/nowhere", wanted: [403, { status: "403" }] },
      post({}, [422, { why: "[must have required property 'name']", at: "/pets" }]),
      post("x", [415, { status: "415" }], { headers: { "content-type": "text/csv" } }),
    ],
  ],
  [
    "2.0: DEFAULT_5XX, and a type of 5xx with a status of its own",
    swagger(
      {
        "/pets": {
          get: {
            produces: ["application/json"],
            responses: {
              ...json2([1]),
              502: {
                description: "bad",
                examples: { "application/json": { message: "Internal server error" } },
              },
              504: {
                description: "slow",
                examples: { "application/json": { message: "Endpoint request timed out" } },
              },
            },
            ...integration,
          },
        },
      },
      gatewayResponses({
        DEFAULT_5XX: { responseTemplates: { "application/json": '{"sorry":"$context.error.message"}' } },
        INTEGRATION_TIMEOUT: { statusCode: 503 },
      }),
    ),
    [
      { path: "/pets", headers: { prefer: "code=502" }, wanted: [502, { sorry: "Internal server error" }] },
      {
        path: "/pets",
        headers: { prefer: "code=504" },
        wanted: [503, { message: "Endpoint request timed out" }],
      },
    ],
  ],
  [
    "3.0: templates of several media types, chosen by Accept",
    openapi(
      { "/pets": get3([1]) },
      gatewayResponses({
        MISSING_AUTHENTICATION_TOKEN: {
          responseTemplates: {
            "application/xml": "<message>$context.error.message</message>",
            "application/json": '{"m":$context.error.messageString}',
          },
        },
      }),
    ),
    [
      {
        path: "/x",
        headers: { accept: "application/xml" },
        wanted: [
          403,
          "<message>Missing Authentication Token</message>",
          { "content-type": "application/xml" },
        ],
      },
      { path: "/x", wanted: [403, { m: "Missing Authentication Token" }] },
    ],
  ],
  [
    "3.0: REQUEST_TOO_LARGE, whose text is no JSON",
    openapi(
      { "/pets": { post: { requestBody: body3, responses: json3({ id: 1 }), ...integration } } },
      {
        components: { schemas: { Pet: pet } },
        ...gatewayResponses({
          REQUEST_TOO_LARGE: {
            responseTemplates: { "application/json": '{"m":$context.error.messageString}' },
          },
        }),
      },
    ),
    [post("x".repeat(10_485_761), [413, { m: "HTTP content length exceeded 10485760 bytes." }])],
  ],
  [
    "2.0: binary media types: bodies are bytes",
    swagger(
      {
        "/photo": {
          get: {
            produces: ["image/png"],
            responses: {
              200: { description: "ok", schema: { type: "file" }, examples: { "image/png": "iVBORw0KGgo=" } },
            },
            ...integration,
          },
          put: {
            consumes: ["image/png"],
            produces: ["application/json"],
            parameters: [{ in: "body", name: "photo", schema: { type: "string", format: "binary" } }],
            responses: json2({ saved: true }),
            ...integration,
          },
        },
      },
      { "x-amazon-apigateway-binary-media-types": ["image/png", "image~1jpeg"] },
    ),
    [
      { path: "/photo", wanted: [200, "\ufffdPNG\r\n\u001a\n", { "content-type": "image/png" }] },
      {
        method: "PUT",
        path: "/photo",
        headers: { "content-type": "image/png" },
        body: "{",
        wanted: [200, { saved: true }],
      },
      {
        method: "PUT",
        path: "/photo",
        headers: { "content-type": "image/jpeg" },
        body: "{",
        wanted: [200, { saved: true }],
      },
      { method: "PUT", path: "/photo", headers: { "content-type": "image/gif" }, body: "x", wanted: [415] },
    ],
  ],
  [
    "3.0: every media type is binary; documented JSON stays JSON",
    openapi(
      { "/pets": { post: { requestBody: body3, responses: json3({ id: 1 }), ...integration } } },
      { components: { schemas: { Pet: pet } }, "x-amazon-apigateway-binary-media-types": ["*/*"] },
    ),
    [
      post({}, [422]),
      post("\u0000\u0001", [200, { id: 1 }], { headers: { "content-type": "application/octet-stream" } }),
    ],
  ],
  [
    "2.0: the API key comes in x-api-key",
    swagger(
      { "/pets": get2([1], { security: [{ api_key: [] }] }) },
      {
        securityDefinitions: { api_key: { type: "apiKey", name: "x-api-key", in: "header" } },
        "x-amazon-apigateway-api-key-source": "HEADER",
      },
    ),
    [
      { path: "/pets", wanted: [403, { message: "Forbidden" }] },
      { path: "/pets", headers: { "x-api-key": mockApiKeys[1]! }, wanted: [200, [1]] },
    ],
  ],
  [
    "2.0: the API key comes from an authorizer",
    swagger(
      { "/pets": get2([1], { security: [{ api_key: [] }] }) },
      {
        securityDefinitions: { api_key: { type: "apiKey", name: "x-api-key", in: "header" } },
        "x-amazon-apigateway-api-key-source": "AUTHORIZER",
      },
    ),
    [{ path: "/pets", wanted: [200, [1]] }],
  ],
  [
    "2.0: a mock integration of a preflight",
    swagger({
      "/pets": {
        ...get2([1]),
        options: {
          consumes: ["application/json"],
          produces: ["application/json"],
          responses: {
            200: { description: "ok", headers: { "Access-Control-Allow-Origin": { type: "string" } } },
          },
          "x-amazon-apigateway-integration": {
            type: "mock",
            passthroughBehavior: "when_no_match",
            requestTemplates: { "application/json": '{"statusCode": 200}' },
            responses: {
              default: {
                statusCode: "200",
                responseParameters: {
                  "method.response.header.Access-Control-Allow-Methods": "'GET,OPTIONS'",
                  "method.response.header.Access-Control-Allow-Origin": "'https://pets.example'",
                },
              },
            },
          },
        },
      },
    }),
    [
      {
        method: "OPTIONS",
        path: "/pets",
        wanted: [
          200,
          "",
          {
            "access-control-allow-origin": "https://pets.example",
            "access-control-allow-methods": "GET,OPTIONS",
          },
        ],
      },
    ],
  ],
  [
    "3.0: a mock integration that chooses among its responses",
    openapi({
      "/health": {
        get: {
          responses: { ...json3({ by: "contract" }), 503: { description: "down" } },
          "x-amazon-apigateway-integration": {
            type: "MOCK",
            requestTemplates: { "application/json": '{ "statusCode" : 503 }' },
            responses: {
              default: { statusCode: "200", responseTemplates: { "application/json": '{"up":true}' } },
              "5\\d{2}": { statusCode: "503", responseTemplates: { "application/json": '{"up":false}' } },
            },
          },
        },
      },
      "/computed": {
        get: {
          responses: json3({ by: "contract" }),
          "x-amazon-apigateway-integration": {
            type: "mock",
            requestTemplates: { "application/json": '{"statusCode":200}' },
            responses: {
              default: {
                statusCode: "200",
                responseTemplates: { "application/json": '{"id":"$context.requestId"}' },
              },
            },
          },
        },
      },
    }),
    [
      { path: "/health", wanted: [503, { up: false }] },
      { path: "/computed", wanted: [200, { by: "contract" }] },
    ],
  ],
  [
    "2.0: a mock integration that sends a page",
    swagger({
      "/docs": {
        get: {
          produces: ["text/html"],
          responses: { 200: { description: "a page" } },
          "x-amazon-apigateway-integration": {
            type: "mock",
            requestTemplates: { "application/json": '{"statusCode": 200}' },
            responses: {
              default: {
                statusCode: "200",
                responseParameters: { "method.response.header.Content-Type": "'text/html'" },
                responseTemplates: { "text/html": "<h1>Pets</h1>" },
              },
            },
          },
        },
      },
    }),
    [{ path: "/docs", wanted: [200, "<h1>Pets</h1>", { "content-type": "text/html" }] }],
  ],
  [
    "3.0: an integration that takes only what it has a template for",
    openapi(
      {
        "/pets": {
          post: {
            requestBody: body3,
            responses: json3({ id: 1 }),
            "x-amazon-apigateway-integration": {
              type: "http",
              httpMethod: "POST",
              passthroughBehavior: "never",
              requestTemplates: { "application/json": "$input.json('$')" },
            },
          },
        },
      },
      {
        components: { schemas: { Pet: pet } },
        ...validators,
        "x-amazon-apigateway-request-validator": "none",
      },
    ),
    [
      post("a", [415, { message: "Unsupported Media Type" }], { headers: { "content-type": "text/plain" } }),
      post({}, [200]),
    ],
  ],
  [
    "3.0: CORS rules of an HTTP API",
    openapi(
      { "/pets": get3([1]) },
      {
        "x-amazon-apigateway-importexport-version": "1.0",
        "x-amazon-apigateway-cors": {
          allowOrigins: ["https://a.example", "https://b.example"],
          allowMethods: ["get", "OPTIONS"],
          allowHeaders: ["x-apigateway-header"],
          exposeHeaders: ["date"],
          allowCredentials: true,
          maxAge: 3600,
        },
      },
    ),
    [
      {
        method: "OPTIONS",
        path: "/pets",
        headers: { origin: "https://b.example", "access-control-request-method": "GET" },
        wanted: [
          204,
          "",
          {
            "access-control-allow-origin": "https://b.example",
            "access-control-allow-methods": "GET,OPTIONS",
            "access-control-allow-headers": "x-apigateway-header",
            "access-control-allow-credentials": "true",
            "access-control-max-age": "3600",
          },
        ],
      },
      {
        path: "/pets",
        headers: { origin: "https://a.example" },
        wanted: [
          200,
          [1],
          { "access-control-allow-origin": "https://a.example", "access-control-expose-headers": "date" },
        ],
      },
      {
        path: "/pets",
        headers: { origin: "https://c.example" },
        wanted: [200, [1], { "access-control-allow-origin": null }],
      },
    ],
  ],
  [
    "2.0: a Lambda authorizer of a token",
    swagger(
      { "/pets": get2([1], { security: [{ tokens: [] }] }), "/open": get2([2]) },
      {
        securityDefinitions: {
          tokens: {
            type: "apiKey",
            name: "Authorization",
            in: "header",
            "x-amazon-apigateway-authtype": "custom",
            "x-amazon-apigateway-authorizer": {
              type: "token",
              authorizerUri: "arn:aws:x",
              authorizerResultTtlInSeconds: 60,
            },
          },
        },
      },
    ),
    [
      {
        path: "/pets",
        wanted: [401, { message: "Unauthorized" }, { "x-amzn-errortype": "UnauthorizedException" }],
      },
      { path: "/pets", headers: { authorization: "Bearer x" }, wanted: [200, [1]] },
      { path: "/open", wanted: [200, [2]] },
    ],
  ],
  [
    "3.0: a Lambda authorizer of the request, with two sources",
    openapi(
      { "/pets": get3([1]) },
      {
        security: [{ request: [] }],
        components: {
          securitySchemes: {
            request: {
              type: "apiKey",
              name: "Unused",
              in: "header",
              "x-amazon-apigateway-authtype": "custom",
              "x-amazon-apigateway-authorizer": {
                type: "request",
                identitySource: "method.request.header.X-Tenant, method.request.querystring.token",
              },
            },
          },
        },
      },
    ),
    [
      { path: "/pets?token=1", wanted: [401] },
      { path: "/pets?token=1", headers: { "x-tenant": "a" }, wanted: [200] },
    ],
  ],
  [
    "2.0: Cognito, and an operation that is open all the same",
    swagger(
      {
        "/pets": get2([1], { security: [{ pool: [] }] }),
        "/open": get2([2], { security: [{ pool: [] }], "x-amazon-apigateway-auth": { type: "NONE" } }),
      },
      {
        securityDefinitions: {
          pool: {
            type: "apiKey",
            name: "Authorization",
            in: "header",
            "x-amazon-apigateway-authtype": "cognito_user_pools",
            "x-amazon-apigateway-authorizer": {
              type: "cognito_user_pools",
              providerARNs: ["arn:aws:cognito-idp:x"],
            },
          },
        },
      },
    ),
    [
      { path: "/pets", wanted: [401] },
      { path: "/pets", headers: { authorization: "eyJ" }, wanted: [200, [1]] },
      { path: "/open", wanted: [200, [2]] },
    ],
  ],
  [
    "3.0: a JWT authorizer of an HTTP API, and an integration by reference",
    openapi(
      {
        "/pets": get3([1], {
          security: [{ jwt: [] }],
          "x-amazon-apigateway-integration": { $ref: "#/components/x-amazon-apigateway-integrations/lambda" },
        }),
      },
      {
        components: {
          securitySchemes: {
            jwt: {
              type: "oauth2",
              flows: {},
              "x-amazon-apigateway-authorizer": {
                type: "jwt",
                identitySource: "$request.header.Authorization",
                jwtConfiguration: { issuer: "https://issuer.example", audience: ["pets"] },
              },
            },
          },
          "x-amazon-apigateway-integrations": { lambda: proxy },
        },
      },
    ),
    [
      { path: "/pets", wanted: [401] },
      { path: "/pets", headers: { authorization: "Bearer eyJ" }, wanted: [200, [1]] },
    ],
  ],
  [
    "2.0: IAM by x-amazon-apigateway-auth",
    swagger({ "/pets": get2([1], { "x-amazon-apigateway-auth": { type: "AWS_IAM" } }) }),
    [{ path: "/pets", wanted: [403, missing] }],
  ],
  [
    "2.0: what says nothing about requests and responses",
    swagger(
      { "/pets": get2([1]) },
      {
        host,
        basePath: "/v2",
        "x-amazon-apigateway-policy": { Version: "2012-10-17", Statement: [] },
        "x-amazon-apigateway-documentation": { version: "1", documentationParts: [] },
        "x-amazon-apigateway-endpoint-configuration": { types: ["REGIONAL"] },
        "x-amazon-apigateway-minimum-compression-size": 5242880,
        "x-amazon-apigateway-security-policy": "TLS_1_2",
      },
    ),
    [{ path: "/v2/pets", wanted: [200, [1]] }],
  ],
];

test.each(descriptions)("%s", async (_, description, calls) => {
  const { path } = await workspace({ "spec.json": JSON.stringify(description) });
  const mock = await startMock({ contract: await contractOf({ spec: path("spec.json") }) });
  onTestFinished(() => mock.close());
  const origin = `http://127.0.0.1:${mock.port}`;
  for (const { method = "GET", path, headers, body, wanted } of calls) {
    const [status, wantedBody, wantedHeaders = {}] = wanted;
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const type: Record<string, string> = text === undefined ? {} : { "content-type": "application/json" };
    const response = await fetch(`${origin}${path}`, {
      method,
      headers: { ...type, ...headers },
      body: text ?? null,
    });
    const received = await response.text();
    expect([method, path, response.status, received]).toEqual([method, path, status, expect.anything()]);
    if (wantedBody !== undefined)
      expect(typeof wantedBody === "string" && !isJson(response) ? received : parsed(received)).toEqual(
        wantedBody,
      );
    const found = Object.keys(wantedHeaders).map((name) => [name, response.headers.get(name)]);
    expect(Object.fromEntries(found)).toEqual(wantedHeaders);
  }
});

function isJson({ headers }: Response): boolean {
  return (headers.get("content-type") ?? "").includes("json");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

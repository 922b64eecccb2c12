import type { OpenApi } from "../../../contracts/openapi/operations.ts";

/** A contract that says things in all the ways that are rarely used. */
export const strangeContract = {
  openapi: "3.1.0",
  info: { title: "Strange", version: "1" },
  servers: [{ url: "https://strange.example/base" }],
  security: [{ key: [] }, { bearer: [] }],
  paths: {
    "/nodes/{id}": {
      parameters: [{ $ref: "#/components/parameters/id" }],
      get: {
        operationId: "getNode",
        parameters: [
          { name: "depth", in: "query", schema: { type: "integer", minimum: 1, maximum: 5 } },
          { name: "tags", in: "query", explode: true, schema: { type: "array", items: { type: "string" } } },
          { name: "X-Trace", in: "header", schema: { type: "string", minLength: 3 } },
        ],
        responses: {
          200: {
            description: "a node",
            headers: { "X-Count": { $ref: "#/components/headers/Count" } },
            links: { self: { $ref: "#/components/links/self" } },
            content: {
              "application/json": {
                schema: { $ref: "#/components/schemas/Node" },
                examples: {
                  leaf: { $ref: "#/components/examples/leaf" },
                  branch: { value: { kind: "branch", children: [] } },
                },
              },
              "application/xml": { schema: { $ref: "#/components/schemas/Leaf" } },
            },
          },
          410: { $ref: "#/components/responses/Gone" },
        },
      },
      put: {
        security: [],
        requestBody: { $ref: "#/components/requestBodies/node" },
        responses: { 204: { description: "replaced" }, 400: { $ref: "#/components/responses/Gone" } },
      },
      delete: {
        security: [{}],
        responses: { "2XX": { description: "gone" }, default: { description: "?" } },
      },
    },
    "/nodes": {
      post: {
        operationId: "addNode",
        requestBody: { $ref: "#/components/requestBodies/node" },
        callbacks: {
          added: {
            "http://127.0.0.1:9/never": {
              post: {
                requestBody: {
                  content: {
                    "application/json": { schema: { $ref: "#/components/schemas/OnlyCalledBack" } },
                  },
                },
                responses: { 200: { description: "ok" } },
              },
            },
          },
        },
        responses: {
          201: {
            description: "added",
            content: {
              "application/json": {
                schema: {
                  $ref: "#/paths/~1odd~0path~1%7Ba%20b%7D/get/responses/200/content/application~1json/schema",
                },
              },
            },
          },
        },
      },
      get: {
        deprecated: true,
        parameters: [
          {
            name: "filter",
            in: "query",
            style: "deepObject",
            schema: { $ref: "#/components/schemas/Filter" },
          },
          { name: "ids", in: "query", explode: false, schema: { $ref: "#/components/schemas/Ids" } },
          { name: "old", in: "query", deprecated: true, schema: { type: "string" } },
        ],
        responses: {
          200: {
            description: "all",
            content: {
              "application/json": { schema: { type: "array", items: { $ref: "#/components/schemas/Node" } } },
            },
          },
        },
      },
    },
    "/odd~path/{a b}": {
      get: {
        parameters: [{ name: "a b", in: "path", required: true, schema: { type: "string" } }],
        responses: {
          200: {
            description: "odd",
            content: { "application/json": { schema: { $ref: "#/components/schemas/Merged" } } },
          },
        },
      },
    },
    "/forms": {
      post: {
        requestBody: {
          content: {
            "application/x-www-form-urlencoded": {
              schema: { type: "object", required: ["a"], properties: { a: { type: "integer" } } },
            },
            "application/json": { schema: { $ref: "#/components/schemas/Account" } },
          },
        },
        responses: { 200: { description: "ok", content: { "text/plain": { example: "fine" } } } },
      },
    },
    // Where Prism reads in its own way; each of these would be answered otherwise by the standard alone.
    "/own-way/{a}-{b}": {
      get: {
        parameters: [
          { name: "a", in: "path", required: true, schema: { type: "string" } },
          { name: "b", in: "path", required: true, schema: { type: "integer" } },
        ],
        responses: { 200: { description: "ok" } },
      },
    },
    "/own-way/old": {
      get: {
        parameters: [{ name: "old", in: "query", deprecated: true, schema: { type: "string" } }],
        responses: { 200: { description: "ok" } },
      },
    },
    "/own-way/lists": {
      get: {
        parameters: [
          { name: "two", in: "query", explode: false, schema: { $ref: "#/components/schemas/Two" } },
          { name: "pair", in: "query", schema: { $ref: "#/components/schemas/Two" } },
        ],
        responses: { 200: { description: "ok" } },
      },
    },
    "/own-way/token": {
      get: {
        security: [],
        parameters: [{ name: "Authorization", in: "header", schema: { type: "string", minLength: 9 } }],
        responses: { 200: { description: "ok" } },
      },
    },
    "/own-way/encoded": {
      get: {
        parameters: [{ name: "odd[name]", in: "query", schema: { type: "integer" } }],
        responses: { 200: { description: "ok" } },
      },
    },
    "/own-way/one": {
      get: {
        parameters: [
          { name: "one", in: "query", schema: { type: "array", maxItems: 1, items: { type: "string" } } },
        ],
        responses: { 200: { description: "ok" } },
      },
    },
    "/own-way/two": {
      get: {
        parameters: [
          { name: "two", in: "query", explode: false, schema: { $ref: "#/components/schemas/Two" } },
        ],
        responses: { 200: { description: "ok" } },
      },
    },
    "/own-way/words": {
      get: {
        parameters: [
          { name: "word", in: "query", required: true, schema: { type: "string" } },
          { name: "X-Word", in: "header", required: true, schema: { type: "string" } },
          { name: "big", in: "query", schema: { type: "integer", format: "int64" } },
        ],
        responses: { 200: { description: "ok" } },
      },
    },
    "/own-way/merged": {
      post: {
        requestBody: {
          content: {
            "application/json": {
              schema: {
                allOf: [
                  { type: "object", properties: { x: { type: "string", pattern: "a" } } },
                  { type: "object", properties: { x: { type: "string", pattern: "b" } } },
                ],
              },
            },
          },
        },
        responses: { 200: { description: "ok" } },
      },
    },
    "/own-way/anything": {
      post: {
        requestBody: { required: true, content: { "application/json": { schema: {} } } },
        responses: { 200: { description: "ok" } },
      },
      get: { security: [{}], responses: { 200: { description: "ok" } } },
    },
  },
  webhooks: {
    added: {
      post: {
        requestBody: {
          content: { "application/json": { schema: { $ref: "#/components/schemas/OnlyCalledBack" } } },
        },
        responses: { 200: { description: "ok" } },
      },
    },
  },
  components: {
    securitySchemes: {
      key: { type: "apiKey", in: "header", name: "X-Key" },
      bearer: { type: "http", scheme: "bearer" },
    },
    parameters: {
      id: { name: "id", in: "path", required: true, schema: { $ref: "#/components/schemas/Id" } },
    },
    responses: {
      Gone: {
        description: "gone",
        content: { "application/json": { schema: { $ref: "#/components/schemas/Problem" } } },
      },
    },
    headers: { Count: { schema: { type: "integer" }, example: 7 } },
    examples: { leaf: { value: { kind: "leaf", size: 3 } } },
    requestBodies: {
      node: {
        required: true,
        content: { "application/json": { schema: { $ref: "#/components/schemas/Node" } } },
      },
    },
    links: { self: { operationId: "getNode" } },
    schemas: {
      Id: { type: "string", minLength: 2 },
      Node: {
        oneOf: [{ $ref: "#/components/schemas/Leaf" }, { $ref: "#/components/schemas/Branch" }],
        discriminator: { propertyName: "kind", mapping: { leaf: "#/components/schemas/Leaf" } },
      },
      Leaf: {
        type: "object",
        required: ["kind", "size"],
        properties: {
          kind: { type: "string", enum: ["leaf"] },
          size: { type: "integer", format: "int64" },
          at: { type: "string", format: "date-time" },
        },
      },
      Branch: {
        type: "object",
        required: ["kind", "children"],
        properties: {
          kind: { type: "string", enum: ["branch"] },
          children: { type: "array", items: { $ref: "#/components/schemas/Node" } },
          parent: { $ref: "#/components/schemas/Branch" },
        },
      },
      Problem: { type: "object", properties: { message: { type: "string", example: "It is gone." } } },
      Merged: {
        allOf: [
          { $ref: "#/components/schemas/Leaf" },
          { type: "object", properties: { extra: { type: "string", pattern: "^x" } } },
        ],
      },
      Account: {
        type: "object",
        required: ["name"],
        additionalProperties: false,
        properties: { id: { type: "integer", readOnly: true }, name: { type: "string" } },
      },
      Filter: { type: "object", properties: { from: { type: "string" }, to: { type: "integer" } } },
      Two: { type: "array", minItems: 2, items: { type: "string" } },
      Ids: { type: "array", items: { type: "integer" } },
      OnlyCalledBack: { type: "object" },
    },
  },
} as unknown as OpenApi;

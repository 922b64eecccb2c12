/** How the contract is written. */
export type Edition = "swagger" | "3.0" | "3.1";

/**
 * Writes a contract of so many operations, in groups of four on two paths each, as vendors write them:
 * a schema of its own of about 1 kB for each group, shared ones for addresses, money and problems, references
 * to shared parameters and responses, API keys.
 */
export function largeContract(operations: number, edition: Edition = "3.1"): Record<string, unknown> {
  const groups = Array.from({ length: Math.ceil(operations / 4) }, (_, index) => `Group${index + 1}`);
  const paths = groups.flatMap((name) => pathsOf(name, edition));
  const schemas = Object.fromEntries(groups.map((name, index) => [name, schemaOf(index, edition)]));
  return edition === "swagger" ? swagger(paths, schemas) : openapi(paths, schemas, edition);
}

type Entry = [string, unknown];
function pathsOf(name: string, edition: Edition): Entry[] {
  const plural = `/${name.toLowerCase()}s`;
  const item = response(`one ${name}`, ref(name, edition), edition);
  const list = response(`many of ${name}`, { type: "array", items: ref(name, edition) }, edition);
  const problem = { $ref: edition === "swagger" ? "#/responses/Problem" : "#/components/responses/Problem" };
  const limit = { $ref: edition === "swagger" ? "#/parameters/limit" : "#/components/parameters/limit" };
  const id = text({ name: "id", in: "path", required: true }, { type: "string", minLength: 2 }, edition);
  return [
    [
      plural,
      {
        get: operation(`list${name}`, { parameters: [limit], responses: { 200: list, 400: problem } }),
        post: operation(`add${name}`, {
          ...body(name, edition),
          responses: { 201: item, 400: problem, 409: problem },
        }),
      },
    ],
    [
      `${plural}/{id}`,
      {
        parameters: [id],
        get: operation(`get${name}`, { responses: { 200: item, 404: problem } }),
        delete: operation(`remove${name}`, { responses: { 204: { description: "gone" }, 404: problem } }),
      },
    ],
  ];
}

function operation(operationId: string, rest: object): object {
  const description = `${operationId}, as the vendor's manual describes it at some length. `.repeat(3);
  return { operationId, tags: ["large"], description, ...rest };
}

function text(parameter: object, schema: object, edition: Edition): object {
  return edition === "swagger" ? { ...parameter, ...schema } : { ...parameter, schema };
}

function response(description: string, schema: object, edition: Edition): object {
  return edition === "swagger"
    ? { description, schema }
    : { description, content: { "application/json": { schema } } };
}

function body(name: string, edition: Edition): object {
  const schema = ref(name, edition);
  return edition === "swagger"
    ? { parameters: [{ name: "body", in: "body", required: true, schema }] }
    : { requestBody: { required: true, content: { "application/json": { schema } } } };
}

function ref(name: string, edition: Edition): { $ref: string } {
  return { $ref: `${edition === "swagger" ? "#/definitions" : "#/components/schemas"}/${name}` };
}

/** About 1 kB, and no two alike. */
function schemaOf(index: number, edition: Edition): object {
  const nullable =
    edition === "3.1"
      ? { type: ["string", "null"] }
      : { type: "string", ...(edition === "3.0" && { nullable: true }) };
  return {
    type: "object",
    required: ["name", `code${index}`],
    properties: {
      name: { type: "string", minLength: 1, maxLength: 80, example: `thing ${index}` },
      [`code${index}`]: { type: "integer", format: "int32", minimum: 0, maximum: 10_000 + index },
      state: { type: "string", enum: ["new", "open", "closed", `special-${index}`] },
      note: { ...nullable, description: "What people write about it; nobody reads it." },
      created: { type: "string", format: "date-time" },
      price: ref("Money", edition),
      home: ref("Address", edition),
      addresses: { type: "array", maxItems: 10, items: ref("Address", edition) },
      labels: { type: "object", additionalProperties: { type: "string", maxLength: 40 } },
      rating: { type: "number", minimum: 0, maximum: 5 },
    },
  };
}

function shared(edition: Edition): Record<string, object> {
  return {
    Money: {
      type: "object",
      required: ["amount", "currency"],
      properties: {
        amount: { type: "string", pattern: "^-?\\d+(\\.\\d{2})?$", example: "12.50" },
        currency: { type: "string", minLength: 3, maxLength: 3, example: "AUD" },
      },
    },
    Address: {
      type: "object",
      required: ["street"],
      properties: {
        street: { type: "string", maxLength: 200, example: "1 High Street" },
        city: { type: "string" },
        country: { type: "string", pattern: "^[A-Z]{2}$", example: "AU" },
        within: ref("Address", edition),
      },
    },
    Problem: {
      type: "object",
      required: ["message"],
      properties: { message: { type: "string", example: "That did not work." }, code: { type: "integer" } },
    },
  };
}

const info = { title: "Large", version: "1" };
const key = { type: "apiKey", in: "header", name: "X-Key" };
const size = { type: "integer", minimum: 1, maximum: 100, default: 20 };

function openapi(paths: Entry[], schemas: object, edition: Edition): Record<string, unknown> {
  return {
    openapi: edition === "3.0" ? "3.0.3" : "3.1.0",
    info,
    servers: [{ url: "https://large.example/v1" }],
    security: [{ key: [] }],
    paths: Object.fromEntries(paths),
    components: {
      securitySchemes: { key },
      parameters: { limit: { name: "limit", in: "query", schema: size } },
      responses: { Problem: response("a problem", ref("Problem", edition), edition) },
      schemas: { ...schemas, ...shared(edition) },
    },
  };
}

function swagger(paths: Entry[], definitions: object): Record<string, unknown> {
  return {
    swagger: "2.0",
    info,
    host: "large.example",
    basePath: "/v1",
    schemes: ["https"],
    consumes: ["application/json"],
    produces: ["application/json"],
    security: [{ key: [] }],
    securityDefinitions: { key },
    parameters: { limit: { name: "limit", in: "query", ...size } },
    responses: { Problem: response("a problem", ref("Problem", "swagger"), "swagger") },
    paths: Object.fromEntries(paths),
    definitions: { ...definitions, ...shared("swagger") },
  };
}

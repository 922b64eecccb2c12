/** What one operation of a large contract takes: its body fits the schema. */
export const order = {
  reference: "ORD-2026-000042",
  placedAt: "2026-11-23T09:30:00Z",
  priority: "normal",
  deliverTo: { street: "1 George Street", city: "Sydney", postcode: "2000", country: "AU" },
  lines: [{ sku: "SKU-0001", quantity: 2, price: { amount: "19.90", currency: "AUD" } }],
};

/** Where an order is placed in a contract of so many operations: the last resource, behind all others. */
export function orderPath(operations: number): string {
  return `/v1/customers/c-17/orders${operations / 5 - 1}`;
}

/**
 * An OpenAPI 3.0 document with so many operations, five for each resource, as an ordinary service has them:
 * path parameters, bodies, a schema of about 1 kB for each resource that refers to shared ones.
 *
 * @param operations a multiple of 5.
 */
export function largeContract(operations: number): object {
  const resources = Array.from({ length: operations / 5 }, (_, index) => index);
  return {
    openapi: "3.0.3",
    info: { title: `A contract of ${operations} operations`, version: "1.0.0" },
    servers: [{ url: "https://orders.example/v1" }],
    security: [],
    paths: Object.assign({}, ...resources.map(pathsOf)) as object,
    components: {
      schemas: Object.assign(
        { Address: address, Money: money, Problem: problem },
        ...resources.map(schemasOf),
      ) as object,
    },
  };
}

function pathsOf(index: number): object {
  const one = { $ref: `#/components/schemas/Order${index}` };
  const fresh = { $ref: `#/components/schemas/NewOrder${index}` };
  const example = { ...order, id: "o-1", status: "open", total: { amount: "39.80", currency: "AUD" } };
  const json = (schema: object, shown: unknown) => ({ "application/json": { schema, example: shown } });
  const refused = (description: string) => ({
    description,
    content: json({ $ref: "#/components/schemas/Problem" }, { title: description, status: 400 }),
  });
  const body = { required: true, content: json(fresh, order) };
  const invalid = { 400: refused("The request is invalid.") };
  const unknown = { 404: refused("There is no such order.") };
  const found = { 200: { description: "The order.", content: json(one, example) } };
  const parameter = (name: string) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string", pattern: "^[a-z]-[0-9]+$" },
  });
  const all = { name: "limit", in: "query", schema: { type: "integer", minimum: 1, maximum: 100 } };
  const named = (verb: string, summary: string) => ({ operationId: `${verb}Order${index}`, summary });
  return {
    [`/customers/{customer}/orders${index}`]: {
      parameters: [parameter("customer")],
      get: {
        ...named("list", "List orders"),
        parameters: [all],
        responses: {
          200: { description: "The orders.", content: json({ type: "array", items: one }, [example]) },
          ...invalid,
        },
      },
      post: {
        ...named("place", "Place an order"),
        requestBody: body,
        responses: { 201: { description: "It is placed.", content: json(one, example) }, ...invalid },
      },
    },
    [`/customers/{customer}/orders${index}/{order}`]: {
      parameters: [parameter("customer"), parameter("order")],
      get: { ...named("read", "Read an order"), responses: { ...found, ...unknown } },
      put: {
        ...named("replace", "Replace an order"),
        requestBody: body,
        responses: { ...found, ...invalid, ...unknown },
      },
      delete: {
        ...named("cancel", "Cancel an order"),
        responses: { 204: { description: "It is cancelled." }, ...unknown },
      },
    },
  };
}

function schemasOf(index: number): object {
  const price = { $ref: "#/components/schemas/Money" };
  const properties = {
    reference: { type: "string", minLength: 3, maxLength: 40, description: "How the customer calls it." },
    placedAt: { type: "string", format: "date-time" },
    priority: { type: "string", enum: ["low", "normal", "high"] },
    deliverTo: { $ref: "#/components/schemas/Address" },
    note: { type: "string", maxLength: 500, description: "For whoever packs it." },
    lines: {
      type: "array",
      minItems: 1,
      maxItems: 100,
      items: {
        type: "object",
        required: ["sku", "quantity"],
        properties: {
          sku: { type: "string", pattern: "^SKU-[0-9]{4}$" },
          quantity: { type: "integer", minimum: 1, maximum: 999 },
          price,
        },
      },
    },
  };
  const required = ["reference", "deliverTo", "lines"];
  return {
    [`NewOrder${index}`]: { type: "object", required, properties },
    [`Order${index}`]: {
      type: "object",
      required: ["id", "status", ...required],
      properties: {
        id: { type: "string" },
        status: { type: "string", enum: ["open", "packed", "sent", "cancelled"] },
        total: price,
        ...properties,
      },
    },
  };
}

const address = {
  type: "object",
  required: ["street", "city", "country"],
  properties: {
    street: { type: "string", minLength: 1 },
    city: { type: "string", minLength: 1 },
    postcode: { type: "string", pattern: "^[0-9]{4}$" },
    country: { type: "string", minLength: 2, maxLength: 2 },
  },
};
const money = {
  type: "object",
  required: ["amount", "currency"],
  properties: {
    amount: { type: "string", pattern: "^[0-9]+\\.[0-9]{2}$" },
    currency: { type: "string", enum: ["AUD", "EUR", "USD"] },
  },
};
const problem = {
  type: "object",
  required: ["title", "status"],
  properties: { title: { type: "string" }, status: { type: "integer" } },
};

import { record, ref, text } from "../../contracts/openapi/schema-parts.ts";
import type { controlSchemas } from "./schemas.ts";

/** An operation of the description, as far as the control API reads it itself. */
export type DescribedOperation = {
  operationId: string;
  summary: string;
  parameters: Parameter[];
  requestBody?: object;
  responses: Record<string, object>;
};
export type Parameter = {
  name: string;
  in: "query" | "path" | "header";
  description: string;
  schema: object;
  required?: true;
};

type SchemaName = keyof typeof controlSchemas;
type Facts = {
  /** What the `{id}` of the path is. */
  id?: string;
  query?: Parameter[];
  body?: SchemaName;
  bodyRequired?: boolean;
  /** By status; `undefined` for a response without a body. */
  responses: Record<number, SchemaName | undefined>;
};

/** Describes an operation on no world, or on all of them. */
export function describeOperation(operationId: string, summary: string, facts: Facts): DescribedOperation {
  const { id, query = [], body, bodyRequired = true, responses } = facts;
  const idInPath: Parameter = { name: "id", in: "path", required: true, schema: text, description: id ?? "" };
  const errors = [400, 401, 403, 404, 500, ...(body ? [413] : [])];
  return {
    operationId,
    summary,
    parameters: [...(id ? [idInPath] : []), ...query],
    ...(body && { requestBody: { ...json(body), required: bodyRequired } }),
    responses: Object.fromEntries([
      ...errors.map((status) => [status, response("ControlError")]),
      ...Object.entries(responses).map(([status, schema]) => [status, response(schema)]),
    ]),
  };
}

/** Describes an operation on one world. */
export function describeInWorld(operationId: string, summary: string, facts: Facts): DescribedOperation {
  return describeOperation(operationId, summary, {
    ...facts,
    query: [...(facts.query ?? []), worldInQuery, worldInHeader],
  });
}

export function query(name: string, schema: object, description: string): Parameter {
  return { name, in: "query", schema, description };
}

/** The query of an operation as one schema. */
export function querySchema({ parameters }: DescribedOperation) {
  const inQuery = parameters.filter((parameter) => parameter.in === "query");
  return record({}, Object.fromEntries(inQuery.map(({ name, schema }) => [name, schema])));
}

const worldInQuery = query("world", text, "The id of a world; without it, the first one.");

/** The same as the query parameter `world`, which goes before it. */
export const worldInHeader: Parameter = { ...worldInQuery, name: "x-necid-world", in: "header" };

function response(schema: SchemaName | undefined): object {
  if (schema === undefined) return { description: "Done." };
  return { description: schema === "ControlError" ? "Not done, and why." : "Done.", ...json(schema) };
}

function json(schema: SchemaName): object {
  return { content: { "application/json": { schema: ref(schema) } } };
}

/** An operation of the description, as far as the control API reads it itself. */
export type DescribedCall = {
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

type Facts = {
  /** What the `{id}` of the path is. */
  id?: string;
  query?: Parameter[];
  /** The names of the body's schema and of each answer's; `undefined` for an answer without a body. */
  body?: string;
  bodyRequired?: boolean;
  answers: Record<number, string | undefined>;
};

/** Describes a call that is about no world, or about all of them. */
export function call(operationId: string, summary: string, facts: Facts): DescribedCall {
  const { id, query = [], body, bodyRequired = true, answers } = facts;
  const idInPath: Parameter = { name: "id", in: "path", required: true, schema: text, description: id ?? "" };
  const refusals = [400, 401, 403, 404, 500, ...(body ? [413] : [])];
  return {
    operationId,
    summary,
    parameters: [...(id ? [idInPath] : []), ...query],
    ...(body && { requestBody: { ...json(body), required: bodyRequired } }),
    responses: Object.fromEntries([
      ...refusals.map((status) => [status, answer("Refusal")]),
      ...Object.entries(answers).map(([status, schema]) => [status, answer(schema)]),
    ]),
  };
}

/** Describes a call about one world. */
export function inWorld(operationId: string, summary: string, facts: Facts): DescribedCall {
  return call(operationId, summary, {
    ...facts,
    query: [...(facts.query ?? []), worldInQuery, worldInHeader],
  });
}

export function query(name: string, schema: object, description: string): Parameter {
  return { name, in: "query", schema, description };
}

export const text = { type: "string" };

const worldInQuery = query("world", text, "The id of a world; without it, the first one.");

/** Says the same as the query parameter `world`, which goes before it. */
export const worldInHeader: Parameter = { ...worldInQuery, name: "x-necid-world", in: "header" };

function answer(schema: string | undefined): object {
  if (schema === undefined) return { description: "Done." };
  return { description: schema === "Refusal" ? "Not done, and why." : "Done.", ...json(schema) };
}

function json(schema: string): object {
  return { content: { "application/json": { schema: { $ref: `#/components/schemas/${schema}` } } } };
}

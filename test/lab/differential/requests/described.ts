import { dereference } from "../../../../contracts/openapi/reference.ts";
import type { Schema } from "./schema.ts";

/** The parts of an OpenAPI document that requests are made from. */
export type Document = {
  servers?: { url: string }[];
  security?: Requirement[];
  paths: Record<string, Record<string, unknown>>;
  components?: { securitySchemes?: Record<string, SecurityScheme> };
};
type Requirement = Record<string, string[]>;
type SecurityScheme = { type: string; scheme?: string; in?: string; name?: string };

export type Parameter = {
  name: string;
  in: "path" | "query" | "header" | "cookie";
  required?: boolean;
  style?: string;
  explode?: boolean;
  schema?: Schema;
  example?: unknown;
};

export type Content = Record<
  string,
  { schema?: Schema; example?: unknown; examples?: Record<string, Example> }
>;
type Example = { value?: unknown };

/** One operation with everything it refers to. */
export type Described = {
  /** `POST /subjects`. */
  name: string;
  method: string;
  path: string;
  parameters: Parameter[];
  body?: { required: boolean; content: Content };
  responses: Record<string, { content?: Content }>;
  security: Requirement[];
};

/** Every operation of a document, in its order. */
export function describeOperations(document: Document): Described[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    methods.filter((method) => item[method] !== undefined).map((method) => describe(document, path, method)),
  );
}

const methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

function describe(document: Document, path: string, method: string): Described {
  const item = document.paths[path]!;
  const operation = item[method] as Record<string, unknown>;
  const of = <Part>(part: unknown) => dereference<Part>(document, part);
  const listed = [item.parameters, operation.parameters].flatMap(
    (list) => (list as unknown[] | undefined) ?? [],
  );
  const parameters = new Map<string, Parameter>();
  for (const given of listed) {
    const parameter = of<Parameter>(given);
    if (parameter) parameters.set(`${parameter.in} ${parameter.name}`, parameter);
  }
  const body = of<{ required?: boolean; content?: Content }>(operation.requestBody);
  const responses = Object.entries((operation.responses ?? {}) as Record<string, unknown>);
  return {
    name: `${method.toUpperCase()} ${path}`,
    method: method.toUpperCase(),
    path,
    parameters: [...parameters.values()],
    ...(body && { body: { required: body.required === true, content: body.content ?? {} } }),
    responses: Object.fromEntries(
      responses.map(([status, response]) => [status, of<{ content?: Content }>(response) ?? {}]),
    ),
    security: (operation.security as Requirement[] | undefined) ?? document.security ?? [],
  };
}

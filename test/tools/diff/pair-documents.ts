import type { Json, JsonObject } from "../../../contracts/openapi/json.ts";
import { diffSources } from "../../../tools/diff/diff.ts";

export type Dialect = "2.0" | "3.0" | "3.1";
export const dialects: Dialect[] = ["2.0", "3.0", "3.1"];

/** A description with a schema as request and as response body of one operation. */
export function documentOf(schema: Json, dialect: Dialect): JsonObject {
  const responses = (body: JsonObject): JsonObject => ({ "200": { description: "", ...body } });
  const content = { content: { "application/json": { schema } } };
  const info = { title: "Pair", version: "1" };
  if (dialect === "2.0") {
    const parameters = [{ in: "body", name: "body", schema }];
    const types = { consumes: ["application/json"], produces: ["application/json"] };
    const post = { ...types, parameters, responses: responses({ schema }) };
    return { swagger: "2.0", info, paths: { "/pairs": { post } } };
  }
  const post = { requestBody: content, responses: responses(content) };
  return { openapi: dialect === "3.0" ? "3.0.3" : "3.1.0", info, paths: { "/pairs": { post } } };
}

/** The changes between two documents, each as `level id`. */
export function changesOf(old: JsonObject, now: JsonObject): string[] {
  return diffSources(sourceOf(old), sourceOf(now)).changes.map(({ level, id }) => `${level} ${id}`);
}

export function sourceOf(document: JsonObject) {
  const version = String(document.openapi ?? document.swagger);
  const dialect = version === "2.0" ? "2.0" : version.startsWith("3.0") ? "3.0" : "3.1";
  return { document, dialect: dialect as Dialect, locate: () => ({ file: "pair.yaml", line: 1 }) };
}

const LEVELS: Record<string, string> = { B: "breaking", R: "risky", C: "compatible" };

/** What a column of the table of schema pairs stands for. */
export function expectedOf(column: string): string[] {
  if (column === "") return [];
  return column.split("+").flatMap((part) => {
    const [kind, request, response] = part.split(" ");
    return [`request ${request}`, `response ${response}`].flatMap((word) => {
      const [direction, letter] = word.split(" ");
      return letter === "-" ? [] : [`${LEVELS[letter!]} ${direction}-${kind}`];
    });
  });
}

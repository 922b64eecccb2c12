import { findOperation, type OpenApi, readOperations, responseAt } from "../../openapi/operations.ts";
import { parsePointer, type Tokens } from "../../openapi/pointer.ts";
import { type Located, locatedAt, locatedEntries, reached } from "../../openapi/reference.ts";
import { branchesOf } from "../../openapi/schema.ts";
import { type Sources, sourceLine } from "../../openapi/sources.ts";
import type { Mismatch } from "../check.ts";

type LocatedMismatch = Pick<Mismatch, "operation" | "location" | "instancePath" | "keyword"> & {
  /** The response's status, if the mismatch is about one; see `responseStatus`. */
  status?: string;
};

/**
 * Creates a function that locates the line of the Swagger or overlay that a mismatch breaks, as
 * `file:line:column`: the line of the schema keyword if the mismatch names one, else of the property, header
 * or response, else of the nearest parent.
 *
 * @returns a function that gives `undefined` when the contract has no such operation.
 */
export function sourceLines({
  openapi,
  sources,
}: {
  openapi: OpenApi;
  sources: Sources;
}): (mismatch: LocatedMismatch) => string | undefined {
  const operations = readOperations(openapi);
  return (mismatch) => {
    const operation = findOperation(operations, mismatch.operation);
    if (!operation) return undefined;
    const { status } = mismatch;
    const response = status && responseAt(operation, status);
    const nearest = [...operation.at, ...(status ? ["responses"] : [])];
    return sourceLine(sources, response ? partAt(openapi, response, mismatch) : nearest);
  };
}

function partAt(
  openapi: OpenApi,
  listed: Located,
  { instancePath, location, keyword }: LocatedMismatch,
): Tokens {
  const [part = "", ...rest] = instancePath.split(" ");
  const response = reached(openapi, listed);
  if (part === "header") return headerAt(openapi, response, rest.join(" "), keyword);
  if (part !== "body") return listed.at;
  const content = locatedEntries(response, "content");
  const [, media] = content.find(([type]) => location.includes(type)) ?? content[0] ?? [];
  const schema = media && locatedAt(media, "schema");
  // A pointer may contain spaces.
  return schema ? bodyAt(openapi, schema, rest.join(" "), keyword) : (media?.at ?? listed.at);
}

function headerAt(openapi: OpenApi, response: Located, name: string, keyword?: string): Tokens {
  const lower = name.toLowerCase();
  if (lower === "content-type")
    return [...response.at, "content", ...Object.keys(response.value.content ?? {}).slice(0, 1)];
  const [, header] = locatedEntries(response, "headers").find(([key]) => key.toLowerCase() === lower) ?? [];
  if (!header || keyword === undefined) return header?.at ?? response.at;
  const described = reached(openapi, header);
  if (keyword in described.value) return [...described.at, keyword];
  const schema = locatedAt(described, "schema");
  return schema ? keywordAt(openapi, [schema], keyword) : described.at;
}

function bodyAt(openapi: OpenApi, schema: Located, pointer: string, keyword?: string): Tokens {
  const schemas = [schema];
  for (const token of parsePointer(pointer)) {
    const next = child(openapi, schemas.at(-1)!, token);
    if (!next) break;
    schemas.push(next);
  }
  return keyword === undefined ? schemas.at(-1)!.at : keywordAt(openapi, schemas, keyword);
}

/** The schema of a property or of the items of a schema. */
function child(openapi: OpenApi, located: Located, token: string): Located | undefined {
  const schema = reached(openapi, located);
  const next =
    locatedAt(schema, "properties", token) ??
    (/^\d+$|^\*$/.test(token) ? locatedAt(schema, "items") : undefined);
  if (next) return next;
  return branchesOf(schema)
    .map((branch) => child(openapi, branch, token))
    .find(Boolean);
}

/** The keyword, in the last schema of the path or, as with `required`, in the one around it. */
function keywordAt(openapi: OpenApi, schemas: Located[], keyword: string): Tokens {
  const nearest = schemas.slice(-2).reverse();
  const candidates = nearest.flatMap((schema) => alternatives(openapi, schema));
  const holder = candidates.find(({ value }) => Object.hasOwn(value, keyword));
  return holder ? [...holder.at, keyword] : schemas.at(-1)!.at;
}

function alternatives(openapi: OpenApi, place: Located): Located[] {
  const schema = reached(openapi, place);
  return [schema, ...branchesOf(schema).map((branch) => reached(openapi, branch))];
}

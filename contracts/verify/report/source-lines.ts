import { findOperation, type OpenApi, readOperations, responseAt } from "../../openapi/operations.ts";
import { parsePointer, type Tokens } from "../../openapi/pointer.ts";
import { type Located, locatedAt, locatedEntries, reached } from "../../openapi/reference.ts";
import { branchesOf } from "../../openapi/schema.ts";
import { type Sources, sourceLine } from "../../openapi/sources.ts";
import type { Mismatch } from "../check.ts";

type Broken = Pick<Mismatch, "operation" | "location" | "instancePath" | "keyword"> & {
  /** The answer's status, where it is about one; see `answerStatus`. */
  status?: string;
};

/**
 * Tells which line of the Swagger or overlay promises what a mismatch breaks, as `file:line:column`: that of
 * the rule where the mismatch names its keyword, else that of the property, header or answer, else of the
 * nearest thing above it.
 *
 * @returns `undefined` for what belongs to no operation of the contract.
 */
export function sourceLines({
  openapi,
  sources,
}: {
  openapi: OpenApi;
  sources: Sources;
}): (broken: Broken) => string | undefined {
  const operations = readOperations(openapi);
  return (broken) => {
    const operation = findOperation(operations, broken.operation);
    if (!operation) return undefined;
    const { status } = broken;
    const response = status && responseAt(operation, status);
    const nearest = [...operation.at, ...(status ? ["responses"] : [])];
    return sourceLine(sources, response ? promise(openapi, response, broken) : nearest);
  };
}

function promise(openapi: OpenApi, listed: Located, { instancePath, location, keyword }: Broken): Tokens {
  const [part = "", ...rest] = instancePath.split(" ");
  const response = reached(openapi, listed);
  if (part === "header") return headerPlace(openapi, response, rest.join(" "), keyword);
  if (part !== "body") return listed.at;
  const content = locatedEntries(response, "content");
  const [, media] = content.find(([type]) => location.includes(type)) ?? content[0] ?? [];
  const schema = media && locatedAt(media, "schema");
  // A pointer may hold spaces.
  return schema ? bodyPlace(openapi, schema, rest.join(" "), keyword) : (media?.at ?? listed.at);
}

function headerPlace(openapi: OpenApi, response: Located, name: string, keyword?: string): Tokens {
  const lower = name.toLowerCase();
  if (lower === "content-type")
    return [...response.at, "content", ...Object.keys(response.value.content ?? {}).slice(0, 1)];
  const [, header] = locatedEntries(response, "headers").find(([key]) => key.toLowerCase() === lower) ?? [];
  if (!header || keyword === undefined) return header?.at ?? response.at;
  const described = reached(openapi, header);
  if (keyword in described.value) return [...described.at, keyword];
  const schema = locatedAt(described, "schema");
  return schema ? rulePlace(openapi, [schema], keyword) : described.at;
}

function bodyPlace(openapi: OpenApi, schema: Located, pointer: string, keyword?: string): Tokens {
  const passed = [schema];
  for (const token of parsePointer(pointer)) {
    const next = step(openapi, passed.at(-1)!, token);
    if (!next) break;
    passed.push(next);
  }
  return keyword === undefined ? passed.at(-1)!.at : rulePlace(openapi, passed, keyword);
}

/** From a schema to that of one of its properties or of its items. */
function step(openapi: OpenApi, place: Located, token: string): Located | undefined {
  const schema = reached(openapi, place);
  const next =
    locatedAt(schema, "properties", token) ??
    (/^\d+$|^\*$/.test(token) ? locatedAt(schema, "items") : undefined);
  if (next) return next;
  return branchesOf(schema)
    .map((branch) => step(openapi, branch, token))
    .find(Boolean);
}

/** The rule itself: of the last schema on the way, or of the one around it, as `required` is. */
function rulePlace(openapi: OpenApi, passed: Located[], keyword: string): Tokens {
  const near = passed.slice(-2).reverse();
  const schemas = near.flatMap((place) => alternatives(openapi, place));
  const holder = schemas.find(({ value }) => Object.hasOwn(value, keyword));
  return holder ? [...holder.at, keyword] : passed.at(-1)!.at;
}

function alternatives(openapi: OpenApi, place: Located): Located[] {
  const schema = reached(openapi, place);
  return [schema, ...branchesOf(schema).map((branch) => reached(openapi, branch))];
}

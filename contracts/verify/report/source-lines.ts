import { type OpenApi, readOperations } from "../../openapi/operations.ts";
import type { Mismatch } from "../check.ts";
import { answerPlace, branches, type ContractPlace, entries, followed, inside } from "./contract-place.ts";

/** JSON Pointer into the effective contract to `file:line:column`: a generated `sources.json`. */
export type Sources = Record<string, string>;

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
  const operations = new Map(readOperations(openapi).map((operation) => [operation.key, operation]));
  return (broken) => {
    const operation = operations.get(broken.operation);
    if (!operation) return undefined;
    const { path, method } = operation;
    const { status } = broken;
    const answers = ["paths", path, method.toLowerCase(), ...(status ? ["responses"] : [])];
    const answer = status && answerPlace(openapi, { path, method, status });
    return lineOf(sources, answer ? promise(openapi, answer, broken) : answers);
  };
}

function promise(
  openapi: OpenApi,
  listed: ContractPlace,
  { instancePath, location, keyword }: Broken,
): string[] {
  const [part = "", ...rest] = instancePath.split(" ");
  const answer = followed(openapi, listed);
  if (part === "header") return headerPlace(openapi, answer, rest.join(" "), keyword);
  if (part !== "body") return listed.at;
  const content = entries(answer, "content");
  const [, media] = content.find(([type]) => location.includes(type)) ?? content[0] ?? [];
  const schema = media && inside(media, "schema");
  // A pointer may hold spaces.
  return schema ? bodyPlace(openapi, schema, rest.join(" "), keyword) : (media?.at ?? listed.at);
}

function headerPlace(openapi: OpenApi, answer: ContractPlace, name: string, keyword?: string): string[] {
  const lower = name.toLowerCase();
  if (lower === "content-type")
    return [...answer.at, "content", ...Object.keys(answer.value.content ?? {}).slice(0, 1)];
  const [, header] = entries(answer, "headers").find(([key]) => key.toLowerCase() === lower) ?? [];
  if (!header || keyword === undefined) return header?.at ?? answer.at;
  const described = followed(openapi, header);
  if (keyword in described.value) return [...described.at, keyword];
  const schema = inside(described, "schema");
  return schema ? rulePlace(openapi, [schema], keyword) : described.at;
}

function bodyPlace(openapi: OpenApi, schema: ContractPlace, pointer: string, keyword?: string): string[] {
  const passed = [schema];
  for (const token of pointer.split("/").slice(1)) {
    const next = step(openapi, passed.at(-1)!, token.replaceAll("~1", "/").replaceAll("~0", "~"));
    if (!next) break;
    passed.push(next);
  }
  return keyword === undefined ? passed.at(-1)!.at : rulePlace(openapi, passed, keyword);
}

/** From a schema to that of one of its properties or of its items. */
function step(openapi: OpenApi, place: ContractPlace, token: string): ContractPlace | undefined {
  const schema = followed(openapi, place);
  const next =
    inside(schema, "properties", token) ?? (/^\d+$|^\*$/.test(token) ? inside(schema, "items") : undefined);
  if (next) return next;
  return branches(schema)
    .map((branch) => step(openapi, branch, token))
    .find(Boolean);
}

/** The rule itself: of the last schema on the way, or of the one around it, as `required` is. */
function rulePlace(openapi: OpenApi, passed: ContractPlace[], keyword: string): string[] {
  const near = passed.slice(-2).reverse();
  const schemas = near.flatMap((place) => alternatives(openapi, place));
  const holder = schemas.find(({ value }) => Object.hasOwn(value, keyword));
  return holder ? [...holder.at, keyword] : passed.at(-1)!.at;
}

function alternatives(openapi: OpenApi, place: ContractPlace): ContractPlace[] {
  const schema = followed(openapi, place);
  return [schema, ...branches(schema).map((branch) => followed(openapi, branch))];
}

function lineOf(sources: Sources, at: string[]): string | undefined {
  const tokens = at.map((token) => `/${token.replaceAll("~", "~0").replaceAll("/", "~1")}`);
  for (let length = tokens.length; length > 0; length--) {
    const line = sources[tokens.slice(0, length).join("")];
    if (line !== undefined) return line;
  }
  return undefined;
}

import { isObject } from "../../contracts/openapi/json.ts";
import type { OpenApi } from "../../contracts/openapi/operations.ts";
import { type Schema, schemasAt } from "../../contracts/openapi/schema.ts";
import type { Matcher } from "./pact.ts";

/** A body as a pact has it, and the rules that the provider's body must follow. */
export type ExpectedBody = { example: unknown; rules: Record<string, Matcher[]> };

/**
 * Makes the rules of a pact for a response body, from what the contract says of each of its values: a pattern, an
 * integer, a type. A value that the contract fixes (`const`, `enum`) must be the same. Of a list the first item
 * stands for all.
 *
 * @see https://github.com/pact-foundation/pact-specification/tree/version-3#matchers
 */
export function expectBody(openapi: OpenApi, schema: unknown, body: unknown): ExpectedBody {
  const rules: Record<string, Matcher[]> = {};
  const example = walk(body, { tokens: [], path: "$" });
  return { example, rules };

  function walk(value: unknown, { tokens, path }: { tokens: string[]; path: string }): unknown {
    if (Array.isArray(value)) {
      if (value.length === 0) return value;
      rules[path] = [{ match: "type", min: 1 }];
      return [walk(value[0], { tokens: [...tokens, "0"], path: `${path}[*]` })];
    }
    if (isObject(value)) {
      return Object.fromEntries(
        Object.entries(value).map(([name, child]) => [
          name,
          walk(child, { tokens: [...tokens, name], path: `${path}${step(name)}` }),
        ]),
      );
    }
    const matchers = matchersOf(schemasAt(openapi, schema, body, tokens), value);
    if (matchers.length > 0) rules[path] = matchers;
    return value;
  }
}

/** The matchers of a value that is no list and no object; none where it must be the same. */
export function matchersOf(schemas: Schema[], value: unknown): Matcher[] {
  const isFixed = schemas.some((schema) => "const" in schema || schema.enum !== undefined);
  if (isFixed || value === null) return [];
  if (typeof value === "string") {
    // `regex` compares text, so that the number 161 would pass for "161".
    return [
      { match: "type" },
      ...schemas.flatMap(regexOf).map((regex): Matcher => ({ match: "regex", regex })),
    ];
  }
  if (typeof value === "boolean") return [{ match: "type" }];
  return [{ match: schemas.some(({ type }) => [type].flat().includes("integer")) ? "integer" : "number" }];
}

function regexOf({ pattern, format }: Schema): string[] {
  const ofFormat = typeof format === "string" ? formats[format] : undefined;
  return [pattern, ofFormat].filter((regex) => typeof regex === "string");
}

const formats: Record<string, string> = {
  uuid: "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$",
};

function step(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? `.${name}` : `['${name}']`;
}

import { isObject, type Json, type JsonObject } from "../../../contracts/openapi/json.ts";
import { formatPointer, parsePointer, type Tokens, valueAt } from "../../../contracts/openapi/pointer.ts";
import type { Description } from "./description.ts";
import { Modernizer } from "./modern.ts";
import { below, movedTo, type OriginIndex, originAt, problemOf } from "./origins.ts";
import type { Problem } from "./problem.ts";
import { convertSwagger } from "./swagger.ts";

/** A description as OpenAPI 3.1, and where each part of it was written. */
export type Upgraded = { openapi: JsonObject; index: OriginIndex; problems: Problem[] };

/** Lifts a description of any version to OpenAPI 3.1. The description is not changed. */
export function upgrade({ value, dialect, origins }: Description): Upgraded {
  const problems: Problem[] = [];
  const modern = new Modernizer(origins, dialect);
  const { root } = origins;
  const openapi =
    dialect === "2.0" ? convertSwagger(value, { modern, root, problems }) : modern.document(value);
  mergePaths();
  const renamed = renameComponents();
  const index = origins.index(openapi);
  rewriteReferences(openapi, []);
  return { openapi, index, problems };

  /** Paths of `x-ms-paths` may have a query; its parts are parameters with one value. */
  function mergePaths(): void {
    const more = openapi["x-ms-paths"];
    delete openapi["x-ms-paths"];
    if (!isObject(more)) return;
    const paths = openapi.paths as JsonObject;
    for (const [name, item] of Object.entries(more)) {
      if (!isObject(item)) continue;
      const [path = "", query = ""] = name.split("?");
      const fixed = [...new URLSearchParams(query)].map(([parameter, text]) => ({
        name: parameter,
        in: "query",
        required: true,
        schema: { type: "string", enum: [text] },
      }));
      const present = paths[path];
      const target = isObject(present) ? present : {};
      for (const [key, value] of Object.entries(item)) {
        const origin = origins.get(value) ?? below(root, "x-ms-paths", name, key);
        if (Object.hasOwn(target, key)) {
          if (!isObject(value) || key.startsWith("x-")) continue;
          const message = `The path ${path} has this operation already. The one with the query ${query} is left out.`;
          problems.push(problemOf(origin, message, "warning", "key"));
          continue;
        }
        const isOperation = isObject(value) && fixed.length > 0 && !key.startsWith("x-");
        const own = isOperation && Array.isArray(value.parameters) ? value.parameters : [];
        const taken = fixed.filter(({ name }) => !own.some((one) => isObject(one) && one.name === name));
        target[key] = origins.set(isOperation ? { ...value, parameters: [...own, ...taken] } : value, origin);
      }
      paths[path] = target;
    }
  }

  /** Names of components that OpenAPI does not allow, such as those of generics. */
  function renameComponents(): Map<string, string> {
    const names = new Map<string, string>();
    const components = isObject(openapi.components) ? openapi.components : {};
    for (const [section, entries] of Object.entries(components)) {
      if (!isObject(entries) || section.startsWith("x-")) continue;
      if (Object.keys(entries).every((name) => COMPONENT.test(name))) continue;
      const place = below(root, "components", section);
      const taken = new Set(Object.keys(entries));
      const renamed = Object.entries(entries).map(([name, value]): [string, Json] => {
        if (COMPONENT.test(name)) return [name, value];
        const free = freeName(name.replaceAll(/[^\w.-]/g, "_") || "_", taken);
        taken.add(free);
        names.set(formatPointer(["components", section, name]), free);
        return [free, origins.set(value, below(origins.get(entries) ?? place, name))];
      });
      components[section] = origins.set(Object.fromEntries(renamed), origins.get(entries) ?? place);
    }
    return names;
  }

  function rewriteReferences(part: Json, at: Tokens): void {
    if (typeof part !== "object" || part === null) return;
    if (isObject(part)) {
      if (typeof part.$ref === "string") part.$ref = rewritten(part.$ref, at);
      if (isObject(part.discriminator) && isObject(part.discriminator.mapping)) {
        const { mapping } = part.discriminator;
        for (const [key, ref] of Object.entries(mapping))
          if (typeof ref === "string")
            mapping[key] = rewritten(ref, [...at, "discriminator", "mapping", key]);
      }
    }
    for (const [key, item] of Object.entries(part)) rewriteReferences(item, [...at, key]);
  }

  /** An `example` is one of the `examples` in OpenAPI 3.1. */
  function withExamples(tokens: Tokens): Tokens {
    const at = tokens.findIndex((token, index) => {
      return token === "example" && valueAt(openapi, tokens.slice(0, index + 1)) === undefined;
    });
    if (at === -1) return tokens;
    const examples = valueAt(openapi, [...tokens.slice(0, at), "examples"]);
    if (!isObject(examples) && !Array.isArray(examples)) return tokens;
    const first = Array.isArray(examples) ? ["examples", 0] : ["examples", "default", "value"];
    return [...tokens.slice(0, at), ...first, ...tokens.slice(at + 1)];
  }

  function rewritten(ref: string, at: Tokens): string {
    if (!ref.startsWith("#/")) return ref;
    const tokens = parsePointer(ref);
    const moved = movedTo(index, below(root, ...tokens));
    const name = renamed.get(formatPointer(moved.slice(0, 3)));
    const target = withExamples(name === undefined ? moved : [...moved.slice(0, 2), name, ...moved.slice(3)]);
    if (valueAt(openapi, target) === undefined && valueAt(value, tokens) !== undefined) {
      const message = `The $ref ${JSON.stringify(ref)} leads to a part that is left out.`;
      problems.push(problemOf(originAt(index, at), message, "error", "key"));
    }
    const isSame =
      target.length === tokens.length && target.every((token, place) => String(token) === tokens[place]);
    return isSame ? ref : `#${formatPointer(target)}`;
  }
}

/** @see https://spec.openapis.org/oas/v3.1.1.html#components-object */
const COMPONENT = /^[a-zA-Z0-9._-]+$/;

function freeName(name: string, taken: Set<string>): string {
  for (let count = 1; ; count++) {
    const free = count === 1 ? name : `${name}_${count}`;
    if (!taken.has(free)) return free;
  }
}

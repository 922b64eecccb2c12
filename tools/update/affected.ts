import { globSync, readFileSync } from "node:fs";
import { isObject, type JsonObject } from "../../contracts/openapi/json.ts";
import {
  basePath,
  type OpenApi,
  type Operation,
  readOperations,
} from "../../contracts/openapi/operations.ts";
import { createRouter } from "../../contracts/openapi/router.ts";
import type { Change } from "../diff/diff.ts";

/** The operations of a contract that a list of changes breaks or may break. */
export function changedOperations(openapi: JsonObject, changes: readonly Change[]): Operation[] {
  const felt = changes.filter(({ level }) => level !== "compatible");
  const isForAll = felt.some(({ operation }) => operation === "*");
  const changed = new Set(felt.map(({ operation }) => operation));
  return readOperations(openapi).filter(({ method, path }) => isForAll || changed.has(`${method} ${path}`));
}

/** Where files name one of the operations: `file:line operationId`. */
export function affectedTests(pattern: string, operations: readonly Operation[]): string[] {
  const keys = operations.map(({ key }) => key).filter((key) => !key.includes(" "));
  const names = keys.map((key) => ({ key, isNamed: wordTest(key) }));
  return globSync(pattern, { exclude: (name) => name === "node_modules" })
    .sort()
    .flatMap((file) =>
      readFileSync(file, "utf8")
        .split("\n")
        .flatMap((text, index) => {
          const named = names.find(({ isNamed }) => isNamed(text));
          return named ? [`${file}:${index + 1} ${named.key}`] : [];
        }),
    );
}

/** Tests whether a text has a name as a word of its own. A name of a contract may have any characters. */
function wordTest(name: string): (text: string) => boolean {
  const isWord = (character: string | undefined) => character !== undefined && /\w/.test(character);
  return (text) => {
    for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
      if (!isWord(text[at - 1]) && !isWord(text[at + name.length])) return true;
    }
    return false;
  };
}

/** The interactions of pacts with one of the operations: `file: description`. */
export function affectedPacts(
  files: readonly string[],
  { openapi, operations }: { openapi: JsonObject; operations: readonly Operation[] },
): string[] {
  const all = readOperations(openapi);
  // A pact has the whole path of a request, or the path below the base path.
  const routes = [basePath(openapi as unknown as OpenApi), ""].map((base) => createRouter(all, base));
  const changed = new Set(operations.map(({ key }) => key));
  return files.flatMap((file) => {
    const pact: unknown = JSON.parse(readFileSync(file, "utf8"));
    const interactions = isObject(pact) && Array.isArray(pact.interactions) ? pact.interactions : [];
    return interactions.flatMap((interaction) => {
      if (!isObject(interaction) || !isObject(interaction.request)) return [];
      const { method, path } = interaction.request;
      const found = routes
        .map((route) => route(String(method).toUpperCase(), String(path).split("?")[0]!))
        .find((each) => each !== undefined);
      return found && changed.has(found.operation.key) ? [`${file}: ${interaction.description}`] : [];
    });
  });
}

import { isObject, type Json, type JsonObject } from "../../../contracts/openapi/json.ts";
import { formatPointer, type Tokens } from "../../../contracts/openapi/pointer.ts";
import type { BuiltContract } from "../read/contract.ts";
import { type Problem, SpecError } from "../read/problem.ts";
import { compilePattern } from "./ajv.ts";

/**
 * Refuses a contract with schemas that cannot be compiled, as far as that shows without compiling: lint does
 * not find invalid patterns and empty enums. This takes a hundredth of the time of compiling. Rarer errors are
 * reported when the schema is compiled.
 * @throws {SpecError} with each schema at its place.
 */
export function refuseBrokenSchemas({
  openapi,
  locateProblem,
}: Pick<BuiltContract, "openapi" | "locateProblem">): void {
  const problems = brokenSchemas({ openapi, locateProblem });
  if (problems.length > 0) throw new SpecError(problems);
}

/** The schemas that `refuseBrokenSchemas` refuses. */
export function brokenSchemas({
  openapi,
  locateProblem,
}: Pick<BuiltContract, "openapi" | "locateProblem">): Problem[] {
  const broken = [
    ...brokenIn(openapi.paths ?? {}, ["paths"]),
    ...brokenIn(openapi.components ?? {}, ["components"]),
  ];
  return broken.map(({ at, message }) =>
    locateProblem(formatPointer(at), `The schema does not compile: ${message}.`),
  );
}

type Broken = { at: Tokens; message: string };

/** Fields that hold values, which may look like schemas but are none. */
const VALUES = new Set(["example", "examples", "default", "const"]);

function brokenIn(root: Json, start: Tokens): Broken[] {
  const broken: Broken[] = [];
  const at = [...start];
  walk(root);
  return broken;

  function walk(value: Json): void {
    if (typeof value !== "object" || value === null) return;
    const message = isObject(value) ? messageOf(value.pattern, value.enum) : undefined;
    if (message) broken.push({ at: [...at], message });
    for (const key of Object.keys(value)) {
      const item = (value as JsonObject)[key]!;
      if (typeof item !== "object" || VALUES.has(key) || key.startsWith("x-")) continue;
      at.push(key);
      walk(item);
      at.pop();
    }
  }
}

function messageOf(pattern: Json | undefined, values: Json | undefined): string | undefined {
  if (Array.isArray(values) && values.length === 0) return "enum must have non-empty array";
  if (typeof pattern !== "string") return undefined;
  try {
    compilePattern(pattern, "u");
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

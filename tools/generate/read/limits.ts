import { isObject, type Json, type JsonObject } from "../../../contracts/openapi/json.ts";
import { visitParts } from "../../../contracts/openapi/keywords.ts";
import { formatPointer } from "../../../contracts/openapi/pointer.ts";
import { type Problem, SpecError } from "./problem.ts";

/** Makes a problem of the value at a pointer. */
type Locate = (pointer: string, message: string) => Problem;

/** What the libraries behind take too long for, although the standards allow it. No contract comes near. */
const LIMITS = { path: 2000, pattern: 5000, members: 500 };

/** Refuses what would take long. @throws {SpecError} with every problem. */
export function refuseExcess(openapi: JsonObject, locate: Locate): void {
  const paths = Object.keys(isObject(openapi.paths) ? openapi.paths : {});
  const long = paths
    .filter((path) => path.length > LIMITS.path)
    .map((path) =>
      locate(formatPointer(["paths", path]), `The path is longer than ${LIMITS.path} characters.`),
    );
  const problems = [...long, ...excessesIn(openapi, locate)];
  if (problems.length > 0) throw new SpecError(problems);
}

/** Lists and maps whose members are checked one by one in the same piece of code. */
const LISTS = ["allOf", "anyOf", "oneOf", "parameters", "headers"];

function excessesIn(openapi: JsonObject, locate: Locate): Problem[] {
  const problems: Problem[] = [];
  visitParts(openapi, (part, at) => {
    const refuse = (key: string, message: string) =>
      problems.push(locate(formatPointer([...at, key]), message));
    if (typeof part.pattern === "string" && part.pattern.length > LIMITS.pattern)
      refuse("pattern", `The pattern is longer than ${LIMITS.pattern} characters.`);
    for (const key of LISTS)
      if (isLong(part[key])) refuse(key, `${key} has more than ${LIMITS.members} members.`);
  });
  return problems;
}

function isLong(value: Json | undefined): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length > LIMITS.members;
}

// Generates from one description in a process of its own, loads the validators and validates with each of them:
// `node generate-process.ts SPEC OUT`. It prints one line of JSON, a `ProcessResult`.
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { readOperations } from "../../../contracts/openapi/operations.ts";
import { collectResponses } from "../../../mocks/prism/responses.ts";
import { generate } from "../../../tools/generate/generate.ts";
import { SpecError } from "../../../tools/generate/read/problem.ts";
import type { Place, ProcessResult } from "./result.ts";

const [spec, out] = process.argv.slice(2);

/** What each validator is called with. */
const VALUES = [undefined, null, true, 1, "x", [], {}, [{}], { id: 1, name: "x" }];

const began = performance.now();
let step: ProcessResult["step"] = "generate";
let found: Partial<ProcessResult>;
try {
  found = await run();
} catch (error) {
  found = { problems: problemsOf(error) };
}
const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
const result: ProcessResult = {
  step,
  operations: 0,
  warnings: [],
  problems: [],
  validators: 0,
  calls: 0,
  ...found,
  seconds: (performance.now() - began) / 1000,
  processorSeconds: (userCPUTime + systemCPUTime) / 1e6,
  megabytes: maxRSS / 1024,
};
// Not `process.exit()`: it could cut the line.
process.stdout.write(`${JSON.stringify(result)}\n`);

async function run(): Promise<Partial<ProcessResult>> {
  const { warnings, slowPatterns = [] } = await generate({ spec: spec!, out: out!, collectResponses });
  step = "load";
  const folder = pathToFileURL(`${resolve(out!)}/`);
  const validators = await import(new URL("validators.js", folder).href);
  const { operations } = await import(new URL("client.js", folder).href);
  const { default: openapi } = await import(pathToFileURL(join(resolve(out!), "openapi.json")).href, {
    with: { type: "json" },
  });
  const functions = [...functionsIn(validators)];
  step = "validate";
  let calls = 0;
  for (const validate of functions) {
    for (const value of VALUES) {
      if (typeof validate(structuredClone(value)) !== "boolean")
        throw new Error("A validator gave no verdict.");
      calls++;
    }
  }
  const count = Object.keys(operations).length;
  if (count !== readOperations(openapi).length) throw new Error("The client lacks operations.");
  step = "done";
  const places = [...warnings, ...slowPatterns].map(placeOf);
  return { operations: count, warnings: places, validators: functions.length, calls };
}

function* functionsIn(value: unknown): Generator<(value: unknown) => boolean> {
  if (typeof value === "function") yield value as (value: unknown) => boolean;
  else if (value && typeof value === "object" && !Array.isArray(value))
    for (const item of Object.values(value)) yield* functionsIn(item);
}

function problemsOf(error: unknown): Place[] {
  if (error instanceof SpecError)
    return error.problems.filter(({ severity }) => severity === "error").map(placeOf);
  return [
    { line: 0, column: 0, message: error instanceof Error ? (error.stack ?? error.message) : String(error) },
  ];
}

function placeOf({ line, column, message }: Place): Place {
  return { line, column, message };
}

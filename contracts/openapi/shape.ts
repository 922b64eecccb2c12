import { createRequire } from "node:module";
import type { ErrorObject } from "ajv/dist/2020.js";
import { isObject } from "./json.ts";
import { parsePointer, type Tokens, valueAt } from "./pointer.ts";
import { dereference } from "./reference.ts";

/** Where a value is not as its schema wants it, what is allowed there, and what stands there instead. */
export type ShapeProblem = { at: Tokens; rule: string; given?: unknown };

/** Checks a value by the schema of this name. `at` is where the value stands in a larger one. */
export type Shapes = (name: string, value: unknown, at?: Tokens) => ShapeProblem[];

/** Nobody corrects more at once, and a client that sends a million mistakes must not get a million problems. */
const mostProblems = 100;

/**
 * Makes a check of shapes from named schemas, which may refer to each other (`#/components/schemas/NAME`).
 * ajv is loaded, and each schema compiled, by the first check that needs it: most mocks never do.
 */
export function createShapes(schemas: Record<string, object>): Shapes {
  const document = { components: { schemas } };
  let compiled: ReturnType<typeof compile> | undefined;

  return (name, value, at = []) => {
    compiled ??= compile(document);
    const validate = compiled.getSchema(`shapes#/components/schemas/${name}`)!;
    if (validate(value)) return [];
    const problems = new Map<string, ShapeProblem>();
    for (const error of unknownNamesFirst(validate.errors as Failure[])) {
      const problem = problemOf(error, { document, value, at });
      // Several keywords may refuse one value with one sentence.
      if (problem) problems.set(`${formatPlace(problem.at)} ${problem.rule}`, problem);
      if (problems.size === mostProblems) break;
    }
    return [...problems.values()];
  };
}

/** A misspelt name explains what is missing. */
function unknownNamesFirst(errors: Failure[]): Failure[] {
  const isUnknown = ({ keyword }: Failure) => Number(keyword === "additionalProperties");
  return errors.toSorted((a, b) => isUnknown(b) - isUnknown(a));
}

function compile(document: object) {
  const { Ajv2020 } = createRequire(import.meta.url)("ajv/dist/2020.js") as typeof import("ajv/dist/2020.js");
  const ajv = new Ajv2020({
    allErrors: true,
    verbose: true,
    messages: false,
    strict: false,
    strictNumbers: true,
    ownProperties: true,
    // Our own schemas need no check when they are loaded: a test does that.
    meta: false,
    validateSchema: false,
    formats: { "date-time": isDateTime },
  });
  return ajv.addSchema(document, "shapes");
}

/**
 * Whether text is a time that exists, of RFC 3339, and that `Date` can read.
 *
 * @see https://www.rfc-editor.org/rfc/rfc3339#section-5.6
 */
function isDateTime(text: string): boolean {
  const [, day] = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/i.exec(text) ?? [];
  if (day === undefined || Number.isNaN(Date.parse(text))) return false;
  // `Date` reads 30 February as 2 March.
  const midnight = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(day);
}

type Schema = Record<string, unknown> & { properties?: Record<string, object> };
type Failure = ErrorObject<string, Record<string, string>, unknown> & { parentSchema: Schema };
type Sentence = { name?: string; rule: string; given?: unknown } | undefined;

function problemOf(
  error: Failure,
  { document, value, at }: { document: object; value: unknown; at: Tokens },
): ShapeProblem | undefined {
  const say = sentences[error.keyword];
  const sentence = say ? say(error, document) : { rule: mustBe(error.parentSchema), given: error.data };
  if (!sentence) return undefined;
  const { name, ...rest } = sentence;
  const below = name === undefined ? [] : [name];
  return { at: [...at, ...indexed(value, parsePointer(error.instancePath)), ...below], ...rest };
}

/** What is said where a keyword refuses a value; for every other keyword, what the whole schema wants. */
const sentences: Record<string, (error: Failure, document: object) => Sentence> = {
  additionalProperties: ({ params, parentSchema }) => ({
    name: params.additionalProperty,
    rule: `is not known; known: ${Object.keys(parentSchema.properties ?? {}).join(", ") || "none"}`,
  }),
  required({ params: { missingProperty = "" }, parentSchema, schemaPath }, document) {
    if (/\/oneOf\/\d+\/required$/.test(schemaPath)) return undefined;
    return {
      name: missingProperty,
      rule: mustBe(dereference(document, parentSchema.properties?.[missingProperty])),
    };
  },
  dependentRequired: ({ params }) => ({
    name: params.property,
    rule: `goes with ${params.missingProperty} only`,
  }),
  oneOf({ data, parentSchema }) {
    const names = (parentSchema.oneOf as { required: [string] }[]).map(({ required: [name] }) => name);
    if (!isObject(data)) return undefined;
    const found = names.filter((name) => data[name] !== undefined);
    // Where none of them is there but something else is, that is a problem of its own.
    const others = Object.keys(data).some((name) => data[name] !== undefined && !names.includes(name));
    if (found.length === 0 && others) return undefined;
    return {
      rule: `must have exactly one of ${names.join(", ")}, but has ${found.join(", ") || "none"}`,
    };
  },
  minItems: ({ parentSchema }) => ({
    rule: parentSchema.title ? mustBe(parentSchema) : "must not be empty",
  }),
};

/** What a schema wants, in words: its title where it has one. */
function mustBe({ title, type, ...schema }: Schema = {}): string {
  if (title !== undefined) return `must be ${title}`;
  const allowed = (schema.enum ?? ("const" in schema ? [schema.const] : undefined)) as unknown[] | undefined;
  if (allowed) return `must be ${allowed.map((value) => JSON.stringify(value)).join(" or ")}`;
  return `must be ${phrases[String(type)]?.(schema as Record<string, number>) ?? type}`;
}

type Phrase = (schema: Record<string, number>) => string;

const phrases: Record<string, Phrase> = {
  string: () => "text",
  object: () => "a JSON object",
  array: () => "a list",
  boolean: () => "true or false",
  integer: (bounds) => `a whole number${range(bounds)}`,
  number: (bounds) => `a number${range(bounds)}`,
};

const range: Phrase = ({ minimum, exclusiveMinimum, maximum }) => {
  if (exclusiveMinimum !== undefined)
    return ` above ${exclusiveMinimum}${maximum === undefined ? "" : `, at most ${maximum}`}`;
  if (minimum === undefined) return "";
  return maximum === undefined ? `, ${minimum} or more` : ` from ${minimum} to ${maximum}`;
};

/** Items of lists by number. */
function indexed(value: unknown, tokens: string[]): Tokens {
  return tokens.map((token, depth) =>
    Array.isArray(valueAt(value, tokens.slice(0, depth))) ? Number(token) : token,
  );
}

/** A place as JavaScript writes it: `faults[2].fault.throttle.rate`. */
export function formatPlace(at: Tokens): string {
  return at
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${shorten(part)}`))
    .join("")
    .replace(/^\./, "");
}

/** What stands in a place, for the end of a sentence: `, but is "x"`. */
export function butIs(given: unknown): string {
  return given === undefined ? "" : `, but is ${show(given)}`;
}

/** A value in a few words. */
export function show(given: unknown): string {
  if (Array.isArray(given)) return "a list";
  if (typeof given === "object" && given !== null) return "an object";
  return typeof given === "string" ? JSON.stringify(shorten(given)) : String(given);
}

function shorten(given: string): string {
  return given.length > 40 ? `${given.slice(0, 40)}…` : given;
}

import { dirname, join, relative, resolve } from "node:path";
import { isObject, type Json, type JsonObject } from "../../../contracts/openapi/json.ts";
import { formatPointer, parsePointer, valueAt } from "../../../contracts/openapi/pointer.ts";
import { type SpecDocument, sourceOf } from "./document.ts";
import { type Problem, type Severity, SpecError } from "./problem.ts";
import { inlineValues, localResolver, type Redocly, redocly } from "./redocly.ts";
import {
  type Access,
  type FoundReference,
  leadsOut,
  NO_FILES,
  RefusedReferenceError,
  readReferenced,
  referencesIn,
} from "./references.ts";
import { type RuleName, rulesFor } from "./rules.ts";

/** A problem with the rule that found it and the JSON Pointer of the value. */
export type LintProblem = Problem & { rule: RuleName; pointer: string };

/**
 * Finds every problem of a Swagger or OpenAPI document in one run, each at its place.
 * Missing descriptions, tags, licences and operation ids are no problems.
 * @param access the files that references may lead to.
 */
export async function lint(document: SpecDocument, access: Access): Promise<LintProblem[]> {
  const engine = await redocly();
  const source = sourceOf(engine, document);
  const circular = circularRefs(document.value);
  const config = await engine.createConfig(
    {
      rules: {
        struct: "error",
        "contract/refs": "error",
        "contract/lossless": "error",
        "contract/operations": "error",
      },
    },
    { plugins: [{ id: "contract", rules: { oas2: rulesFor("swagger"), oas3: rulesFor("openapi") } }] },
  );
  const found = await engine
    .lintDocument({
      // Redocly fails on circular references, so it gets the document without them.
      document: { source, parsed: withoutRefs(document.value, circular) },
      externalRefResolver: localResolver(engine, access),
      config,
    })
    .catch((error: Error) => {
      throw /circular pointer/.test(error.message) ? circularThroughFiles(document) : error;
    });

  const place = placesIn({ engine, document, source });
  const circularProblems = circular.map((pointer) => ({
    ...place({ source, pointer }),
    message: `The $ref ${JSON.stringify(valueAt(document.value, parsePointer(pointer)))} leads back to itself.`,
    rule: "refs" as const,
  }));
  const others = found.filter(isProblem(document)).map(({ ruleId, message, location }) => ({
    ...place(location[0]!),
    message: sentence(message),
    rule: ruleId.replace("contract/", "") as RuleName,
  }));
  const refused = refusedReferences(engine, document, access).map(({ pointer, message }) => ({
    ...place({ source, pointer }),
    message,
    rule: "refs" as const,
  }));
  // Redocly has its own reason for some of these.
  const places = new Set(refused.map(placeName));
  const unrefused = others.filter((found) => found.rule !== "refs" || !places.has(placeName(found)));
  return [...refused, ...circularProblems, ...unrefused].map((problem) => ({
    ...problem,
    severity: severityOf(problem),
  }));
}

/** Whether a contract can be made all the same. */
function severityOf({ rule, message }: Pick<LintProblem, "rule" | "message">): Severity {
  if (rule === "struct") return /^Property .* is not expected here/.test(message) ? "warning" : "error";
  return rule === "operations" && /security scheme|differ only/.test(message) ? "warning" : "error";
}

function placeName({ file, line, column }: Pick<Problem, "file" | "line" | "column">): string {
  return `${file}:${line}:${column}`;
}

/**
 * The references of a document that may not be followed, wherever they stand. Redocly reports the others that
 * lead nowhere, except those in values.
 */
export function refusedReferences(
  engine: Redocly,
  { file, value }: Pick<SpecDocument, "file" | "value">,
  access: Access,
): { pointer: string; message: string }[] {
  const base = resolve(file);
  const follow = ({ ref, isValue }: FoundReference) => {
    if (isValue) inlineValues(engine, { root: { example: { $ref: ref } }, file: base, access });
    else if (!ref.startsWith("#")) readReferenced(access, { base, uri: ref.split("#")[0]! });
  };
  return [...referencesIn(value)]
    .filter(({ ref }) => leadsOut(ref))
    .flatMap((reference) => {
      try {
        follow(reference);
        return [];
      } catch (error) {
        if (!(error instanceof RefusedReferenceError)) throw error;
        const name = reference.isMapping ? "mapping" : reference.at.at(-1);
        const message = `The ${name} ${JSON.stringify(reference.ref)} cannot be followed: ${error.message}.`;
        return [{ pointer: formatPointer(reference.at), message }];
      }
    });
}

type Finding = Awaited<ReturnType<Redocly["lintDocument"]>>[number];

/** Drops what Redocly reports although the standards allow it: a file as a response, and `true` as a schema. */
function isProblem({ value, kind, version }: SpecDocument): (finding: Finding) => boolean {
  return ({ ruleId, location: [place] }) => {
    if (ruleId !== "struct" || place?.pointer === undefined) return true;
    const found = valueAt(value, parsePointer(place.pointer));
    if (kind === "swagger") return !(found === "file" && FILE_RESPONSE.test(place.pointer));
    return !(typeof found === "boolean" && version.startsWith("3.1.") && SCHEMA.test(place.pointer));
  };
}

/** @see https://spec.openapis.org/oas/v2.0.html#response-object */
const FILE_RESPONSE = /\/responses\/[^/]+\/schema\/type$/;
/** @see https://json-schema.org/draft/2020-12/json-schema-core#section-4.3.2 */
const SCHEMA = /\/(schema|(schemas|properties)\/[^/]+)$/;

/** Lints a document that was not read from a file; its problems have pointers, but no place in `file`. */
export function lintValue(value: JsonObject, file: string): Promise<LintProblem[]> {
  return lint(
    {
      file,
      text: "",
      value,
      locate: () => ({ line: 1, column: 1 }),
      kind: "openapi",
      version: String(value.openapi),
    },
    NO_FILES,
  );
}

/** Finds the place of a Redocly location, in the document or in a file that it refers to. */
function placesIn({
  engine,
  document,
  source,
}: {
  engine: Redocly;
  document: SpecDocument;
  source: Source;
}): (location: LocationObject) => Pick<LintProblem, "file" | "line" | "column" | "pointer"> {
  return (location) => {
    const { pointer, reportOnKey } = location;
    if (location.source === source && pointer !== undefined) {
      return { file: document.file, ...document.locate(pointer, reportOnKey ? "key" : "value"), pointer };
    }
    const { start } = engine.getLineColLocation(location);
    const beside = relative(dirname(resolve(document.file)), location.source.absoluteRef);
    const file = location.source === source ? document.file : join(dirname(document.file), beside);
    return { file, line: start.line, column: start.col, pointer: pointer ?? "" };
  };
}

type LocationObject = Parameters<Redocly["getLineColLocation"]>[0];
type Source = LocationObject["source"];

/** One of Redocly's messages as one line with one full stop. */
function sentence(message: string): string {
  const line = message.replace(/\s+/g, " ").trim();
  return /[.?!]$/.test(line) ? line : `${line}.`;
}

/** Pointers of `$ref`s that lead back to themselves through other `$ref`s only. */
function circularRefs(root: JsonObject): string[] {
  const known = new Map<string, boolean>();
  const leadsBack = (ref: string) => {
    const circular = known.get(ref) ?? isCircular(root, ref);
    known.set(ref, circular);
    return circular;
  };
  return refsOf(root)
    .filter(({ ref }) => leadsBack(ref))
    .map(({ pointer }) => pointer);
}

/** Every `$ref` with its text and its pointer, in the order of the document. */
function refsOf(root: JsonObject): { ref: string; pointer: string }[] {
  const refs: { ref: string; pointer: string }[] = [];
  const tokens: string[] = [];
  const walk = (value: Json) => {
    if (isObject(value) && typeof value.$ref === "string") {
      refs.push({ ref: value.$ref, pointer: formatPointer([...tokens, "$ref"]) });
    }
    for (const [key, item] of Object.entries(value as JsonObject)) {
      if (typeof item !== "object" || item === null) continue;
      tokens.push(key);
      walk(item);
      tokens.pop();
    }
  };
  walk(root);
  return refs;
}

/** Redocly does not say which `$ref` it is. The first one that leaves the file is where to start looking. */
function circularThroughFiles(document: SpecDocument): SpecError {
  const leaving = refsOf(document.value).find(({ ref }) => !ref.startsWith("#"))!;
  const place = document.locate(leaving.pointer);
  const message = "The $refs from here through other files lead back to themselves.";
  return new SpecError([{ file: document.file, ...place, message, severity: "error" }]);
}

function isCircular(root: JsonObject, start: string): boolean {
  const seen = new Set<string>();
  let ref: Json | undefined = start;
  while (typeof ref === "string" && ref.startsWith("#/")) {
    if (seen.has(ref)) return true;
    seen.add(ref);
    ref = valueAt(root, [...parsePointer(ref), "$ref"]) as Json | undefined;
  }
  return false;
}

/** A copy of the document without some of its `$ref`s. */
function withoutRefs(root: JsonObject, pointers: string[]): JsonObject {
  if (pointers.length === 0) return root;
  const copy = structuredClone(root);
  for (const pointer of pointers) {
    const parent = valueAt(copy, parsePointer(pointer).slice(0, -1));
    delete (parent as JsonObject).$ref;
  }
  return copy;
}

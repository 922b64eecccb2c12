import vm from "node:vm";
import type { CodeKeywordDefinition } from "ajv";
import type { Ajv2020 as Ajv } from "ajv/dist/2020.js";
import type { Json, JsonObject } from "../../../contracts/openapi/json.ts";
import { withoutEndlessSchemas } from "./endless.ts";
import { contractOfSide } from "./sides.ts";
import { safeLengthsOf } from "./slow-patterns.ts";

/**
 * What is validated: a decoded body, of requests or of responses where they differ, or texts (parameters, headers)
 * that stand for the declared types.
 */
export type Input = "body" | "request" | "response" | "text";

/** The document's name in the compiler; references start with it. */
export const DOCUMENT = "contract:";

/**
 * Makes compilers for the schemas of a contract, which each holds as one document named `contract:`.
 * A compiler for texts converts them to the declared types, in place, before it validates them. With `source`
 * the compiled functions can be written to a file.
 */
export async function loadAjv(
  openapi: JsonObject,
): Promise<(options: { input: Input; source?: boolean }) => Ajv> {
  const [{ Ajv2020, _, Name }, formats, { usePattern }] = await Promise.all([
    import("ajv/dist/2020.js"),
    import("ajv-formats/dist/formats.js"),
    import("ajv/dist/vocabularies/code.js"),
  ]);
  // A contract is not read before a schema of it is needed.
  const sound = once(() => withoutEndlessSchemas(openapi));
  const names = once(() => namesIn(openapi));
  const patternOf = once(() => timeBoxedPattern(safeLengthsOf(openapi)));
  const known: Record<string, unknown> = {
    __proto__: null,
    ...formats.default.fullFormats,
    ...runtime.contractNumbers,
    byte: runtime.isBase64,
  };
  return ({ input, source = false }) => {
    const { keywords, formats: named, inherited } = names();
    const ajv = new Ajv2020({
      strict: true,
      // Vendors write `properties` without `type: object`, and `required` away from `properties`.
      strictTypes: false,
      strictRequired: false,
      strictTuples: false,
      allowMatchingProperties: true,
      allErrors: true,
      // Slower, and needed only where `value.constructor` must not be what every object has.
      ownProperties: inherited,
      inlineRefs: false,
      validateSchema: false,
      coerceTypes: input === "text" ? "array" : false,
      code: {
        source,
        lines: source,
        formats: _`contractFormats`,
        regExp: patternOf(),
      },
    });

    // A format may be called __proto__.
    Object.assign(ajv, { formats: Object.assign(Object.create(null), ajv.formats) });
    ajv.removeKeyword("contentEncoding");
    ajv.addVocabulary([...SECTIONS, ...ANNOTATIONS]);
    // Not by `addVocabulary`, which refuses names such as x-rate.limit.
    for (const name of keywords) ajv.RULES.keywords[name] = true;
    // ajv counts the characters of a text, however long it is, and a pattern reads all of them. A text may be a picture.
    const { error: lengthError } = ajv.getKeyword("minLength") as CodeKeywordDefinition;
    ajv.removeKeyword("minLength").removeKeyword("maxLength");
    ajv.addKeyword({
      keyword: ["maxLength", "minLength"],
      type: "string",
      schemaType: "number",
      error: lengthError,
      before: "pattern",
      code(context) {
        const name = context.keyword === "maxLength" ? "isLonger" : "isShorter";
        const check = context.gen.scopeValue("func", { ref: runtime[name], code: new Name(name) });
        context.fail(_`${check}(${context.data}, ${context.schema})`);
      },
    });
    const { error: patternError } = ajv.getKeyword("pattern") as CodeKeywordDefinition;
    ajv.removeKeyword("pattern");
    ajv.addKeyword({
      keyword: "pattern",
      type: "string",
      schemaType: "string",
      error: patternError,
      before: "format",
      code(context) {
        const { gen, data, schema } = context;
        const matches = _`${usePattern(context, schema)}.test(${data})`;
        if (!base64Matches(schema)) return context.fail(_`!${matches}`);
        const check = gen.scopeValue("func", { ref: runtime.isLongBase64, code: _`isLongBase64` });
        context.fail(_`!${check}(${data}) && !${matches}`);
      },
    });
    ajv.addKeyword({
      keyword: "contentEncoding",
      type: "string",
      schemaType: "string",
      error: { message: "must be Base64 text" },
      code(context) {
        if (context.schema !== "base64") return;
        const check = context.gen.scopeValue("func", { ref: runtime.isBase64, code: _`isBase64` });
        context.fail(_`!${check}(${context.data})`);
      },
    });
    ajv.addKeyword({
      keyword: "listSeparator",
      schemaType: "string",
      code({ gen, data, schema, it: { parentData, parentDataProperty } }) {
        gen.if(_`typeof ${data} === "string"`, () =>
          gen.assign(data, _`${parentData}[${parentDataProperty}] = ${data}.split(${schema})`),
        );
      },
    });
    // `123` is a number and a text: of a text, more than one alternative may be right.
    if (input === "text") {
      ajv.removeKeyword("oneOf");
      ajv.addKeyword({ keyword: "oneOf", schemaType: "array", macro: (anyOf) => ({ anyOf }) });
    }
    // A format that nobody has defined is an annotation.
    for (const name of named) ajv.addFormat(name, (known[name] as true) ?? true);
    const held = input === "request" || input === "response" ? contractOfSide(sound(), input) : sound();
    ajv.addSchema(
      Object.fromEntries(SECTIONS.map((section) => [section, held[section] ?? {}])),
      DOCUMENT,
      undefined,
      false,
    );
    return ajv;
  };
}

function once<Value>(make: () => Value): () => Value {
  let made: { value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** The parts of a contract that references lead into; ajv takes them as one schema. */
const SECTIONS = ["components", "paths"];

/** Keywords of OpenAPI that assert nothing. */
const ANNOTATIONS = ["example", "xml", "externalDocs", "discriminator", "$anchor"];

/** What the document uses anywhere: extensions, formats, and names that every object inherits. */
function namesIn(openapi: JsonObject): { keywords: Set<string>; formats: Set<string>; inherited: boolean } {
  const keywords = new Set<string>();
  const formats = new Set<string>();
  let inherited = false;
  const walk = (value: Json) => {
    if (typeof value !== "object" || value === null) return;
    for (const [key, item] of Object.entries(value)) {
      inherited ||= key in Object.prototype || (typeof item === "string" && item in Object.prototype);
      if (key.startsWith("x-")) keywords.add(key);
      if (key === "format" && typeof item === "string") formats.add(item);
      walk(item);
    }
  };
  walk(openapi);
  return { keywords, formats, inherited };
}

/**
 * The functions that compiled code calls, as they stand in the written module. They are text, so that the
 * module has the same bytes whether this file runs as TypeScript or compiled.
 */
export const RUNTIME = `// Texts that whoever validates knows to be Base64. Their parts need not be put together to be read.
export const known = { base64: [] };

function isBase64(text) {
  if (text.length % 4 !== 0) return false;
  if (known.base64.includes(text)) return true;
  if (text.length >= 4096 && typeof Buffer === "function") return decodesWhole(text);
  const end = text.length - (text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0);
  return !/[^A-Za-z0-9+/]/.test(text.slice(0, end));
}

// The decoder skips what is no Base64, so that too few bytes come out. It takes the URL alphabet too, and of
// other characters the lower byte.
function decodesWhole(text) {
  if (text.includes("-") || text.includes("_") || Buffer.byteLength(text) !== text.length) return false;
  const bytes = (decodesWhole.bytes ??= Buffer.allocUnsafeSlow(49152));
  for (let at = 0; at < text.length; at += 65536) {
    const piece = text.slice(at, at + 65536);
    const padding = at + 65536 < text.length || !piece.endsWith("=") ? 0 : piece.endsWith("==") ? 2 : 1;
    if (bytes.write(piece, "base64") !== (piece.length / 4) * 3 - padding) return false;
  }
  return true;
}

// Every such text matches the patterns that say Base64.
function isLongBase64(text) {
  return text.length >= 4096 && isBase64(text);
}

// A character is one or two units of a text's length, so that most texts need not be counted.
function isShorter(text, limit) {
  return text.length < limit || (text.length < 2 * limit && countCharacters(text) < limit);
}

function isLonger(text, limit) {
  return text.length > 2 * limit || (text.length > limit && countCharacters(text) > limit);
}

function countCharacters(text) {
  let count = text.length;
  for (let at = 1; at < text.length; at++) {
    const isPair = (text.charCodeAt(at - 1) & 0xfc00) === 0xd800 && (text.charCodeAt(at) & 0xfc00) === 0xdc00;
    if (isPair) count--;
  }
  return count;
}

// Vendors write patterns such as [\\w-.], which only the grammar without flags takes.
function contractPattern(pattern, flags) {
  try {
    return new RegExp(pattern, flags);
  } catch {
    return new RegExp(pattern);
  }
}

const contractNumbers = {
  int32: { type: "number", validate: (value) => Number.isInteger(value) && value >= -(2 ** 31) && value < 2 ** 31 },
  // The highest int64 is no double; JSON.parse makes 2 ** 63 of it.
  int64: { type: "number", validate: (value) => Number.isInteger(value) && value >= -(2 ** 63) && value <= 2 ** 63 },
  float: { type: "number", validate: (value) => Math.abs(value) <= 3.4028234663852886e38 },
  double: { type: "number", validate: (value) => Number.isFinite(value) },
};

const anything = () => true;
`;

/**
 * What follows `RUNTIME` in the module of a contract with patterns that may take long. Such a pattern gets a tenth of
 * the time, in pieces of at most 0.1 s; a text that is not tested in it counts as no match. A test that ends within
 * a millisecond is free.
 */
export function timeBoxCode(safeLengths: Record<string, number>): string {
  return `import vm from "node:vm";

const safeLengths = new Map(${JSON.stringify(Object.entries(safeLengths))});

${TIME_BOX}`;
}

const TIME_BOX = `const budget = { milliseconds: 100, at: performance.now() };

function timeBoxedPattern(pattern, flags) {
  const compiled = contractPattern(pattern, flags);
  const safeLength = safeLengths.get(pattern);
  if (safeLength === undefined) return compiled;
  const script = new vm.Script("compiled.test(text)");
  const context = vm.createContext({ compiled, text: "" });
  return {
    // ajv distinguishes patterns by their text.
    toString: () => String(compiled),
    test(text) {
      if (text.length <= safeLength) return compiled.test(text);
      const began = performance.now();
      budget.milliseconds = Math.min(100, budget.milliseconds + (began - budget.at) / 10);
      budget.at = began;
      if (budget.milliseconds < 1) return false;
      context.text = text;
      try {
        return script.runInContext(context, { timeout: Math.ceil(budget.milliseconds) });
      } catch {
        return false;
      } finally {
        budget.milliseconds -= Math.max(0, performance.now() - began - 1);
      }
    },
  };
}
`;

/** How compiled code makes its patterns: as ajv's option `code.regExp` takes it. */
function timeBoxedPattern(safeLengths: Record<string, number>): Runtime["contractPattern"] {
  if (Object.keys(safeLengths).length === 0) return runtime.contractPattern;
  const names = ["vm", "contractPattern", "safeLengths"];
  const made = new Function(...names, `${TIME_BOX}\nreturn timeBoxedPattern;`)(
    vm,
    runtime.contractPattern,
    new Map(Object.entries(safeLengths)),
  );
  made.code = "timeBoxedPattern";
  return made;
}

type Runtime = {
  known: { base64: readonly string[] };
  isBase64: (text: string) => boolean;
  isLongBase64: (text: string) => boolean;
  isShorter: (text: string, limit: number) => boolean;
  isLonger: (text: string, limit: number) => boolean;
  contractPattern: ((pattern: string, flags: string) => RegExp) & { code: string };
  contractNumbers: Record<string, { type: "number"; validate: (value: number) => boolean }>;
};

const runtime: Runtime = new Function(
  `${RUNTIME.replace("export const", "const")}\nreturn { known, isBase64, isLongBase64, isShorter, isLonger, contractPattern, contractNumbers };`,
)();
runtime.contractPattern.code = "contractPattern";

/**
 * Whether every Base64 text but the empty one matches a pattern: it allows each letter of the alphabet, any number
 * of times, and the padding. Where that is not plain to see, the answer is no.
 */
function base64Matches(pattern: string): boolean {
  const [, letters, padding] = /^\^(\[(?:[^[\]\\^]|\\.)+\])[+*](=\{0,2\}|=\?=\?|=\*)?\$$/.exec(pattern) ?? [];
  if (letters === undefined) return false;
  const letter = runtime.contractPattern(`^${letters}$`, "u");
  return [...BASE64_ALPHABET, ...(padding ? [] : "=")].every((one) => letter.test(one));
}

const BASE64_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** The texts that validators compiled in memory take for Base64. */
export const { known } = runtime;

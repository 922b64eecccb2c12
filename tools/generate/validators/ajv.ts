import type { Ajv2020 as Ajv } from "ajv/dist/2020.js";
import type { Json, JsonObject } from "../../../contracts/openapi/json.ts";

/** What is validated: a decoded body, or texts (parameters, headers) that stand for the declared types. */
export type Input = "body" | "text";

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
  const [{ Ajv2020, _ }, formats] = await Promise.all([
    import("ajv/dist/2020.js"),
    import("ajv-formats/dist/formats.js"),
  ]);
  const { keywords, formats: named, inherited } = namesIn(openapi);
  const known: Record<string, unknown> = {
    __proto__: null,
    ...formats.default.fullFormats,
    ...runtime.contractNumbers,
    byte: runtime.isBase64,
  };
  return ({ input, source = false }) => {
    const ajv = new Ajv2020({
      strict: true,
      // Vendors write `properties` without `type: object`, and `required` away from `properties`.
      strictTypes: false,
      strictRequired: false,
      strictTuples: false,
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
        regExp: runtime.contractPattern,
      },
    });

    // A format may be called __proto__.
    Object.assign(ajv, { formats: Object.assign(Object.create(null), ajv.formats) });
    ajv.removeKeyword("contentEncoding");
    ajv.addVocabulary([...SECTIONS, ...ANNOTATIONS]);
    // Not by `addVocabulary`, which refuses names such as x-rate.limit.
    for (const name of keywords) ajv.RULES.keywords[name] = true;
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
    // A format that nobody has defined is an annotation.
    for (const name of named) ajv.addFormat(name, (known[name] as true) ?? true);
    ajv.addSchema(
      Object.fromEntries(SECTIONS.map((section) => [section, openapi[section] ?? {}])),
      DOCUMENT,
      undefined,
      false,
    );
    return ajv;
  };
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
export const RUNTIME = `function isBase64(text) {
  const end = text.length - (text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0);
  return text.length % 4 === 0 && !/[^A-Za-z0-9+/]/.test(text.slice(0, end));
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

type Runtime = {
  isBase64: (text: string) => boolean;
  contractPattern: ((pattern: string, flags: string) => RegExp) & { code: string };
  contractNumbers: Record<string, { type: "number"; validate: (value: number) => boolean }>;
};

const runtime: Runtime = new Function(`${RUNTIME}\nreturn { isBase64, contractPattern, contractNumbers };`)();
runtime.contractPattern.code = "contractPattern";

/** Compiles a pattern as the validators do. @throws {SyntaxError} when it is not a regular expression. */
export const compilePattern: (pattern: string, flags: string) => RegExp = runtime.contractPattern;

import type { Ajv2020 as Ajv, Options } from "ajv/dist/2020.js";
import { isObject, type Json, type JsonObject } from "../document.ts";
import { entriesOf, follow, type Located, type Operation, operationsOf, refTo } from "../operations.ts";
import { pointerOf, type Segments } from "../pointer.ts";

/** Schemas that cannot be compiled; each with its JSON Pointer in the contract. */
export class SchemaError extends Error {
  readonly code = "SCHEMA_INVALID";
  readonly schemas: { pointer: string; message: string }[];

  constructor(schemas: { pointer: string; message: string }[]) {
    super(schemas.map(({ pointer, message }) => `#${pointer} ${message}`).join("\n"));
    this.name = "SchemaError";
    this.schemas = schemas;
  }
}

/**
 * `validators.js` and `validators.d.ts`: compiled validators of every body, parameter and header,
 * as an ES module that needs nothing but ajv's own small runtime.
 * @throws {SchemaError} with every schema that does not compile; none is ever left to pass silently.
 */
export async function emitValidators(
  openapi: JsonObject,
): Promise<Record<"validators.js" | "validators.d.ts", string>> {
  const bodies = await createCompiler({ openapi, prefix: "body", coerceTypes: false });
  // Parameters and headers are text on the wire; they are judged as the types they stand for.
  const texts = await createCompiler({ openapi, prefix: "text", coerceTypes: "array" });

  const tables = { requestBody: "", parameters: "", responseBody: "", responseHeaders: "" };
  for (const operation of operationsOf(openapi)) {
    const key = JSON.stringify(operation.key);
    const row = rowsOf({ openapi, operation, bodies, texts });
    if (row.requestBody) tables.requestBody += `  ${key}: ${row.requestBody},\n`;
    tables.parameters += `  ${key}: ${row.parameters},\n`;
    tables.responseBody += `  ${key}: ${row.responseBody},\n`;
    tables.responseHeaders += `  ${key}: ${row.responseHeaders},\n`;
  }

  const failures = [...bodies.failures, ...texts.failures];
  if (failures.length > 0) throw new SchemaError(failures);
  const { imports, code } = await linked([bodies, texts]);
  const exported = Object.entries(tables).map(([name, rows]) => `export const ${name} = {\n${rows}};\n`);
  return {
    "validators.js": [imports, RUNTIME, code, ...exported].join("\n"),
    "validators.d.ts": DECLARATIONS,
  };
}

/** The JavaScript text of one operation's entry in each table. */
function rowsOf({
  openapi,
  operation,
  bodies,
  texts,
}: {
  openapi: JsonObject;
  operation: Operation;
  bodies: Compiler;
  texts: Compiler;
}) {
  const contentOf = (at: Segments) => {
    const content = follow(openapi, [...at, "content"]);
    return literal(
      entriesOf(content?.value).map(([type, media]) => {
        const described = isObject(media) && media.schema !== undefined;
        return [type.toLowerCase(), described ? bodies.at([...content!.at, type, "schema"]) : "anything"];
      }),
    );
  };

  const body = follow(openapi, [...operation.at, "requestBody"]);
  const responses = entriesOf(operation.value.responses)
    .filter(([status]) => !status.startsWith("x-"))
    .map(([status]) => ({ status, at: follow(openapi, [...operation.at, "responses", status])!.at }));
  return {
    requestBody: body && `{ required: ${body.value.required === true}, content: ${contentOf(body.at)} }`,
    parameters: literal(
      PLACES.map((place) => [
        place,
        textsValidator(texts, operation.parameters, { place, at: operation.at }),
      ]),
    ),
    responseBody: literal(responses.map(({ status, at }) => [status, contentOf(at)])),
    responseHeaders: literal(
      responses.map(({ status, at }) => [
        status,
        textsValidator(texts, headersOf(openapi, at), { place: "header", at }),
      ]),
    ),
  };
}

const PLACES = ["path", "query", "header", "cookie"];

/** Headers that OpenAPI leaves to other fields. */
const NOT_OURS = ["accept", "authorization", "content-type"];

/** A validator of all the named texts of one place, `undefined` when there are none. */
function textsValidator(
  texts: Compiler,
  parameters: Located[],
  { place, at }: { place: string; at: Segments },
): string | undefined {
  const named = parameters
    .filter(({ value }) => value.in === place)
    .map((parameter) => ({
      ...parameter,
      name: place === "header" ? String(parameter.value.name).toLowerCase() : String(parameter.value.name),
    }))
    .filter(({ name }) => place !== "header" || !NOT_OURS.includes(name));
  if (named.length === 0) return undefined;
  return texts.made(
    {
      type: "object",
      properties: Object.fromEntries(
        named.map((parameter): [string, Json] => [parameter.name, textSchema(parameter)]),
      ),
      required: named.filter(({ value }) => value.required === true).map(({ name }) => name),
    },
    at,
  );
}

/** The schema of one text: taken apart first when a list travels as one text. */
function textSchema({ value, at }: Located): JsonObject {
  if (value.schema === undefined) return {};
  const schema = { $ref: `${DOCUMENT}${refTo([...at, "schema"])}` };
  const separator = separatorOf(value);
  return separator === undefined ? schema : { allOf: [{ listSeparator: separator }, schema] };
}

const SEPARATORS: Record<string, string> = {
  form: ",",
  simple: ",",
  spaceDelimited: " ",
  pipeDelimited: "|",
};

/** @see https://spec.openapis.org/oas/v3.1.1.html#style-values */
function separatorOf({
  schema,
  in: place,
  style = place === "query" || place === "cookie" ? "form" : "simple",
  explode = style === "form",
}: JsonObject) {
  const list = isObject(schema) && schema.type === "array";
  return list && (style === "simple" || explode === false) ? SEPARATORS[String(style)] : undefined;
}

/** The headers of a response as parameters. */
function headersOf(openapi: JsonObject, at: Segments): Located[] {
  const headers = follow(openapi, [...at, "headers"]);
  return entriesOf(headers?.value).flatMap(([name]) => {
    const header = follow(openapi, [...headers!.at, name]);
    return header ? [{ value: { ...header.value, name, in: "header" }, at: header.at }] : [];
  });
}

function literal(entries: (readonly [string, string | undefined])[]): string {
  const present = entries.filter(([, code]) => code !== undefined);
  return present.length === 0
    ? "{}"
    : `{ ${present.map(([key, code]) => `${JSON.stringify(key)}: ${code}`).join(", ")} }`;
}

type Compiler = {
  /** Compiles the schema at a place of the contract, once; gives the name of its function. */
  at: (at: Segments) => string;
  /** Compiles a schema that stands nowhere, made of references; `at` is where to send a complaint. */
  made: (schema: JsonObject, at: Segments) => string;
  code: () => Promise<string>;
  failures: { pointer: string; message: string }[];
};

const DOCUMENT = "contract:";

async function createCompiler({
  openapi,
  prefix,
  coerceTypes,
}: {
  openapi: JsonObject;
  prefix: string;
  coerceTypes: Options["coerceTypes"];
}): Promise<Compiler> {
  const ajv = await createAjv(openapi, coerceTypes);
  const names = new Map<string, string>();
  const failures: Compiler["failures"] = [];

  const compile = (ref: string, at: Segments) => {
    const known = names.get(ref);
    if (known) return known;
    const name = `${prefix}${names.size}`;
    names.set(ref, name);
    try {
      if (!ajv.getSchema(ref)) throw new Error("does not exist");
    } catch (error) {
      failures.push({ pointer: pointerOf(at), message: `does not compile: ${(error as Error).message}.` });
    }
    return name;
  };

  return {
    failures,
    at(at) {
      const real = follow(openapi, at)?.at ?? at;
      return compile(`${DOCUMENT}${refTo(real)}`, real);
    },
    made(schema, at) {
      const id = `${DOCUMENT}${prefix}:${JSON.stringify(schema)}`;
      const name = names.get(id);
      if (name) return name;
      ajv.addSchema(schema, id, undefined, false);
      return compile(id, at);
    },
    async code() {
      const { default: standaloneCode } = await import("ajv/dist/standalone/index.js");
      const schemas = Object.fromEntries([...names].map(([ref, name]) => [name, ref]));
      return standaloneCode.default(ajv, schemas);
    },
  };
}

/** The parts of a contract that references lead into; ajv takes the document as one schema that holds them. */
const ROOMS = ["components", "paths"];

/** Keywords of OpenAPI that describe and do not judge. */
const ANNOTATIONS = ["example", "xml", "externalDocs", "discriminator", "$anchor"];

async function createAjv(openapi: JsonObject, coerceTypes: Options["coerceTypes"]): Promise<Ajv> {
  const [{ Ajv2020, _ }, formats] = await Promise.all([
    import("ajv/dist/2020.js"),
    import("ajv-formats/dist/formats.js"),
  ]);
  const ajv = new Ajv2020({
    strict: true,
    // Vendors write `properties` without `type: object`, and `required` away from `properties`.
    strictTypes: false,
    strictRequired: false,
    strictTuples: false,
    allErrors: true,
    inlineRefs: false,
    validateSchema: false,
    coerceTypes,
    code: {
      source: true,
      esm: true,
      lines: true,
      formats: _`contractFormats`,
      regExp: runtime.contractPattern,
    },
  });

  const { keywords, formats: named } = wordsOf(openapi);
  ajv.removeKeyword("contentEncoding");
  ajv.addVocabulary([...ROOMS, ...ANNOTATIONS]);
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
  const known: Record<string, unknown> = {
    ...formats.default.fullFormats,
    ...runtime.contractNumbers,
    byte: runtime.isBase64,
  };
  // A format that nobody has defined is an annotation.
  for (const name of named) ajv.addFormat(name, (known[name] as true) ?? true);
  ajv.addSchema(
    Object.fromEntries(ROOMS.map((room) => [room, openapi[room] ?? {}])),
    DOCUMENT,
    undefined,
    false,
  );
  return ajv;
}

/** The extensions and formats that the document uses anywhere. */
function wordsOf(openapi: JsonObject): { keywords: Set<string>; formats: Set<string> } {
  const keywords = new Set<string>();
  const formats = new Set<string>();
  const walk = (value: Json) => {
    if (typeof value !== "object" || value === null) return;
    for (const [key, item] of Object.entries(value)) {
      if (key.startsWith("x-")) keywords.add(key);
      if (key === "format" && typeof item === "string") formats.add(item);
      walk(item);
    }
  };
  walk(openapi);
  return { keywords, formats };
}

/**
 * What the compiled code calls, as it stands in the written module. It is text so that the module has
 * the same bytes whoever compiled this file.
 */
const RUNTIME = `function isBase64(text) {
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

const FORMATS = `import ajvFormats from "ajv-formats/dist/formats.js";
`;
const CONTRACT_FORMATS = `
const contractFormats = { ...ajvFormats.fullFormats, ...contractNumbers, byte: isBase64 };
`;

/** The code of the compilers as one ES module: each in its own scope, its `require`s as imports. */
async function linked(compilers: Compiler[]): Promise<{ imports: string; code: string }> {
  const imports = new Map<string, string>();
  const scopes: string[] = [];
  for (const compiler of compilers) {
    const names: string[] = [];
    const body = (await compiler.code())
      .replace(/^"use strict";\s*/, "")
      .replaceAll(/export const (\w+) = /g, (_, name: string) => {
        names.push(name);
        return `const ${name} = `;
      })
      .replaceAll(/require\("([^"]+)"\)/g, (_, module: string) => {
        imports.set(module, imports.get(module) ?? `ajv${imports.size}`);
        return imports.get(module)!;
      });
    scopes.push(
      `const { ${names.join(", ")} } = (() => {\n${body}\nreturn { ${names.join(", ")} };\n})();\n`,
    );
  }
  const code = scopes.join("\n");
  const uses = code.includes("contractFormats");
  const lines = [...imports].map(([module, name]) => `import ${name}Module from "${module}.js";\n`);
  // Node gives a CommonJS module whole, bundlers and test runners give its default export.
  const unwrapped = [...imports.values()].map(
    (name) => `const ${name} = ${name}Module.default ? ${name}Module : { default: ${name}Module };\n`,
  );
  return {
    imports: [uses ? FORMATS : "", ...lines].join(""),
    code: `${unwrapped.join("")}${uses ? CONTRACT_FORMATS : ""}${code}`,
  };
}

const DECLARATIONS = `import type { ErrorObject } from "ajv";

/** Judges a value; after \`false\`, \`errors\` holds every reason. */
export type Validate = { (value: unknown): boolean; errors?: ErrorObject[] | null };

type Content = Record<string, Validate>;

/** By operation key (operationId, or \`METHOD /path\`), then media type. Absent when the operation takes no body. */
export declare const requestBody: Record<string, { required: boolean; content: Content }>;

/** By operation key, then place. Judges an object of name to text or texts, and puts the declared types in place. */
export declare const parameters: Record<string, Partial<Record<"path" | "query" | "header" | "cookie", Validate>>>;

/** By operation key, then status, then media type; no media type means that no body is documented. */
export declare const responseBody: Record<string, Record<string, Content>>;

/** By operation key, then status. Judges an object of lower-case header name to text. */
export declare const responseHeaders: Record<string, Record<string, Validate | undefined>>;
`;

import type { Ajv2020 as Ajv } from "ajv/dist/2020.js";
import type { JsonObject } from "../../../contracts/openapi/json.ts";
import { readOperations } from "../../../contracts/openapi/operations.ts";
import { formatPointer } from "../../../contracts/openapi/pointer.ts";
import { type Input, loadAjv, RUNTIME, timeBoxCode } from "../validators/ajv.ts";
import { type Content, type PartSchema, type Parts, partsOf } from "../validators/parts.ts";
import { type Failure, failureOf, SchemaError } from "../validators/schema-error.ts";
import { hasSides } from "../validators/sides.ts";
import { safeLengthsOf } from "../validators/slow-patterns.ts";
import { keyOf } from "./literals.ts";

/**
 * `validators.js` and `validators.d.ts`: compiled validators of every body, parameter and header,
 * as an ES module that needs nothing but ajv's own small runtime.
 * @throws {SchemaError} with every schema that does not compile.
 */
export async function emitValidators(
  openapi: JsonObject,
): Promise<Record<"validators.js" | "validators.d.ts", string>> {
  const createAjv = await loadAjv(openapi);
  const compilerOf = (input: Input) => createCompiler(createAjv({ input, source: true }), input);
  const bodies: Input[] = hasSides(openapi) ? ["request", "response"] : ["body"];
  const compilers = new Map([...bodies, "text" as const].map((input) => [input, compilerOf(input)]));
  const nameOf = (schema: PartSchema) => compilers.get(schema.input)!.nameOf(schema);

  const tables = { requestBody: "", parameters: "", responseBody: "", responseHeaders: "" };
  for (const operation of readOperations(openapi)) {
    const key = keyOf(operation.key);
    const row = rowOf(partsOf(openapi, operation), nameOf);
    if (row.requestBody) tables.requestBody += `  ${key}: ${row.requestBody},\n`;
    tables.parameters += `  ${key}: ${row.parameters},\n`;
    tables.responseBody += `  ${key}: ${row.responseBody},\n`;
    tables.responseHeaders += `  ${key}: ${row.responseHeaders},\n`;
  }

  const found = [...compilers.values()].flatMap((compiler) => compiler.failures);
  // A schema of both sides fails on both.
  const failures = [...new Map(found.map((failure) => [JSON.stringify(failure), failure])).values()];
  if (failures.length > 0) throw new SchemaError(failures);
  const { imports, code } = await link([...compilers.values()]);
  const safeLengths = safeLengthsOf(openapi);
  const timeBox = Object.keys(safeLengths).length > 0 ? [timeBoxCode(safeLengths)] : [];
  const exported = Object.entries(tables).map(
    ([name, rows]) => `export const ${name} = {\n  __proto__: null,\n${rows}};\n`,
  );
  return {
    "validators.js": [imports, RUNTIME, ...timeBox, code, ...exported].join("\n"),
    "validators.d.ts": DECLARATIONS,
  };
}

/** The JavaScript text of one operation's entry in each table. */
function rowOf(
  { requestBody, parameters, responseBody, responseHeaders }: Parts,
  nameOf: (schema: PartSchema) => string,
) {
  const content = (types: Content) =>
    literal(types.map(([type, schema]) => [type, schema ? nameOf(schema) : "anything"]));
  const functions = (named: [string, PartSchema][]) =>
    literal(named.map(([name, schema]) => [name, nameOf(schema)]));
  return {
    requestBody:
      requestBody && `{ required: ${requestBody.required}, content: ${content(requestBody.content)} }`,
    parameters: functions(parameters),
    responseBody: literal(responseBody.map(([status, types]) => [status, content(types)])),
    responseHeaders: functions(responseHeaders),
  };
}

function literal(entries: [string, string][]): string {
  return entries.length === 0
    ? "{}"
    : `{ ${entries.map(([key, code]) => `${keyOf(key)}: ${code}`).join(", ")} }`;
}

type Compiler = {
  /** Names of functions by reference. */
  names: ReadonlyMap<string, string>;
  /** Compiles a schema once, and returns the name of its function. */
  nameOf: (schema: PartSchema) => string;
  code: () => Promise<string>;
  /** The modules that the code requires. */
  modules: () => string[];
  usesFormats: () => boolean;
  failures: Failure[];
};

function createCompiler(ajv: Ajv, input: Input): Compiler {
  const names = new Map<string, string>();
  const failures: Failure[] = [];

  return {
    names,
    failures,
    modules: () => sharedCode(ajv).flatMap((code) => /^require\("([\w./-]+)"\)/.exec(code)?.[1] ?? []),
    usesFormats: () => sharedCode(ajv).some((code) => code.startsWith("contractFormats")),
    nameOf({ ref, at, made }) {
      const known = names.get(ref);
      if (known) return known;
      const name = `${input}${names.size}`;
      names.set(ref, name);
      try {
        if (made) ajv.addSchema(made, ref, undefined, false);
        if (!ajv.getSchema(ref)) throw new Error("does not exist");
      } catch (error) {
        failures.push(failureOf(error as Error, formatPointer(at)));
      }
      return name;
    },
    async code() {
      const { default: standaloneCode } = await import("ajv/dist/standalone/index.js");
      const schemas = Object.fromEntries([...names].map(([ref, name]) => [name, ref]));
      return standaloneCode.default(ajv, schemas);
    },
  };
}

const FORMATS = `import ajvFormats from "ajv-formats/dist/formats.js";
`;
const CONTRACT_FORMATS = `
const contractFormats = { ...ajvFormats.fullFormats, ...contractNumbers, byte: isBase64 };
`;

/**
 * The code of the compilers as one ES module. Each is CommonJS in a function of its own, which gets `exports` and
 * `require`: the code holds texts of the contract, so that it is never searched or changed.
 */
async function link(compilers: Compiler[]): Promise<{ imports: string; code: string }> {
  const scopes: string[] = [];
  for (const { names, code } of compilers) {
    const body = await code();
    if (names.size === 0) continue;
    const functions = [...names.values()].join(", ");
    scopes.push(
      `const { ${functions} } = ((exports) => {\n${body}\nreturn exports;\n})(Object.create(null));\n`,
    );
  }
  const modules = [...new Set(compilers.flatMap((compiler) => compiler.modules()))].sort();
  const uses = compilers.some((compiler) => compiler.usesFormats());
  const lines = modules.map((module, index) => `import ajv${index} from "${module}.js";\n`);
  // An import of a CommonJS module is its exports in Node, and their default in bundlers and test runners.
  const rows = modules.map(
    (module, index) => `  "${module}": ajv${index}.default ? ajv${index} : { default: ajv${index} },\n`,
  );
  const require =
    modules.length === 0
      ? ""
      : `const modules = {\n${rows.join("")}};\nconst require = (name) => modules[name];\n\n`;
  return {
    imports: [uses ? FORMATS : "", ...lines].join(""),
    code: `${require}${uses ? CONTRACT_FORMATS : ""}${scopes.join("\n")}`,
  };
}

/** The code that ajv's compiled functions share, by value: its own modules, formats, and texts of the contract. */
function sharedCode(ajv: Ajv): string[] {
  // Protected, but the pinned version has it; ajv gives no other way to them.
  const { _values: groups } = ajv.scope as unknown as { _values: Record<string, Map<unknown, SharedValue>> };
  return Object.values(groups).flatMap((group) =>
    [...group.values()].map(({ value }) => String(value?.code ?? "")),
  );
}

type SharedValue = { value?: { code?: unknown } };

const DECLARATIONS = `import type { ErrorObject } from "ajv";

/** Validates a value; after \`false\`, \`errors\` holds every error. */
export type Validate = { (value: unknown): boolean; errors?: ErrorObject[] | null };

type Content = Record<string, Validate>;

/** By operation key (operationId, or \`METHOD /path\`), then media type. Absent when the operation takes no body. */
export declare const requestBody: Record<string, { required: boolean; content: Content }>;

/** By operation key, then place. Validates an object of name to text or texts, and converts the texts to the declared types in place. */
export declare const parameters: Record<string, Partial<Record<"path" | "query" | "header" | "cookie", Validate>>>;

/** By operation key, then status, then media type; no media type means that no body is documented. */
export declare const responseBody: Record<string, Record<string, Content>>;

/** By operation key, then status. Validates an object of lower-case header name to text. */
export declare const responseHeaders: Record<string, Record<string, Validate | undefined>>;

/** Texts that are known to be Base64 while a value is validated. */
export declare const known: { base64: readonly string[] };
`;

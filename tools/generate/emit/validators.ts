import type { Ajv2020 as Ajv } from "ajv/dist/2020.js";
import type { JsonObject } from "../../../contracts/openapi/json.ts";
import { readOperations } from "../../../contracts/openapi/operations.ts";
import { formatPointer } from "../../../contracts/openapi/pointer.ts";
import { type Input, loadAjv, RUNTIME } from "../validators/ajv.ts";
import { type Content, type PartSchema, type Parts, partsOf } from "../validators/parts.ts";
import { type Failure, failureOf, SchemaError } from "../validators/schema-error.ts";

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
  const compilers = { body: compilerOf("body"), text: compilerOf("text") };
  const nameOf = (schema: PartSchema) => compilers[schema.input].nameOf(schema);

  const tables = { requestBody: "", parameters: "", responseBody: "", responseHeaders: "" };
  for (const operation of readOperations(openapi)) {
    const key = JSON.stringify(operation.key);
    const row = rowOf(partsOf(openapi, operation), nameOf);
    if (row.requestBody) tables.requestBody += `  ${key}: ${row.requestBody},\n`;
    tables.parameters += `  ${key}: ${row.parameters},\n`;
    tables.responseBody += `  ${key}: ${row.responseBody},\n`;
    tables.responseHeaders += `  ${key}: ${row.responseHeaders},\n`;
  }

  const failures = [...compilers.body.failures, ...compilers.text.failures];
  if (failures.length > 0) throw new SchemaError(failures);
  const { imports, code } = await link([compilers.body, compilers.text]);
  const exported = Object.entries(tables).map(([name, rows]) => `export const ${name} = {\n${rows}};\n`);
  return {
    "validators.js": [imports, RUNTIME, code, ...exported].join("\n"),
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
    : `{ ${entries.map(([key, code]) => `${JSON.stringify(key)}: ${code}`).join(", ")} }`;
}

type Compiler = {
  /** Compiles a schema once, and returns the name of its function. */
  nameOf: (schema: PartSchema) => string;
  code: () => Promise<string>;
  failures: Failure[];
};

function createCompiler(ajv: Ajv, input: Input): Compiler {
  const names = new Map<string, string>();
  const failures: Failure[] = [];

  return {
    failures,
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

/** The code of the compilers as one ES module: each in its own scope, its `require`s as imports. */
async function link(compilers: Compiler[]): Promise<{ imports: string; code: string }> {
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
  // An import of a CommonJS module is its exports in Node, and their default in bundlers and test runners.
  const unwrapped = [...imports.values()].map(
    (name) => `const ${name} = ${name}Module.default ? ${name}Module : { default: ${name}Module };\n`,
  );
  return {
    imports: [uses ? FORMATS : "", ...lines].join(""),
    code: `${unwrapped.join("")}${uses ? CONTRACT_FORMATS : ""}${code}`,
  };
}

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
`;

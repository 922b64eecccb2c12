import type { Ajv2020 as Ajv, ErrorObject } from "ajv/dist/2020.js";
import { pointerOf } from "../../contracts/openapi/pointer.ts";
import { loadAjv, type Reading } from "./ajv.ts";
import { type Operation, operationsOf } from "./operations.ts";
import { type Content, type Judge, type ParameterPlace, partsOf } from "./parts.ts";
import type { JsonObject } from "./read/document.ts";
import { failureOf, SchemaError } from "./schema-error.ts";

/** Judges a value; after `false`, `errors` holds every reason. */
export type Validate = { (value: unknown): boolean; errors?: ErrorObject[] | null };

/** What `validators.js` exports, in memory. */
export type CompiledValidators = {
  requestBody: Record<string, { required: boolean; content: Record<string, Validate> }>;
  parameters: Record<string, Partial<Record<ParameterPlace, Validate>>>;
  responseBody: Record<string, Record<string, Record<string, Validate>>>;
  responseHeaders: Record<string, Record<string, Validate | undefined>>;
};

/**
 * The validators that `validators.js` would hold, with the same verdicts. What judges a part of an operation
 * is compiled when it is first asked for: a contract of a thousand operations costs no more at the start than
 * one of ten.
 * @throws {SchemaError} not here but where a schema that does not compile is first asked for.
 */
export async function createValidators(openapi: JsonObject): Promise<CompiledValidators> {
  const createAjv = await loadAjv(openapi);
  const compilers = new Map<Reading, Ajv>();
  const compilerOf = (reading: Reading) => {
    const compiler = compilers.get(reading) ?? createAjv({ reading });
    compilers.set(reading, compiler);
    return compiler;
  };
  const operations = operationsOf(openapi);
  const functionOf = (judge: Judge) => compiled(compilerOf(judge.reading), judge);
  const contentOf = (content: Content) =>
    Object.fromEntries(content.map(([type, judge]) => [type, judge ? functionOf(judge) : anything]));

  return {
    requestBody: table(
      operations.filter(({ value }) => value.requestBody !== undefined),
      (operation) => {
        const { required, content } = partsOf(openapi, operation).requestBody!;
        return { required, content: contentOf(content) };
      },
    ),
    parameters: table(operations, (operation) =>
      functionsOf(partsOf(openapi, operation).parameters, functionOf),
    ),
    responseBody: table(operations, (operation) =>
      Object.fromEntries(
        partsOf(openapi, operation).responseBody.map(([status, content]) => [status, contentOf(content)]),
      ),
    ),
    responseHeaders: table(operations, (operation) =>
      functionsOf(partsOf(openapi, operation).responseHeaders, functionOf),
    ),
  };
}

const anything: Validate = () => true;

function functionsOf(named: [string, Judge][], functionOf: (judge: Judge) => Validate) {
  return Object.fromEntries(named.map(([name, judge]) => [name, functionOf(judge)]));
}

function compiled(ajv: Ajv, { ref, at, made }: Judge): Validate {
  try {
    if (made && !ajv.schemas[ref]) ajv.addSchema(made, ref, undefined, false);
    const validate = ajv.getSchema(ref);
    if (!validate) throw new Error("does not exist");
    return validate as Validate;
  } catch (error) {
    throw new SchemaError([failureOf(error as Error, pointerOf(at))]);
  }
}

/** A table with a row for each operation, which is made when it is first read. */
function table<Row>(operations: Operation[], rowOf: (operation: Operation) => Row): Record<string, Row> {
  const rows: Record<string, Row> = Object.create(null);
  for (const operation of operations) {
    const { key } = operation;
    const keep = (value: Row) => Object.defineProperty(rows, key, { value, enumerable: true });
    const get = () => keep(rowOf(operation))[key]!;
    Object.defineProperty(rows, key, { get, enumerable: true, configurable: true });
  }
  return rows;
}

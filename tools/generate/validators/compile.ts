import type { Ajv2020 as Ajv } from "ajv/dist/2020.js";
import type { JsonObject } from "../../../contracts/openapi/json.ts";
import { type Operation, readOperations } from "../../../contracts/openapi/operations.ts";
import { formatPointer } from "../../../contracts/openapi/pointer.ts";
import type { ValidateFunction, Validators } from "../../../contracts/openapi/validation.ts";
import { type Input, known, loadAjv } from "./ajv.ts";
import { type Content, type PartSchema, partsOf } from "./parts.ts";
import { failureOf, SchemaError } from "./schema-error.ts";

/**
 * Makes in memory what `validators.js` exports, with the same results. A schema is compiled when its function
 * is first read: a contract of a thousand operations takes no longer to start than one of ten.
 * @throws {SchemaError} where a schema that does not compile is first read, not here.
 */
export async function createValidators(openapi: JsonObject): Promise<Validators> {
  const createAjv = await loadAjv(openapi);
  const compilers = new Map<Input, Ajv>();
  const functionOf = (schema: PartSchema) => {
    const compiler = compilers.get(schema.input) ?? createAjv({ input: schema.input });
    compilers.set(schema.input, compiler);
    return compiled(compiler, schema);
  };
  const functionsOf = (named: [string, PartSchema][]) =>
    Object.fromEntries(named.map(([name, schema]) => [name, functionOf(schema)]));
  const contentOf = (content: Content) =>
    Object.fromEntries(content.map(([type, schema]) => [type, schema ? functionOf(schema) : anything]));

  const operations = readOperations(openapi);
  const parts = (operation: Operation) => partsOf(openapi, operation);
  return {
    requestBody: table(
      operations.filter(({ takesBody }) => takesBody),
      (operation) => {
        const { required, content } = parts(operation).requestBody!;
        return { required, content: contentOf(content) };
      },
    ),
    parameters: table(operations, (operation) => functionsOf(parts(operation).parameters)),
    responseBody: table(operations, (operation) =>
      Object.fromEntries(
        parts(operation).responseBody.map(([status, content]) => [status, contentOf(content)]),
      ),
    ),
    responseHeaders: table(operations, (operation) => functionsOf(parts(operation).responseHeaders)),
    known,
  };
}

const anything: ValidateFunction = () => true;

function compiled(ajv: Ajv, { ref, at, made }: PartSchema): ValidateFunction {
  try {
    if (made && !ajv.schemas[ref]) ajv.addSchema(made, ref, undefined, false);
    const validate = ajv.getSchema(ref);
    if (!validate) throw new Error("does not exist");
    return validate as ValidateFunction;
  } catch (error) {
    throw new SchemaError([failureOf(error as Error, formatPointer(at))]);
  }
}

/** A table with a row for each operation; a row is made when it is first read. */
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

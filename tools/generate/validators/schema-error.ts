/** Why the schema at a JSON Pointer of the contract cannot be used. */
export type Failure = { pointer: string; message: string };

/** Schemas that cannot be compiled; each with its JSON Pointer in the contract. */
export class SchemaError extends Error {
  readonly code = "SCHEMA_INVALID";
  readonly schemas: Failure[];

  constructor(schemas: Failure[]) {
    super(schemas.map(({ pointer, message }) => `#${pointer} ${message}`).join("\n"));
    this.name = "SchemaError";
    this.schemas = schemas;
  }
}

/** The compiler's error about the schema at a JSON Pointer. */
export function failureOf(error: Error, pointer: string): Failure {
  return { pointer, message: `does not compile: ${error.message}.` };
}

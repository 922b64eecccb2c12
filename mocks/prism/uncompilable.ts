import { Ajv } from "ajv";
import { Ajv2019 } from "ajv/dist/2019.js";
import { Ajv2020 } from "ajv/dist/2020.js";

/** A contract that Prism would validate wrongly: it lets everything pass where a schema does not compile. */
export class UncompilableSchemaError extends Error {
  readonly code = "SCHEMA_DOES_NOT_COMPILE";
  readonly place: string;
  /** Whether only responses have the schema, which can be made without it. */
  readonly isOfResponse: boolean;

  constructor(place: string, reason: string, { isOfResponse = false } = {}) {
    super(`${place} does not compile: ${reason}. Correct the schema, or every value would pass here.`);
    this.name = "UncompilableSchemaError";
    this.place = place;
    this.isOfResponse = isOfResponse;
  }
}

/** An operation as Prism has it: what its schemas refer to stands in `__bundled__`. */
type PrismOperation = {
  method: string;
  path: string;
  request?: object;
  responses: object;
  __bundled__?: unknown;
};

/**
 * Compiles the schemas of an operation as Prism will.
 * @throws {UncompilableSchemaError} at the first one that does not compile.
 */
export function refuseUncompilable({ method, path, request, responses, __bundled__ }: PrismOperation): void {
  for (const { place, schema } of schemasOf({ request, responses }, [])) {
    const compiler = compilerFor(String(schema.$schema ?? ""));
    const bundled = { ...schema, __bundled__ };
    try {
      compiler.compile(bundled);
    } catch (error) {
      const where = `${method.toUpperCase()} ${path} ${place.join("/")}`;
      throw new UncompilableSchemaError(where, (error as Error).message, {
        isOfResponse: place[0] === "responses",
      });
    } finally {
      // The compiler would keep it for ever.
      compiler.removeSchema(bundled);
    }
  }
}

/** The dialects and options that Prism itself compiles with. */
const dialects: [name: string, Compiler: typeof Ajv | typeof Ajv2019 | typeof Ajv2020][] = [
  ["2020-12", Ajv2020],
  ["2019-09", Ajv2019],
  ["", Ajv],
];
const options = {
  strict: false,
  allowUnionTypes: true,
  allowMatchingProperties: true,
  logger: false,
} as const;
const compilers = new Map<string, Ajv>();

/** Each compiles its meta-schema once. */
function compilerFor(dialect: string): Ajv {
  const [name, Compiler] = dialects.find(([part]) => dialect.includes(part))!;
  const made = compilers.get(name) ?? (new Compiler(options) as Ajv);
  compilers.set(name, made);
  return made;
}

function schemasOf(value: unknown, place: string[]): { place: string[]; schema: Record<string, unknown> }[] {
  if (value === null || typeof value !== "object") return [];
  const record = value as Record<string, unknown>;
  const { schema, ...rest } = record;
  const own =
    schema && typeof schema === "object" ? [{ place, schema: schema as Record<string, unknown> }] : [];
  return [
    ...own,
    ...Object.entries(rest)
      .filter(([key]) => key !== "examples")
      .flatMap(([key, item]) => schemasOf(item, [...place, nameOf(key, item)])),
  ];
}

function nameOf(key: string, item: unknown): string {
  const { name, code, mediaType } = (item ?? {}) as { name?: string; code?: string; mediaType?: string };
  return name ?? code ?? mediaType ?? key;
}

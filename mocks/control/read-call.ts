import { createShapes, formatPlace, type ShapeProblem } from "../../contracts/openapi/shape.ts";
import { jsonExcess } from "../http/json-limits.ts";
import { ControlError } from "./control-error.ts";
import { type DescribedOperation, querySchema } from "./describe.ts";
import { controlDescription } from "./description.ts";
import { type ControlValue, controlSchemas } from "./schemas.ts";

const described = Object.values(controlDescription.paths).flatMap((item) => Object.values(item));
const queries = described.map((operation) => [`${operation.operationId}.query`, querySchema(operation)]);
const shapes = createShapes({ ...controlSchemas, ...Object.fromEntries(queries) });

export type Query = { world?: string; operationId?: string; status?: number; since?: number };

/** @throws {ControlError} naming a parameter and its rule. */
export function readQuery({ operationId, parameters }: DescribedOperation, search: string): Query {
  if (search === "") return {};
  const integers = parameters.filter(({ schema }) => "type" in schema && schema.type === "integer");
  const query = Object.fromEntries(
    Array.from(new URLSearchParams(search), ([name, value]) => [
      name,
      /^\d{1,15}$/.test(value) && integers.some((parameter) => parameter.name === name) ? +value : value,
    ]),
  );
  const [problem] = shapes(`${operationId}.query`, query);
  if (problem) throw invalid(`The query parameter ${formatPlace(problem.at)} ${problem.rule}.`);
  return query;
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * Reads a body as JSON.
 *
 * @returns `undefined` without a body.
 * @throws {ControlError} for a body that is no JSON, or has more than `values` values.
 */
export function readJsonBody(bytes: Buffer, { values }: { values: number }): unknown {
  if (bytes.length === 0) return undefined;
  const excess = jsonExcess(bytes, { depth: 100, values });
  if (excess) throw invalid(`The body is too much: ${excess}.`);
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch {
    throw invalid("The body must be JSON in UTF-8.");
  }
}

/** The body as its schema describes it. @throws {ControlError} naming a property and its rule. */
export function checked<Name extends "SetClock" | "AdvanceClock" | "NewWorld" | "ProviderState">(
  name: Name,
  body: unknown,
): ControlValue<Name> {
  const [problem] = shapes(name, body);
  if (problem) throw invalid(`${sentence(problem, Object.keys(controlSchemas[name].properties))}.`);
  return body as ControlValue<Name>;
}

function sentence({ at, rule }: ShapeProblem, properties: string[]): string {
  return at.length > 0 ? `${formatPlace(at)} ${rule}` : `The body ${rule} with ${properties.join(", ")}`;
}

export function invalid(message: string): ControlError {
  return new ControlError(400, "CALL_INVALID", message);
}

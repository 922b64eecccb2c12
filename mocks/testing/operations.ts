import type { Examples } from "#generated/necid-v1/client.js";
import type { operations, paths } from "#generated/necid-v1/schema.d.ts";
import { similarName } from "../../contracts/openapi/similar-name.ts";

/** What a tester calls an operation, and its key in the contract. */
const names = {
  register: "ApiSubjectsPost",
  update: "ApiSubjectsByIdPut",
  unregister: "ApiSubjectsByIdDelete",
  extract: "ApiFaceExtractPost",
  search: "ApiFaceSearchPost",
  verify: "ApiFaceVerifyPost",
  health: "GET /health",
} as const;

type Names = typeof names;

/** An operation by its short name, `search`, or by its key in the contract, `ApiFaceSearchPost`. */
export type OperationName = keyof Names | Names[keyof Names];

type KeyOf<Name extends OperationName> = Name extends keyof Names ? Names[Name] : Name;

/** The type of an operation: its responses by status. */
export type OperationOf<Name extends OperationName> =
  KeyOf<Name> extends keyof operations ? operations[KeyOf<Name>] : paths["/health"]["get"];

/** The statuses that an operation documents. */
export type StatusOf<Name extends OperationName> = keyof OperationOf<Name>["responses"] & number;

/** The errors that an operation documents, by the names of their examples. */
export type ErrorOf<Name extends OperationName> = ValueOf<
  Omit<Examples[KeyOf<Name> & keyof Examples], "200" | "201">
>;

type ValueOf<Type> = Type[keyof Type] & string;

/**
 * The key of an operation.
 *
 * @throws {UnknownOperationError} naming the operation that was probably meant.
 */
export function operationKey(name: string): string {
  if (Object.hasOwn(names, name)) return names[name as keyof Names];
  const keys: string[] = Object.values(names);
  if (keys.includes(name)) return name;
  throw new UnknownOperationError(name, [...Object.keys(names), ...keys]);
}

/** A test names an operation that the contract does not have. */
export class UnknownOperationError extends Error {
  readonly code = "OPERATION_UNKNOWN";
  readonly operation: string;

  constructor(operation: string, known: string[]) {
    const meant = similarName(operation, known);
    super(
      `The contract has no operation ${JSON.stringify(operation)}. ` +
        (meant === undefined ? `It has ${known.join(", ")}.` : `Did you mean ${JSON.stringify(meant)}?`),
    );
    this.name = "UnknownOperationError";
    this.operation = operation;
  }
}

import { isObject, type JsonObject } from "../../../contracts/openapi/json.ts";
import { formatPointer, type Tokens } from "../../../contracts/openapi/pointer.ts";
import type { BuiltContract } from "../read/contract.ts";
import { SpecError } from "../read/problem.ts";
import { SchemaError } from "../validators/schema-error.ts";

/**
 * Writes something of a contract, mostly by a library. Whatever the library throws becomes a problem at the part of
 * the contract that it fails at.
 *
 * @param what names it in the problem: `The types`.
 * @throws {SpecError} with each component or path that it fails at; the error itself where nothing of the contract is
 * needed to fail.
 */
export async function locateFailure<Written>(
  { openapi, locateProblem }: Pick<BuiltContract, "openapi" | "locateProblem">,
  what: string,
  write: (openapi: JsonObject) => Promise<Written> | Written,
): Promise<Written> {
  try {
    return await write(openapi);
  } catch (error) {
    if (error instanceof SpecError || error instanceof SchemaError) throw error;
    const { webhooks: _, ...described } = openapi;
    const isOfContract = await succeeds(() => write({ ...described, paths: {}, components: {} }));
    if (!isOfContract) throw error;
    const failures = await failuresOf(openapi, write);
    const all = failures.length > 0 ? failures : [{ at: ["paths"], error }];
    throw new SpecError(
      all.map(({ at, error }) =>
        locateProblem(formatPointer(at), `${what} cannot be written: ${reasonOf(error)}`),
      ),
    );
  }
}

async function succeeds(write: () => unknown): Promise<boolean> {
  try {
    await write();
    return true;
  } catch {
    return false;
  }
}

type Failure = { at: Tokens; error: unknown };

/** What is written of each part alone: of the components first, because paths refer to them. */
async function failuresOf(openapi: JsonObject, write: (openapi: JsonObject) => unknown): Promise<Failure[]> {
  const { webhooks: _, ...described } = openapi;
  const components = isObject(openapi.components) ? openapi.components : {};
  const sections = Object.entries(components).filter((entry): entry is [string, JsonObject] =>
    isObject(entry[1]),
  );
  const ofComponents = sections.flatMap(([section, parts]) =>
    Object.entries(parts).map(([name, part]) => ({
      at: ["components", section, name],
      contract: { ...described, paths: {}, components: { [section]: { [name]: part } } },
    })),
  );
  const failing = await failuresIn(ofComponents, write);
  if (failing.length > 0) return failing;
  const ofPaths = Object.entries(isObject(openapi.paths) ? openapi.paths : {}).map(([path, item]) => ({
    at: ["paths", path],
    contract: { ...described, paths: { [path]: item } },
  }));
  return failuresIn(ofPaths, write);
}

async function failuresIn(
  parts: { at: Tokens; contract: JsonObject }[],
  write: (openapi: JsonObject) => unknown,
): Promise<Failure[]> {
  const failures: Failure[] = [];
  for (const { at, contract } of parts) {
    try {
      await write(contract);
    } catch (error) {
      failures.push({ at, error });
    }
  }
  return failures;
}

/** The library's own sentence; its stack is left out. */
function reasonOf(error: unknown): string {
  const [line = ""] = String(error instanceof Error ? error.message : error).split("\n");
  return line.endsWith(".") ? line : `${line}.`;
}

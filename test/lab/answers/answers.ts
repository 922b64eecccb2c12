import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { basePath, type OpenApi } from "../../../contracts/openapi/operations.ts";
import { createValidation, type Validation } from "../../../contracts/openapi/validation.ts";
import { buildContract } from "../../../tools/generate/read/contract.ts";
import { createValidators } from "../../../tools/generate/validators/compile.ts";
import { type Call, callsOf, type Statuses } from "./calls.ts";
import { problemOf } from "./check.ts";
import type { AnsweredDescription } from "./descriptions.ts";
import { type Limits, type Measured, measureOurs, measurePrism } from "./measure.ts";

/** What came of one description. */
export type Answered = {
  name: string;
  style: string;
  operations: number;
  calls: number;
  ours: Figures;
  /** The same calls to stock Prism; `undefined` where it was not asked. */
  prism: Figures | undefined;
};

export type Figures = Omit<Measured, "received"> & { valid: number; problems: Problem[] };

type Problem = { operation: string; status: number; mediaType: string | undefined; problem: string };

const usualLimits: Limits = { startSeconds: 30, callSeconds: 30, totalSeconds: 60 };

/**
 * Asks the mock for every operation's every documented response in every media type, and compares each answer with
 * the contract; and stock Prism for the same.
 */
export async function answer(
  { name, style, file }: AnsweredDescription,
  { statuses, withPrism, limits = usualLimits }: { statuses: Statuses; withPrism: boolean; limits?: Limits },
): Promise<Answered> {
  const contract = await buildContract({ spec: file });
  const openapi = contract.openapi as unknown as OpenApi;
  const validation = createValidation(await createValidators(contract.openapi));
  const calls = callsOf(openapi, statuses);
  const figures = (measured: Measured) => figuresOf(measured, { openapi, validation });
  const ours = figures(await measureOurs(file, calls, { basePath: basePath(openapi), limits }));
  const prism = withPrism ? figures(await askPrism(contract.openapi, calls, limits)) : undefined;
  const operations = new Set(calls.map(({ operation }) => operation.key)).size;
  return { name, style, operations, calls: calls.length, ours, prism };
}

async function askPrism(openapi: object, calls: Call[], limits: Limits): Promise<Measured> {
  const folder = await mkdtemp(join(tmpdir(), "answers-"));
  try {
    const file = join(folder, "contract.json");
    await writeFile(file, JSON.stringify(openapi));
    return await measurePrism(file, calls, limits);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function figuresOf(
  { received, ...measured }: Measured,
  contract: { openapi: OpenApi; validation: Validation },
): Figures {
  const problems = received.flatMap(({ call, received }): Problem[] => {
    const { operation, status, mediaType } = call;
    const problem = problemOf(call, received, contract);
    return problem === undefined ? [] : [{ operation: operation.key, status, mediaType, problem }];
  });
  return { ...measured, valid: received.length - problems.length, problems };
}

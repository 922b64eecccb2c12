import type { JsonObject } from "../../../contracts/openapi/json.ts";
import { bundleDocument, readDocument, type SpecDocument } from "./document.ts";
import { type LintProblem, lint, lintValue } from "./lint.ts";
import { createLocator, type Locator, problemInBase } from "./locate.ts";
import { applyOverlay } from "./overlay.ts";
import { orderProblems, type Problem, SpecError } from "./problem.ts";
import { CORRECTABLE } from "./rules.ts";
import { upgrade } from "./upgrade.ts";

export type BuiltContract = Locator & {
  /** OpenAPI 3.1. */
  openapi: JsonObject;
  /** Problems of the base file that the overlay corrects. */
  warnings: Problem[];
};

/**
 * Builds the effective contract: the base file, upgraded to OpenAPI 3.1 and completed by the overlay.
 * Problems of the base file that the overlay corrects are warnings; any other stops the run, with all of them.
 * @param options.spec Swagger 2.0, OpenAPI 3.0 or 3.1.
 * @param options.overlay Overlay 1.0 or 1.1, or left out.
 * @param options.trustUpgrade does not lint again what the upgrade made of a file without problems.
 * @throws {SpecError} with every problem found, each at its place.
 */
export async function buildContract({
  spec,
  overlay,
  trustUpgrade = false,
}: {
  spec: string;
  overlay?: string;
  trustUpgrade?: boolean;
}): Promise<BuiltContract> {
  const { base, completion } = await readBoth(spec, overlay);

  const found = await lint(base);
  const stopping = completion ? found.filter(({ rule }) => !CORRECTABLE.has(rule)) : found;
  if (stopping.length > 0) throw new SpecError(found.map(asProblem));

  const { openapi: upgraded, losses } = await upgrade(await bundleDocument(base));
  if (losses.length > 0) {
    throw new SpecError(losses.map(({ tokens, message }) => problemInBase(base, tokens, message)));
  }

  const { openapi, traces } = completion
    ? await applyOverlay(upgraded, completion)
    : { openapi: upgraded, traces: [] };
  const locator = createLocator(openapi, { base, overlay: completion, traces });
  const left = completion || !trustUpgrade ? await lintValue(openapi, spec) : [];
  if (left.length > 0) throw new SpecError(left.map((problem) => located(problem, found, locator)));
  const warnings = orderProblems(found.map((problem) => ({ ...asProblem(problem), severity: "warning" })));
  return { openapi, warnings, ...locator };
}

/** Both files, or the problems of both. */
async function readBoth(spec: string, overlay: string | undefined) {
  const results = await Promise.allSettled([
    readKind(spec, ["swagger", "openapi"]),
    overlay === undefined ? undefined : readKind(overlay, ["overlay"]),
  ]);
  const failures = results
    .filter((result) => result.status === "rejected")
    .map(({ reason }) => reason as unknown);
  const unexpected = failures.find((failure) => !(failure instanceof SpecError));
  if (unexpected) throw unexpected;
  if (failures.length > 0)
    throw new SpecError(failures.flatMap((failure) => (failure as SpecError).problems));
  const [base, completion] = results.map(
    (result) => (result as PromiseFulfilledResult<SpecDocument | undefined>).value,
  );
  return { base: base!, completion };
}

async function readKind(file: string, kinds: SpecDocument["kind"][]): Promise<SpecDocument> {
  const document = await readDocument(file);
  if (kinds.includes(document.kind)) return document;
  const message = `The file is of the kind ${document.kind}; expected ${kinds.join(" or ")}.`;
  throw new SpecError([{ file, ...document.locate(`/${document.kind}`, "key"), message, severity: "error" }]);
}

/** A problem that the base file had already keeps its exact place there. */
function located(problem: LintProblem, found: LintProblem[], { locateProblem }: Locator): Problem {
  const known = found.find(({ rule, message }) => rule === problem.rule && message === problem.message);
  return known ? asProblem(known) : locateProblem(problem.pointer, problem.message);
}

function asProblem({ file, line, column, message, severity }: LintProblem): Problem {
  return { file, line, column, message, severity };
}

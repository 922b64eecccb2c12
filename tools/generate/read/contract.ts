import type { JsonObject } from "../../../contracts/openapi/json.ts";
import { readApiGateway } from "./api-gateway.ts";
import { bundleDocument, readDocument, refersElsewhere, type SpecDocument } from "./document.ts";
import { type LintProblem, lint, lintValue, refusedReferences } from "./lint.ts";
import { createLocator, type Locator, problemInBase } from "./locate.ts";
import { applyOverlay } from "./overlay.ts";
import { orderProblems, type Problem, SpecError } from "./problem.ts";
import { redocly } from "./redocly.ts";
import { type Access, accessOf, NO_FILES, type ReadLimits } from "./references.ts";
import { CORRECTABLE } from "./rules.ts";
import { upgrade } from "./upgrade.ts";

export type BuiltContract = Locator & {
  /** OpenAPI 3.1. */
  openapi: JsonObject;
  /** Problems of the base file that the overlay corrects. */
  warnings: Problem[];
  /** Whether the base file refers to further files. */
  usesOtherFiles: boolean;
};

/**
 * Builds the effective contract: the base file, upgraded to OpenAPI 3.1 and completed by the overlay.
 * Problems of the base file that the overlay corrects are warnings; any other stops the run, with all of them.
 * @param options.spec Swagger 2.0, OpenAPI 3.0 or 3.1.
 * @param options.overlay Overlay 1.0 or 1.1, or left out.
 * @param options.allowRefs further folders that references may lead into.
 * @param options.maxSpecSize bytes of each file.
 * @param options.trustUpgrade does not lint again what the upgrade made of a file without problems.
 * @throws {SpecError} with every problem found, each at its place.
 */
export async function buildContract({
  spec,
  overlay,
  trustUpgrade = false,
  ...limits
}: {
  spec: string;
  overlay?: string;
  trustUpgrade?: boolean;
} & ReadLimits): Promise<BuiltContract> {
  const access = accessOf(spec, limits);
  const { base, completion } = await readBoth(spec, overlay, access);

  const found = await lint(base, access);
  const stopping = completion ? found.filter(({ rule }) => !CORRECTABLE.has(rule)) : found;
  if (stopping.length > 0) throw new SpecError(found.map(asProblem));

  const { openapi: upgraded, losses } = await upgrade(await bundleDocument(base, access));
  if (losses.length > 0) {
    throw new SpecError(losses.map(({ tokens, message }) => problemInBase(base, tokens, message)));
  }

  const { openapi, traces } = completion
    ? await applyOverlay(upgraded, completion)
    : { openapi: upgraded, traces: [] };
  const locator = createLocator(openapi, { base, overlay: completion, traces });
  const leaving = refusedReferences(await redocly(), { file: spec, value: openapi }, NO_FILES).filter(
    ({ pointer }) => !/\/(externalValue|operationRef)$/.test(pointer),
  );
  if (leaving.length > 0) {
    throw new SpecError(leaving.map(({ pointer, message }) => locator.locateProblem(pointer, message)));
  }
  const left = completion || !trustUpgrade ? await lintValue(openapi, spec) : [];
  if (left.length > 0) throw new SpecError(left.map((problem) => located(problem, found, locator)));
  const warnings = orderProblems(found.map((problem) => ({ ...asProblem(problem), severity: "warning" })));
  return { openapi, warnings, usesOtherFiles: refersElsewhere(base), ...locator };
}

/** Both files, or the problems of both. */
async function readBoth(spec: string, overlay: string | undefined, { maxBytes }: Access) {
  const readKind = async (file: string, kinds: SpecDocument["kind"][]) =>
    expectKind(await readDocument(file, { maxBytes }), kinds);
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
  return { base: readApiGateway(base!), completion };
}

function expectKind(document: SpecDocument, kinds: SpecDocument["kind"][]): SpecDocument {
  if (kinds.includes(document.kind)) return document;
  const { file } = document;
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

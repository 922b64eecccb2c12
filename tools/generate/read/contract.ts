import type { JsonObject } from "../../../contracts/openapi/json.ts";
import { noteIgnoredExtensions, readApiGateway } from "./api-gateway.ts";
import { bundleDocument, readDocument, refersElsewhere, type SpecDocument } from "./document.ts";
import { type LintProblem, lint, lintValue, refusedReferences } from "./lint.ts";
import { createLocator, type Locator, problemInBase } from "./locate.ts";
import { applyOverlay } from "./overlay.ts";
import { orderProblems, type Problem, SpecError, strictly } from "./problem.ts";
import { redocly } from "./redocly.ts";
import { type Access, accessOf, NO_FILES, type ReadLimits } from "./references.ts";
import { CORRECTABLE } from "./rules.ts";
import { upgrade } from "./upgrade.ts";

export type BuiltContract = Locator & {
  /** OpenAPI 3.1. */
  openapi: JsonObject;
  /** Warnings and notes, in the order of their places. */
  warnings: Problem[];
  /** Whether the base file refers to further files. */
  usesOtherFiles: boolean;
};

/**
 * Builds the effective contract: the base file, upgraded to OpenAPI 3.1 and completed by the overlay.
 * Errors stop the run, with all problems. Warnings and notes are returned.
 * @param options.spec Swagger 2.0, OpenAPI 3.0 or 3.1.
 * @param options.overlay Overlay 1.0 or 1.1, or left out.
 * @param options.allowRefs further folders that references may lead into.
 * @param options.maxSpecSize bytes of each file.
 * @param options.strict makes warnings errors, except those that the overlay corrects.
 * @param options.trustUpgrade does not lint again what the upgrade made of a file without problems.
 * @throws {SpecError} with every problem found, each at its place.
 */
export async function buildContract({
  spec,
  overlay,
  strict = false,
  trustUpgrade = false,
  ...limits
}: {
  spec: string;
  overlay?: string;
  strict?: boolean;
  trustUpgrade?: boolean;
} & ReadLimits): Promise<BuiltContract> {
  const access = accessOf(spec, limits);
  const { base, completion } = await readBoth(spec, overlay, access);

  const found = await lint(base, access);
  const isStopping = ({ rule, severity }: LintProblem) =>
    severity === "error" && !(completion && CORRECTABLE.has(rule));
  const stopping = found.filter(isStopping);
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
  const isLeft = ({ rule, message }: LintProblem) =>
    left.some((other) => other.rule === rule && other.message === message);
  const corrected = found.filter(
    (problem) => CORRECTABLE.has(problem.rule) && completion && !isLeft(problem),
  );
  const problems = [
    ...noteIgnoredExtensions(base),
    ...corrected.map(
      (problem): Problem => ({ ...asProblem(problem), severity: "warning", isCorrected: true }),
    ),
    ...found.filter((problem) => !corrected.includes(problem)).map(asProblem),
    ...left.map((problem) => ({ ...located(problem, found, locator), severity: problem.severity })),
  ];
  const warnings = orderProblems(strict ? strictly(problems) : problems);
  if (warnings.some(({ severity }) => severity === "error")) throw new SpecError(warnings);
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

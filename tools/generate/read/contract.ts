import type { JsonObject } from "../../../contracts/openapi/json.ts";
import { formatPointer, parsePointer, type Tokens, valueAt } from "../../../contracts/openapi/pointer.ts";
import { bundleDocument, readDocument, type SpecDocument } from "./document.ts";
import { type LintProblem, lint, lintValue } from "./lint.ts";
import { type Origin, originOn } from "./origin.ts";
import { applyOverlay, type Trace } from "./overlay.ts";
import { orderProblems, type Problem, SpecError } from "./problem.ts";
import { MENDABLE } from "./rules.ts";
import { beforeUpgrade, upgrade } from "./upgrade.ts";

export type BuiltContract = {
  /** OpenAPI 3.1. */
  openapi: JsonObject;
  /** Faults of the base file which the overlay mends. */
  warnings: Problem[];
  /** Makes a problem about a value of the contract one about the file that said it: overlay or base. */
  blame: (pointer: string, message: string) => Problem;
  /** Who wrote a value of the contract in these words, if anybody did. */
  originOf: (tokens: Tokens) => Origin | undefined;
};

/**
 * The effective contract: the base file, upgraded to OpenAPI 3.1 and completed by the overlay.
 * Faults of the base file that the overlay mends are warnings; all others stop the run together.
 * @param options.spec Swagger 2.0, OpenAPI 3.0 or 3.1.
 * @param options.overlay Overlay 1.0 or 1.1, or left out.
 * @param options.trustUpgrade does not look once more for faults in what the upgrade made of a faultless file.
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

  const faults = await lint(base);
  const stopping = completion ? faults.filter(({ rule }) => !MENDABLE.has(rule)) : faults;
  if (stopping.length > 0) throw new SpecError(faults.map(asProblem));

  const { openapi: upgraded, losses } = await upgrade(await bundleDocument(base));
  if (losses.length > 0) {
    throw new SpecError(losses.map(({ tokens, message }) => inBase(base, tokens, message)));
  }

  const { openapi, traces } = completion
    ? await applyOverlay(upgraded, completion)
    : { openapi: upgraded, traces: [] };
  const blame = blameOn({ base, overlay: completion, traces });
  const left = completion || !trustUpgrade ? await lintValue(openapi, spec) : [];
  if (left.length > 0) throw new SpecError(left.map((problem) => placed(problem, { faults, blame })));
  const origin = originOn({ base, overlay: completion, traces });
  return {
    openapi,
    warnings: orderProblems(faults.map((fault) => ({ ...asProblem(fault), severity: "warning" }))),
    blame,
    originOf: (tokens) => origin(openapi, tokens),
  };
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
  const strange = failures.find((failure) => !(failure instanceof SpecError));
  if (strange) throw strange;
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

/** A fault that the base file had already stays at its exact place there. */
function placed(
  problem: LintProblem,
  { faults, blame }: { faults: LintProblem[]; blame: BuiltContract["blame"] },
): Problem {
  const old = faults.find(({ rule, message }) => rule === problem.rule && message === problem.message);
  return old ? asProblem(old) : blame(problem.pointer, problem.message);
}

/** Finds who said a value: the last overlay action that merged it, else the base file. */
function blameOn({
  base,
  overlay,
  traces,
}: {
  base: SpecDocument;
  overlay?: SpecDocument;
  traces: Trace[];
}): BuiltContract["blame"] {
  return (pointer, message) => {
    const tokens = parsePointer(pointer);
    const touched =
      overlay && traces.map((trace) => inAction(trace, tokens)).findLast((at) => at !== undefined);
    if (!touched) return inBase(base, tokens, message);
    return {
      file: overlay.file,
      ...overlay.locate(formatPointer(touched), "key"),
      message,
      severity: "error",
    };
  };
}

/** The place in the overlay from which an action brought a value of the result, if it did. */
function inAction({ action, target, field, value }: Trace, tokens: string[]): Tokens | undefined {
  if (!target.every((token, index) => String(token) === tokens[index])) return undefined;
  const inside = tokens.slice(target.length);
  if (field !== "update")
    return inside.length > 0 || field === "remove" ? ["actions", action, "target"] : undefined;
  // As deep as the update goes along; items of an array have other indexes in the result.
  const depth = inside.findIndex((_, index) => valueAt(value, inside.slice(0, index + 1)) === undefined);
  const shared = depth === -1 ? inside : inside.slice(0, depth);
  if (shared.length === 0 && inside.length > 0) return undefined;
  return ["actions", action, "update", ...shared];
}

/** The pointer itself is said too: the place in the base file may be a neighbour's. */
function inBase(base: SpecDocument, tokens: Tokens, message: string): Problem {
  const before = beforeUpgrade(base.value, tokens);
  const exact = formatPointer(before) === formatPointer(tokens) && valueAt(base.value, before) !== undefined;
  const words = exact ? message : `${message} (at #${formatPointer(tokens)} of the contract)`;
  return { file: base.file, ...base.locate(formatPointer(before), "key"), message: words, severity: "error" };
}

function asProblem({ file, line, column, message, severity }: LintProblem): Problem {
  return { file, line, column, message, severity };
}

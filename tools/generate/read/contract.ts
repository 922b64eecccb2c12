import { isObject, type JsonObject } from "../../../contracts/openapi/json.ts";
import { formatPointer, parsePointer, type Tokens } from "../../../contracts/openapi/pointer.ts";
import { noteIgnoredExtensions, readApiGateway } from "./api-gateway.ts";
import { readDescription } from "./description.ts";
import { readDocument, refersElsewhere, type SpecDocument } from "./document.ts";
import { refuseExcess } from "./limits.ts";
import { createLocator, inOverlay, type Locator, type Sources } from "./locate.ts";
import { type Fault, faultsOf } from "./operations.ts";
import { originAt, placeOf } from "./origins.ts";
import { applyOverlay, phaseOf, type Trace } from "./overlay.ts";
import { orderProblems, type Problem, SpecError, strictly } from "./problem.ts";
import { type Access, accessOf, NO_FILES, type ReadLimits } from "./references.ts";
import { type Upgraded, upgrade } from "./upgrade.ts";

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
 * @throws {SpecError} with every problem found, each at its place.
 */
export async function buildContract({
  spec,
  overlay,
  strict = false,
  ...limits
}: {
  spec: string;
  overlay?: string;
  strict?: boolean;
} & ReadLimits): Promise<BuiltContract> {
  const access = accessOf(spec, limits);
  const { base, completion } = await readBoth(spec, overlay, access);
  const problems: Problem[] = [];
  const corrected = await collect(problems, base, () => correctBase(base, completion));
  const upgraded = await upgradeDocument(corrected, access);
  problems.push(...upgraded.problems, ...noteIgnoredExtensions(base));

  const untouched: { openapi: JsonObject; traces: Trace[] } = { openapi: upgraded.openapi, traces: [] };
  const { openapi, traces } = await collect(problems, untouched, async () =>
    completion ? applyOverlay(upgraded.openapi, completion) : untouched,
  );
  const sources = { index: upgraded.index, overlay: completion, traces };
  const locator = createLocator(openapi, sources);
  const isBounded = await collect(problems, false, async () => {
    refuseExcess(openapi, locator.locateProblem);
    return true;
  });
  // What is too long is not looked at any further.
  if (!isBounded) throw new SpecError(problems);
  if (traces.length > 0) problems.push(...(await brokenByOverlay(upgraded.openapi, openapi, sources)));
  problems.push(...settle(openapi, upgraded.openapi, sources));

  const ordered = orderProblems(strict ? strictly(problems) : problems);
  if (ordered.some(({ severity }) => severity === "error")) throw new SpecError(ordered);
  const usesOtherFiles = refersElsewhere(base);
  return { openapi, warnings: ordered, usesOtherFiles, ...locator };
}

/** Applies the actions of an overlay that are for the base file as it is written. */
export async function correctBase(
  base: SpecDocument,
  overlay: SpecDocument | undefined,
): Promise<SpecDocument> {
  const actions = Array.isArray(overlay?.value.actions) ? overlay.value.actions : [];
  if (!overlay || !actions.some((action) => isObject(action) && phaseOf(overlay, action) === "base"))
    return base;
  const { openapi: value, traces } = await applyOverlay(base.value, overlay, "base");
  const root = { document: base, tokens: [] };
  const index = { from: new Map([["", root]]), to: new Map(), root };
  return { ...base, value, placeOf: (tokens) => inOverlay({ index, overlay, traces }, tokens) };
}

/** Reads a document with the files that it refers to, as OpenAPI 3.1. Its faults are among the problems. */
export async function upgradeDocument(document: SpecDocument, access: Access): Promise<Upgraded> {
  const description = await readDescription(document, access);
  const upgraded = upgrade(description);
  return { ...upgraded, problems: [...description.problems, ...upgraded.problems] };
}

/** Every problem of a document by itself, in the order of their places. */
export async function problemsOf(document: SpecDocument, access: Access): Promise<Problem[]> {
  const { openapi, index, problems } = await upgradeDocument(document, access);
  return orderProblems([...problems, ...settle(openapi, openapi, { index, traces: [] })]);
}

/** The result of a step; where it fails, its problems are kept and another result stands for it. */
async function collect<Result>(
  problems: Problem[],
  otherwise: Result,
  step: () => Promise<Result>,
): Promise<Result> {
  try {
    return await step();
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    problems.push(...error.problems);
    return otherwise;
  }
}

/**
 * Mends the faults of the operations that the overlay has left, and reports all: a fault that the overlay corrects as
 * it is, the others with what was done.
 */
function settle(openapi: JsonObject, before: JsonObject, sources: Sources): Problem[] {
  const left = faultsOf(openapi);
  const isLeft = new Set(left.map(({ message }) => message));
  const gone = openapi === before ? [] : faultsOf(before).filter(({ message }) => !isLeft.has(message));
  const problems = [
    ...gone.map(
      (fault): Problem => ({
        ...placed(fault, { ...sources, traces: [] }),
        message: fault.message,
        severity: "warning",
        isCorrected: true,
      }),
    ),
    ...left.map(
      (fault): Problem => ({
        ...placed(fault, sources),
        message: fault.remedy ? `${fault.message} ${fault.remedy}` : fault.message,
        severity: fault.severity,
      }),
    ),
  ];
  for (const { mend } of left) mend?.();
  return problems;
}

function placed({ at, on }: Pick<Fault, "at" | "on">, sources: Sources) {
  return inOverlay(sources, at) ?? placeOf(originAt(sources.index, at), on);
}

/** What the standard has against the contract since the overlay was applied. An overlay is ours, so these are errors. */
async function brokenByOverlay(
  before: JsonObject,
  openapi: JsonObject,
  sources: Sources,
): Promise<Problem[]> {
  const known = new Set((await checked(before, sources)).map(({ id }) => id));
  const found = await checked(openapi, sources);
  return found.filter(({ id }) => !known.has(id)).map(({ problem }) => ({ ...problem, severity: "error" }));
}

/** The problems of a contract by itself, each with its pointer and message for an id. */
async function checked(openapi: JsonObject, sources: Sources): Promise<{ id: string; problem: Problem }[]> {
  const places: Tokens[] = [];
  const document: SpecDocument = {
    file: sources.index.root.document.file,
    text: "",
    value: openapi,
    // A line is the number of a place here.
    locate: (pointer) => ({ line: places.push(parsePointer(pointer)) - 1, column: 1 }),
    kind: "openapi",
    version: "3.1.1",
    problems: [],
  };
  const { problems } = await readDescription(document, NO_FILES);
  return problems
    .filter(({ severity }) => severity !== "note")
    .map(({ line, message }) => {
      const at = places[line]!;
      const sentence = message.split(/(?<=\.) (?:It|The object|The property) (?:is|are) /)[0]!;
      return {
        id: `${formatPointer(at)} ${message}`,
        problem: { ...placed({ at, on: "key" }, sources), message: sentence, severity: "error" },
      };
    });
}

/** Both files, or the problems of both. */
async function readBoth(spec: string, overlay: string | undefined, { maxBytes }: Access) {
  const readKind = async (file: string, kinds: SpecDocument["kind"][]) =>
    expectKind(await readDocument(file, { maxBytes }), kinds);
  const results = await Promise.allSettled([
    readKind(spec, ["swagger", "openapi"]).then(readApiGateway),
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

function expectKind(document: SpecDocument, kinds: SpecDocument["kind"][]): SpecDocument {
  if (kinds.includes(document.kind)) return document;
  const { file } = document;
  const message = `The file is of the kind ${document.kind}; expected ${kinds.join(" or ")}.`;
  throw new SpecError([{ file, ...document.locate(`/${document.kind}`, "key"), message, severity: "error" }]);
}

import { randomUUID } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import type { JsonObject } from "../../contracts/openapi/json.ts";
import { type Change, diff } from "../diff/diff.ts";
import { type CollectResponses, generate } from "../generate/generate.ts";
import { buildContract } from "../generate/read/contract.ts";
import { bundleDocument, parseDocument, readDocument, type SpecDocument } from "../generate/read/document.ts";
import { lint } from "../generate/read/lint.ts";
import { type Problem, SpecError } from "../generate/read/problem.ts";
import { accessOf } from "../generate/read/references.ts";
import { upgrade } from "../generate/read/upgrade.ts";
import { type ReviewedAction, reviewOverlay } from "./review-overlay.ts";
import { vendorFaults } from "./vendor-faults.ts";

export type UpdateOptions = {
  /** The new file from the vendor, by the name that it is reported with, and its text. */
  vendor: { file: string; text: string };
  /** The file that it takes the place of. */
  spec: string;
  /** The overlay that completes it, if there is one. */
  overlay: string | undefined;
  /** Another overlay to take its place, written for the new file. */
  newOverlay?: string;
  /** The folder of the generated files. */
  out: string;
  collectResponses?: CollectResponses;
};

/** What an update found, before anything is changed. */
export type PreparedUpdate = {
  /** What is wrong with the vendor's file, by its places. */
  faults: Problem[];
  actions: ReviewedAction[];
  changes: Change[];
  /** What a person must decide before it can be generated. */
  problems: string[];
  /** The effective contract from before. */
  before: JsonObject;
  /** Puts the new files in the place of the old ones, in one step that no signal divides. */
  commit(): void;
  /** Removes what was prepared. */
  discard(): void;
};

/**
 * Prepares an update in a folder beside the generated one: nothing of the project is changed until `commit`.
 *
 * @throws {SpecError} when the vendor's file, or the old contract, cannot be read.
 */
export async function prepareUpdate(options: UpdateOptions): Promise<PreparedUpdate> {
  const { vendor, spec, overlay, newOverlay, out } = options;
  const document = await parseDocument(vendor.file, vendor.text);
  if (document.kind === "overlay")
    throw refusal(document, "This is an overlay. Give the vendor's Swagger file.");
  const access = accessOf(spec);
  const faults = [...(await lint(document, access)), ...vendorFaults(document)];
  const { openapi: before } = await buildContract({ spec, overlay });

  const staging = join(dirname(out), `.update-${randomUUID()}`);
  const discard = () => rmSync(staging, { recursive: true, force: true });
  mkdirSync(staging, { recursive: true });
  try {
    const stagedSpec = join(staging, basename(spec));
    writeFileSync(stagedSpec, vendor.text);
    const usedOverlay = newOverlay ?? overlay;
    const stagedOverlay = usedOverlay && join(staging, `overlay-${basename(usedOverlay)}`);
    if (usedOverlay) copyFileSync(usedOverlay, stagedOverlay!);

    const { openapi: upgraded } = await upgrade(await bundleDocument(document, access));
    const actions = usedOverlay ? await reviewOverlay(upgraded, await readDocument(usedOverlay)) : [];
    const stale = actions.filter(({ verdict }) => verdict === "stale");
    const problems: string[] = [];
    const generated = join(staging, "generated");
    if (stale.length > 0) {
      problems.push(
        `${stale.length} ${stale.length === 1 ? "action" : "actions"} of ${usedOverlay} no longer apply: change or remove them, or give an overlay for the new file with --new-overlay.`,
      );
    } else {
      await generateStaged(options, { stagedSpec, stagedOverlay, generated }, problems);
    }
    const isComplete = problems.length === 0;
    const { changes } = await diff({
      old: spec,
      new: stagedSpec,
      // Without the corrections of the one, those of the other would be changes.
      ...(isComplete && { overlayOld: overlay, overlayNew: stagedOverlay }),
    });
    const named = changes.map((change) => ({
      ...change,
      new: {
        ...change.new,
        file:
          change.new.file === stagedSpec
            ? vendor.file
            : change.new.file.replace(stagedOverlay ?? "\0", usedOverlay ?? ""),
      },
    }));
    return { faults, actions, changes: named, problems, before, commit, discard };

    function commit(): void {
      if (!isComplete) throw new Error("An update with problems cannot be committed.");
      mkdirSync(out, { recursive: true });
      // Renames only, in one go: a signal is handled after them.
      renameSync(stagedSpec, spec);
      if (newOverlay && overlay) renameSync(stagedOverlay!, overlay);
      for (const name of readdirSync(generated)) renameSync(join(generated, name), join(out, name));
      discard();
    }
  } catch (error) {
    discard();
    throw error;
  }
}

/** Generates into the staging folder; the makers' names in the files are those of the project. */
async function generateStaged(
  { spec, overlay, vendor, collectResponses }: UpdateOptions,
  {
    stagedSpec,
    stagedOverlay,
    generated,
  }: { stagedSpec: string; stagedOverlay: string | undefined; generated: string },
  problems: string[],
): Promise<void> {
  try {
    await generate({ spec: stagedSpec, overlay: stagedOverlay, out: generated, collectResponses });
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    problems.push(
      ...error.message
        .replaceAll(stagedSpec, vendor.file)
        .replaceAll(stagedOverlay ?? "\0", overlay ?? "")
        .split("\n"),
    );
    return;
  }
  for (const name of readdirSync(generated)) {
    const file = join(generated, name);
    const text = readFileSync(file, "utf8");
    const own = text.replaceAll(stagedSpec, spec).replaceAll(stagedOverlay ?? "\0", overlay ?? "");
    if (own !== text) writeFileSync(file, own);
  }
}

/** Removes what killed updates left beside the generated folder. */
export function removeLeftovers(out: string): void {
  const folder = dirname(out);
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    if (/^\.update-[0-9a-f-]{36}$/.test(name)) rmSync(join(folder, name), { recursive: true, force: true });
  }
}

function refusal(document: SpecDocument, message: string): SpecError {
  return new SpecError([
    { file: document.file, ...document.locate("/overlay", "key"), message, severity: "error" },
  ]);
}

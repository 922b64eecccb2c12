import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import type { JsonObject } from "../../contracts/openapi/json.ts";
import { type Change, diff } from "../diff/diff.ts";
import { type CollectResponses, generate } from "../generate/generate.ts";
import { buildContract, correctBase, problemsOf, upgradeDocument } from "../generate/read/contract.ts";
import { readDocument, refersElsewhere, type SpecDocument } from "../generate/read/document.ts";
import { type Problem, SpecError } from "../generate/read/problem.ts";
import { accessOf } from "../generate/read/references.ts";
import { type RenamedParameter, renamedParameters } from "./renamed-parameters.ts";
import { createReplacement, type Replacement, type StagedFile } from "./replacement.ts";
import { type ReviewedAction, reviewOverlay } from "./review-overlay.ts";
import { vendorFaults } from "./vendor-faults.ts";

export type UpdateOptions = {
  /** The new file from the vendor. */
  vendor: SpecDocument;
  /** The file that it becomes. */
  spec: string;
  /** The contract that it is compared with: the same file as it is now, or another version beside it. */
  previous: { spec: string; overlay: string | undefined };
  /** The overlay that completes the new file, and where it belongs; the two are mostly the same. */
  overlay: { from: string; to: string } | undefined;
  /** The folder of the generated files. */
  out: string;
  collectResponses?: CollectResponses;
  /**
   * Prepares outside the project, and cannot be committed.
   * @default false
   */
  dryRun?: boolean;
};

/** What an update found, before anything is changed. */
export type PreparedUpdate = {
  /** What is wrong with the vendor's file, by its places. */
  faults: Problem[];
  actions: ReviewedAction[];
  changes: Change[];
  renamed: RenamedParameter[];
  /** What a person must decide before it can be generated. */
  problems: string[];
  /** The effective contract from before. */
  before: JsonObject;
  /** Puts the new files in the place of the old ones. They are not final until the replacement is finished. */
  commit(): Replacement;
  /** Removes what was prepared. */
  discard(): void;
};

/**
 * Prepares an update beside the project's files: nothing of them is changed until `commit`.
 *
 * @throws {SpecError} when the vendor's file, or the old contract, cannot be read.
 */
export async function prepareUpdate(options: UpdateOptions): Promise<PreparedUpdate> {
  const { vendor, spec, previous, overlay, out, dryRun = false } = options;
  if (vendor.kind === "overlay") throw refusal(vendor, "This is an overlay. Give the vendor's Swagger file.");
  const access = accessOf(spec);
  const faults = [...(await problemsOf(vendor, access)), ...vendorFaults(vendor)];
  const { openapi: before } = await buildContract(previous);

  const replacement = createReplacement(dryRun ? tmpdir() : dirname(out));
  const discard = replacement.takeBack;
  try {
    // References to other files are relative to the place of the file.
    const stagedSpec = refersElsewhere(vendor)
      ? replacement.draftOf(spec)
      : join(replacement.folder, basename(spec));
    writeFileSync(stagedSpec, vendor.text);
    const stagedOverlay = overlay && join(replacement.folder, `overlay-${basename(overlay.to)}`);
    if (overlay) writeFileSync(stagedOverlay!, readFileSync(overlay.from));
    const staged = { spec: stagedSpec, overlay: stagedOverlay, out: join(replacement.folder, "generated") };
    /** The names of the project in the place of those of the prepared files. */
    const named = (text: string, names: { spec: string; overlay: string | undefined }) =>
      text.replaceAll(stagedSpec, names.spec).replaceAll(stagedOverlay ?? "\0", names.overlay ?? "");
    const inReport = { spec: vendor.file, overlay: overlay?.from };

    const { openapi: upgraded, index } = await upgradeDocument(
      await correctedBase(vendor, overlay?.from),
      access,
    );
    const actions = overlay
      ? await reviewOverlay(upgraded, {
          base: vendor.value,
          index,
          overlay: await readDocument(overlay.from),
        })
      : [];
    const stale = actions.filter(({ verdict }) => verdict === "stale");
    const problems: string[] = [];
    if (stale.length > 0) {
      problems.push(
        `${stale.length} ${stale.length === 1 ? "action" : "actions"} of ${overlay!.from} no longer apply: change or remove them, or give an overlay for the new file with --new-overlay.`,
      );
    } else {
      try {
        await generate({ ...staged, collectResponses: options.collectResponses });
      } catch (error) {
        if (!(error instanceof SpecError)) throw error;
        problems.push(...named(error.message, inReport).split("\n"));
      }
    }
    const isComplete = problems.length === 0;
    const { changes } = await diff({
      old: previous.spec,
      new: stagedSpec,
      // Without the corrections of the one, those of the other would be changes.
      ...(isComplete && { overlayOld: previous.overlay, overlayNew: stagedOverlay }),
    });
    return {
      faults,
      actions,
      changes: changes.map((change) => ({
        ...change,
        new: { ...change.new, file: named(change.new.file, inReport) },
      })),
      renamed: renamedParameters(before, upgraded),
      problems,
      before,
      discard,
      commit() {
        if (!isComplete || dryRun)
          throw new Error("An update with problems, or a dry run, cannot be committed.");
        const files: StagedFile[] = [{ file: spec, staged: stagedSpec }];
        if (overlay) files.push({ file: overlay.to, staged: stagedOverlay! });
        for (const name of readdirSync(staged.out)) {
          const file = join(staged.out, name);
          // The generated files name those that they are made of.
          writeFileSync(file, named(readFileSync(file, "utf8"), { spec, overlay: overlay?.to }));
          files.push({ file: join(out, name), staged: file });
        }
        replacement.replace(files);
        return replacement;
      },
    };
  } catch (error) {
    discard();
    throw error;
  }
}

/** The vendor's file as the overlay corrects it; as it is where it cannot be corrected any more. */
async function correctedBase(vendor: SpecDocument, overlay: string | undefined): Promise<SpecDocument> {
  try {
    return overlay === undefined ? vendor : await correctBase(vendor, await readDocument(overlay));
  } catch (error) {
    if (error instanceof SpecError) return vendor;
    throw error;
  }
}

function refusal(document: SpecDocument, message: string): SpecError {
  return new SpecError([
    { file: document.file, ...document.locate("/overlay", "key"), message, severity: "error" },
  ]);
}

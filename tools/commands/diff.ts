import { readFile } from "node:fs/promises";
import { requirePackages } from "../../contracts/openapi/optional-packages.ts";
import { AcceptedChangesError, parseAcceptedChanges, sortByAccepted } from "../diff/accepted.ts";
import { diff } from "../diff/diff.ts";
import { FORMATS, printChanges } from "../diff/print.ts";
import { formatProblem, SpecError } from "../generate/read/problem.ts";
import { defineVerb, type Option, type OptionValues } from "./reader/program.ts";
import type { Terminal } from "./reader/terminal.ts";

const options = {
  format: { argument: "name", description: "how the changes are printed", default: "text", choices: FORMATS },
  overlay: {
    argument: "file",
    description: "OpenAPI Overlay: given once for both sides, twice for old and new",
    repeatable: true,
  },
  overlayOld: { argument: "file", description: "OpenAPI Overlay of the old side" },
  overlayNew: { argument: "file", description: "OpenAPI Overlay of the new side" },
  failOn: {
    argument: "level",
    description: "the lowest level of a change that gives exit code 1",
    default: "breaking",
    choices: ["breaking", "risky"],
  },
  accept: {
    argument: "file",
    description: "JSON list of changes that are accepted with a reason and a date",
  },
} as const satisfies Record<string, Option>;

export const diffVerb = defineVerb({
  options,
  notes: "Exit codes: 0 nothing of that level, 1 some, 2 could not compare.",
  run: ({ options, operands }, terminal) =>
    runDiff({ old: operands[0]!, new: operands[1]!, ...options }, terminal),
});

export type DiffCommand = { old: string; new: string } & OptionValues<typeof options>;

/**
 * The command `diff`.
 * @returns the exit code: 0 nothing of the level that fails, 1 some, 2 could not compare.
 */
export async function runDiff(
  command: DiffCommand,
  { stdout, stderr, workflow = stdout }: Pick<Terminal, "stdout" | "stderr"> & Partial<Terminal>,
): Promise<number> {
  const { format, failOn, accept, overlay } = command;
  if (overlay.length > 2) {
    stderr("--overlay is given more than twice; the first is the old side's, the second the new one's\n");
    return 2;
  }
  requirePackages("generate");
  const overlayOld = command.overlayOld ?? overlay[0];
  const overlayNew = command.overlayNew ?? overlay.at(-1);
  try {
    const list = accept === undefined ? [] : parseAcceptedChanges(accept, await readFile(accept, "utf8"));
    const { changes, faults } = await diff({ old: command.old, new: command.new, overlayOld, overlayNew });
    for (const fault of faults) stderr(`${formatProblem(fault)}\n`);
    const { counted, accepted, expired, unused } = sortByAccepted(changes, list, Date.now());
    for (const { id, expires } of expired) stderr(`${accept}: ${id} was accepted until ${expires}\n`);
    for (const { id, operation = "any operation" } of unused)
      stderr(`${accept}: ${id} of ${operation} has not changed; remove it\n`);
    (format === "github" ? workflow : stdout)(printChanges({ counted, accepted }, format));
    const failing = failOn === "risky" ? ["breaking", "risky"] : ["breaking"];
    return counted.some(({ level }) => failing.includes(level)) ? 1 : 0;
  } catch (error) {
    const isExpected = error instanceof SpecError || error instanceof AcceptedChangesError;
    stderr(`${isExpected ? "" : "could not compare: "}${(error as Error).message}\n`);
    return 2;
  }
}

import { spawn } from "node:child_process";
import { existsSync, globSync, readFileSync } from "node:fs";
import { basename, dirname, extname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { type OpenApi, readOperations } from "../../contracts/openapi/operations.ts";
import { requirePackages } from "../../contracts/openapi/optional-packages.ts";
import { printChanges } from "../diff/print.ts";
import type { CollectResponses } from "../generate/generate.ts";
import { parseDocument, type SpecDocument } from "../generate/read/document.ts";
import { formatProblem, SpecError } from "../generate/read/problem.ts";
import { affectedPacts, affectedTests, changedOperations } from "../update/affected.ts";
import { NoPlaceError, type Place, placeOf } from "../update/place.ts";
import {
  ForeignJournalError,
  type Replacement,
  ReplacementRunningError,
  recover,
} from "../update/replacement.ts";
import type { NearestKey, ReviewedAction } from "../update/review-overlay.ts";
import { type PreparedUpdate, prepareUpdate, type UpdateOptions } from "../update/update.ts";
import { defineVerb, type Option, type OptionValues } from "./reader/program.ts";
import type { Terminal } from "./reader/terminal.ts";

const options = {
  spec: {
    argument: "file",
    description: "the file that the new one takes the place of (default: that of spec/ with its base path)",
  },
  overlay: {
    argument: "file",
    description: "the overlay that completes it (default: NAME.overlay.yaml beside it, if there is one)",
  },
  newOverlay: { argument: "file", description: "an overlay for the new file, to take the place of that one" },
  out: {
    argument: "dir",
    description: "folder of the generated files (default: generated/<name of the spec>)",
  },
  pact: {
    argument: "file",
    description:
      "a pact, to list its interactions that the change affects (repeatable; default: pacts/ of the generated folder)",
    repeatable: true,
  },
  tests: {
    argument: "glob",
    description: "tests to look for the operations that change",
    default: "test/**/*.test.ts",
  },
  dryRun: { description: "report everything, change nothing" },
  keep: { description: "leave the new files in place although types, pacts or the verification fail" },
} as const satisfies Record<string, Option>;

export const updateVerb = defineVerb({
  options,
  notes: "Exit codes: 0 done and green, 1 a person must decide something, 2 could not.",
  run: ({ options, operands }, terminal) => runUpdate({ file: operands[0]!, ...options }, terminal),
});

export type UpdateCommand = { file: string } & OptionValues<typeof options>;

/**
 * The command `update`: takes a new file from the vendor.
 *
 * @returns the exit code: 0 done and green, 1 a person must decide something, 2 could not. With 1 and 2 nothing was
 *   changed, unless `keep` is set.
 */
export async function runUpdate(
  command: UpdateCommand,
  { stdout, stderr }: Pick<Terminal, "stdout" | "stderr">,
): Promise<number> {
  requirePackages("generate");
  try {
    const parent = command.out ? dirname(command.out) : "generated";
    if (recover(parent)) stderr("An update that was interrupted has been taken back.\n");
    const vendor = await readVendor(command.file);
    const { spec, previous } = command.spec
      ? { spec: command.spec, previous: command.spec }
      : await placeOf(vendor, "spec");
    const out = command.out ?? `generated/${basename(spec, extname(spec))}`;
    const overlays = overlaysOf(command, { spec, previous });
    const isSame = previous === spec && vendor.text === readText(spec);
    if (isSame && (command.newOverlay === undefined || isSameText(overlays.overlay))) {
      stdout(`${vendor.file} is the same as ${spec}. Nothing is to be done.\n`);
      return 0;
    }
    const collectResponses: CollectResponses = async (openapi) =>
      (await import("../../mocks/prism/responses.ts")).collectResponses(openapi);
    const { dryRun } = command;
    const update = await prepareUpdate({ vendor, spec, out, ...overlays, collectResponses, dryRun });
    try {
      stdout(reportOf(update, { ...command, out, spec, previous }));
      if (update.problems.length > 0) {
        for (const problem of update.problems) stderr(`${problem}\n`);
        stderr("Nothing was changed.\n");
        return 1;
      }
      if (dryRun) {
        stdout("\nNothing was changed (--dry-run).\n");
        return 0;
      }
      return await replaceAndCheck(update, { ...command, spec, out }, { stdout, stderr });
    } finally {
      update.discard();
    }
  } catch (error) {
    const isExpected = [SpecError, NoPlaceError, ReplacementRunningError, ForeignJournalError].some(
      (kind) => error instanceof kind,
    );
    stderr(
      `${isExpected ? "" : "could not update: "}${(error as Error).message
        .split("\n")
        .slice(0, isExpected ? undefined : 1)
        .join("\n")}\n`,
    );
    stderr("Nothing was changed.\n");
    return 2;
  }
}

function readVendor(file: string): Promise<SpecDocument> {
  return parseDocument(file === "-" ? "stdin" : file, readFileSync(file === "-" ? 0 : file, "utf8"));
}

function readText(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

/** The overlay of the contract from before, and the one for the new file with the place where it belongs. */
function overlaysOf(
  { overlay: given, newOverlay }: UpdateCommand,
  { spec, previous }: Place,
): Pick<UpdateOptions, "previous" | "overlay"> {
  const beside = (file: string) => file.replace(/\.[^./]+$/, ".overlay.yaml");
  const existing = (file: string) => (existsSync(file) ? file : undefined);
  const before = (previous === spec ? given : undefined) ?? existing(beside(previous));
  const to = given ?? beside(spec);
  const from = newOverlay ?? existing(to) ?? before;
  return {
    previous: { spec: previous, overlay: before },
    overlay: from === undefined ? undefined : { from, to },
  };
}

function isSameText(overlay: UpdateOptions["overlay"]): boolean {
  return overlay !== undefined && readText(overlay.from) === readText(overlay.to);
}

/**
 * Puts the new files in place, and takes them back when the project does not fit them.
 *
 * @returns the exit code.
 */
async function replaceAndCheck(
  update: PreparedUpdate,
  { spec, out, keep }: UpdateCommand & { spec: string; out: string },
  { stdout, stderr }: Output,
): Promise<number> {
  const replacement = update.commit();
  stdout(`\n${spec} and ${out} are replaced.\n`);
  const isGreen = await check({ spec, out, replacement }, { stdout, stderr });
  if (isGreen || keep) replacement.finish();
  else replacement.takeBack();
  if (isGreen) return 0;
  stderr(
    keep
      ? "The new files are in place. Mend what is named above.\n"
      : "The old files are back, and nothing was changed. Mend what is named above, or repeat it with --keep and mend it then.\n",
  );
  return 1;
}

function reportOf(
  update: PreparedUpdate,
  { pact, tests, spec, previous, out }: UpdateCommand & Place & { out: string },
): string {
  const { faults, actions, changes, renamed, before } = update;
  const changed = new Set(
    [...changedOperations(before, changes), ...renamed.map(({ operation }) => operation)].map(
      ({ key }) => key,
    ),
  );
  const operations = readOperations(before as unknown as OpenApi).filter(({ key }) => changed.has(key));
  const pacts = (pact.length > 0 ? pact : [`generated/${basename(previous, extname(previous))}/pacts/*.json`])
    .flatMap((pattern) => globSync(pattern))
    .sort();
  return [
    `${previous === spec ? spec : `${previous} → ${spec}`}, generated in ${out}\n`,
    section("Faults of the file", faults.map(formatProblem)),
    section("Corrections", reviewLines(actions)),
    `Changes\n${indented(printChanges({ counted: changes, accepted: [] }, "text"))}`,
    section(
      "Path parameters of the client with another name",
      renamed.map(({ operation, from, to }) => `${operation.key}: ${from} is now ${to}`),
    ),
    section("Tests that name an operation that changes", affectedTests(tests, operations)),
    ...(pacts.length > 0
      ? [section("Interactions of pacts", affectedPacts(pacts, { openapi: before, operations }))]
      : []),
  ].join("\n");
}

function reviewLines(actions: ReviewedAction[]): string[] {
  const applying = actions.filter(({ verdict }) => verdict === "applies").length;
  const listed = actions.filter(({ verdict }) => verdict !== "applies");
  return [
    ...(actions.length > 0 ? [`${applying} of ${actions.length} still apply`] : []),
    ...listed.map(({ file, line, target, verdict, message, nearest = [] }) =>
      verdict === "made"
        ? `${file}:${line} ${target} is made by the vendor; remove it`
        : `${file}:${line} ${message}${nearestWords(nearest)}`,
    ),
  ];
}

function nearestWords(nearest: readonly NearestKey[]): string {
  if (nearest.length === 0) return "";
  const places = nearest.flatMap(({ place }) => place ?? []);
  const see = places.length > 0 ? ` See ${places.join(", ")}.` : "";
  return ` Nearest: ${nearest.map(({ keys }) => keys).join(", ")}.${see}`;
}

function section(title: string, lines: string[]): string {
  return `${title}\n${indented(lines.length > 0 ? lines.join("\n") : "none")}`;
}

function indented(text: string): string {
  return text
    .trimEnd()
    .split("\n")
    .map((line) => (line === "" ? "\n" : `  ${line}\n`))
    .join("");
}

type Output = Pick<Terminal, "stdout" | "stderr">;

type Step = { name: string; program: string; args: string[] };

/** Checks the project with the new files: its types, its pacts, and NEC ID's contract against the mock. */
async function check(
  { spec, out, replacement }: { spec: string; out: string; replacement: Replacement },
  { stdout, stderr }: Output,
): Promise<boolean> {
  let isGreen = true;
  for (const { name, program, args } of stepsFor(spec, out)) {
    if (name === "pacts") replacement.keep(join(out, "pacts"));
    const { exit, text } = await run(program, args);
    stdout(`${name}: ${exit === 0 ? "ok" : "not ok"}\n`);
    if (exit === 0) continue;
    isGreen = false;
    stderr(`${name === "types" ? typeErrors(text) : text.trimEnd().split("\n").slice(-20).join("\n")}\n`);
  }
  return isGreen;
}

/** The errors of the compiler as `file:line:column message`, without their explanations. */
function typeErrors(text: string): string {
  const errors = [...text.matchAll(/^(\S.*)\((\d+),(\d+)\): error (TS\d+): (.*)$/gm)];
  if (errors.length === 0) return text.trimEnd();
  return errors
    .map(([, file, line, column, id, message]) => `${file}:${line}:${column} ${message} (${id})`)
    .join("\n");
}

function stepsFor(spec: string, out: string): Step[] {
  const node = process.execPath;
  const steps: Step[] = [];
  // Files outside the project, as those of a trial, are none that it compiles.
  const isOwn = !relative(process.cwd(), out).startsWith("..");
  const tsc = "node_modules/typescript/bin/tsc";
  if (isOwn && existsSync("tsconfig.json") && existsSync(tsc))
    steps.push({ name: "types", program: node, args: [tsc, "--noEmit", "--pretty", "false"] });
  if (isOwn && scripts().pacts !== undefined)
    steps.push({ name: "pacts", program: "npm", args: ["run", "--silent", "pacts"] });
  const version = /^spec\/necid-(v1|v1\.1)\.yaml$/.exec(spec)?.[1];
  if (version) {
    const pact = existsSync(join(out, "pacts")) ? ["pact"] : [];
    const parts = ["schema", "probe", "sequence", ...pact].flatMap((part) => ["--part", part]);
    const args = [necid, "verify", "--target", "mock", "--contract", version, ...parts];
    steps.push({ name: "verification of the mock", program: node, args });
  }
  return steps;
}

/** The scripts of the project's package.json. */
function scripts(): Record<string, string> {
  try {
    return JSON.parse(readFileSync("package.json", "utf8")).scripts ?? {};
  } catch {
    return {};
  }
}

const necid = fileURLToPath(new URL(`necid${extname(import.meta.url)}`, import.meta.url));

/** It is killed when this process exits. */
function run(program: string, args: string[]): Promise<{ exit: number | null; text: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
    const kill = () => child.kill("SIGKILL");
    process.once("exit", kill);
    let text = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8");
      stream.on("data", (chunk: string) => {
        text += chunk;
      });
    }
    child.once("error", reject);
    child.once("close", (exit) => {
      process.off("exit", kill);
      resolve({ exit, text });
    });
  });
}

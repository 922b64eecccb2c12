import { spawn } from "node:child_process";
import { existsSync, globSync, readFileSync } from "node:fs";
import { basename, extname, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { printChanges } from "../diff/print.ts";
import type { CollectResponses } from "../generate/generate.ts";
import { formatProblem, SpecError } from "../generate/read/problem.ts";
import { affectedPacts, affectedTests, changedOperations } from "../update/affected.ts";
import type { ReviewedAction } from "../update/review-overlay.ts";
import { type PreparedUpdate, prepareUpdate, removeLeftovers } from "../update/update.ts";
import { defineVerb, type Option, type OptionValues } from "./reader/program.ts";
import type { Terminal } from "./reader/terminal.ts";

const options = {
  spec: {
    argument: "file",
    description: "the file that the new one takes the place of",
    default: "spec/necid-v1.yaml",
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
    description: "a pact, to list its interactions that the change affects (repeatable)",
    repeatable: true,
  },
  tests: {
    argument: "glob",
    description: "tests to look for the operations that change",
    default: "test/**/*.test.ts",
  },
  dryRun: { description: "report everything, change nothing" },
} as const satisfies Record<string, Option>;

export const updateVerb = defineVerb({
  options,
  notes: "Exit codes: 0 done and green, 1 a person must decide something, 2 could not.",
  run: ({ options, operands }, terminal) => {
    // A signal takes effect between two steps. All files are replaced within one step.
    process.on("SIGINT", () => process.exit(130));
    process.on("SIGTERM", () => process.exit(143));
    return runUpdate({ file: operands[0]!, ...options }, terminal);
  },
});

export type UpdateCommand = { file: string } & OptionValues<typeof options>;

/**
 * The command `update`: takes a new file from the vendor.
 *
 * @returns the exit code: 0 done and green, 1 a person must decide something, 2 could not, and nothing was changed.
 */
export async function runUpdate(
  command: UpdateCommand,
  { stdout, stderr }: Pick<Terminal, "stdout" | "stderr">,
): Promise<number> {
  const { spec, file, newOverlay, dryRun } = command;
  const beside = spec.replace(/\.[^./]+$/, ".overlay.yaml");
  const overlay = command.overlay ?? (existsSync(beside) ? beside : undefined);
  const out = command.out ?? `generated/${basename(spec, extname(spec))}`;
  try {
    removeLeftovers(out);
    const vendor = {
      file: file === "-" ? "stdin" : file,
      text: readFileSync(file === "-" ? 0 : file, "utf8"),
    };
    if (vendor.text === readText(spec) && newOverlay === undefined) {
      stdout(`${vendor.file} is the same as ${spec}. Nothing is to be done.\n`);
      return 0;
    }
    const collectResponses: CollectResponses = async (openapi) =>
      (await import("../../mocks/prism/responses.ts")).collectResponses(openapi);
    const update = await prepareUpdate({ vendor, spec, overlay, newOverlay, out, collectResponses });
    try {
      stdout(reportOf(update, command));
      if (update.problems.length > 0) {
        for (const problem of update.problems) stderr(`${problem}\n`);
        stderr("Nothing was changed.\n");
        return 1;
      }
      if (dryRun) {
        stdout("\nNothing was changed (--dry-run).\n");
        return 0;
      }
      update.commit();
      stdout(`\n${spec} and ${out} are replaced.\n`);
    } finally {
      update.discard();
    }
    return await check({ spec, out }, { stdout, stderr });
  } catch (error) {
    const isExpected = error instanceof SpecError;
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

function readText(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

function reportOf(update: PreparedUpdate, { pact, tests }: UpdateCommand): string {
  const { faults, actions, changes, before } = update;
  const operations = changedOperations(before, changes);
  const pacts = pact.flatMap((pattern) => globSync(pattern));
  return [
    section("Faults of the file", faults.map(formatProblem)),
    section("Corrections", reviewLines(actions)),
    `Changes\n${indented(printChanges({ counted: changes, accepted: [] }, "text"))}`,
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
        : `${file}:${line} ${message}${nearest.length > 0 ? ` Nearest: ${nearest.join(", ")}.` : ""}`,
    ),
  ];
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

/** Checks the project with the new files: its types, and NEC ID's contract against the mock. */
async function check(
  { spec, out }: { spec: string; out: string },
  { stdout, stderr }: Output,
): Promise<number> {
  const tsc = "node_modules/typescript/bin/tsc";
  const steps: { name: string; args: string[] }[] = [];
  const isOwn = !relative(process.cwd(), out).startsWith("..");
  if (isOwn && existsSync("tsconfig.json") && existsSync(tsc))
    steps.push({ name: "types", args: [tsc, "--noEmit"] });
  const version = /^spec\/necid-(v1|v1\.1)\.yaml$/.exec(spec)?.[1];
  if (version) {
    const parts = ["schema", "probe", "sequence"].flatMap((part) => ["--part", part]);
    const args = [necid, "verify", "--target", "mock", "--contract", version, ...parts];
    steps.push({ name: "verification of the mock", args });
  }
  let code = 0;
  for (const { name, args } of steps) {
    const { exit, text } = await runNode(args);
    stdout(`${name}: ${exit === 0 ? "ok" : "not ok"}\n`);
    if (exit !== 0) {
      stderr(`${text.trimEnd().split("\n").slice(-20).join("\n")}\n`);
      code = 1;
    }
  }
  if (code === 1)
    stderr("The new files are in place. Mend what is named above, or take them back with git.\n");
  return code;
}

const necid = fileURLToPath(new URL(`necid${extname(import.meta.url)}`, import.meta.url));

function runNode(args: string[]): Promise<{ exit: number | null; text: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
    let text = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8");
      stream.on("data", (chunk: string) => {
        text += chunk;
      });
    }
    child.once("error", reject);
    child.once("close", (exit) => resolve({ exit, text }));
  });
}

import { basename, extname, join } from "node:path";
import { cachedGeneration } from "../generate/cache.ts";
import { type CollectResponses, generate } from "../generate/generate.ts";
import { OutputError } from "../generate/output.ts";
import { formatProblem, SpecError } from "../generate/read/problem.ts";
import { defineVerb, type Option, type OptionValues } from "./program.ts";
import { projectFolder } from "./project-folder.ts";

const options = {
  spec: {
    argument: "file",
    description: "Swagger 2.0 or OpenAPI 3.x, YAML or JSON (default: spec/necid-v1.yaml)",
  },
  overlay: {
    argument: "file",
    description: "OpenAPI Overlay that completes it (default: the one beside NEC ID's)",
  },
  out: { argument: "dir", description: "folder to write (default: generated/<name of the spec>)" },
  check: { description: "write nothing; exit 1 and name the files that are stale" },
} as const satisfies Record<string, Option>;

export const generateVerb = defineVerb({
  options,
  run({ options }, terminal) {
    // A signal takes effect between two steps. All files are written within one step.
    process.on("SIGINT", () => process.exit(130));
    process.on("SIGTERM", () => process.exit(143));
    const collectResponses: CollectResponses = async (openapi) =>
      (await import("../../mocks/prism/responses.ts")).collectResponses(openapi);
    const cache = join(projectFolder, "node_modules/.cache/necid");
    return runGenerate(options, { ...terminal, collectResponses, cache });
  },
});

export type GenerateCommand = OptionValues<typeof options>;
export type GenerateTerminal = {
  stdout: (text: string) => void;
  stderr: (text: string) => void;
  collectResponses?: CollectResponses;
  /** The folder of the cache of runs: a run without anything new is skipped. Without it none is. */
  cache?: string;
};

const NECID = { spec: "spec/necid-v1.yaml", overlay: "spec/necid-v1.overlay.yaml" };

/**
 * The command `generate`.
 * @returns the exit code: 0 done or fresh, 1 stale (with `check`), 2 could not, and nothing was written.
 */
export async function runGenerate(
  command: GenerateCommand,
  { stdout, stderr, collectResponses, cache }: GenerateTerminal,
): Promise<number> {
  const spec = command.spec ?? NECID.spec;
  // The overlay knows NEC ID's file and no other.
  const overlay = command.overlay ?? (spec === NECID.spec ? NECID.overlay : undefined);
  const out = command.out ?? `generated/${basename(spec, extname(spec))}`;
  const { check } = command;
  try {
    const make = () => generate({ spec, overlay, out, check, collectResponses });
    const { written, stale, warnings, unchanged } = cache
      ? await cachedGeneration({ spec, overlay, out }, cache, make)
      : { ...(await make()), unchanged: false };
    for (const warning of warnings) stderr(`${formatProblem(warning)} (the overlay mends this)\n`);
    if (!check && !unchanged) {
      for (const name of written) stdout(`wrote ${join(out, name)}\n`);
      return 0;
    }
    for (const name of stale) stderr(`${join(out, name)} is stale\n`);
    if (stale.length > 0) stderr("Run `npm run generate` and commit what it writes.\n");
    else stdout(`${written.length} files are fresh\n`);
    return stale.length > 0 ? 1 : 0;
  } catch (error) {
    stderr(`${reasonOf(error)}\n`);
    return 2;
  }
}

/** Problems as they are; anything unforeseen as one sentence without its stack. */
function reasonOf(error: unknown): string {
  if (error instanceof SpecError || error instanceof OutputError) return error.message;
  const [line] = String(error instanceof Error ? error.message : error).split("\n");
  return `generate failed: ${line}`;
}

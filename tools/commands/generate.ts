import { existsSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { MissingPackagesError, missingPackages } from "../../contracts/openapi/optional-packages.ts";
import { cacheFolder } from "../../contracts/trust/cache-folder.ts";
import { cachedGeneration } from "../generate/cache.ts";
import type { CollectResponses } from "../generate/generate.ts";
import { ForeignFileError, OutputError } from "../generate/output.ts";
import { printProblem, SpecError } from "../generate/read/problem.ts";
import { ForeignJournalError, ReplacementRunningError, recover } from "../update/replacement.ts";
import { defineVerb, type Option, type OptionValues } from "./reader/program.ts";
import { projectFolder } from "./reader/project-folder.ts";
import { specOptions } from "./spec-options.ts";

const options = {
  spec: {
    argument: "file",
    description: "Swagger 2.0 or OpenAPI 3.x, YAML or JSON (default: all of NEC ID's in spec/)",
  },
  overlay: {
    argument: "file",
    description: "OpenAPI Overlay that completes it (default: the one beside NEC ID's)",
  },
  out: { argument: "dir", description: "folder to write (default: generated/<name of the spec>)" },
  ...specOptions,
  check: { description: "write nothing; exit 1 and name the files that are stale" },
  strict: { description: "warnings are errors; always so for NEC ID's own files" },
  save: { description: "keep these options in package.json, so that later runs need none" },
  force: { description: "overwrite files in the folder that this command did not write" },
} as const satisfies Record<string, Option>;

export const generateVerb = defineVerb({
  options,
  notes: `Without --spec, the options are read from necid.config.ts, .js or .json, or from "necid" in package.json:
  { "spec": "orders.yaml", "overlay": "orders.overlay.yaml", "out": "src/orders" }`,
  run({ options }, terminal) {
    const collectResponses: CollectResponses = async (openapi) =>
      (await import("../../mocks/prism/responses.ts")).collectResponses(openapi);
    const folder = cacheFolder(terminal.env);
    const cache = folder && join(folder, "generations");
    return runGenerate(options, { ...terminal, collectResponses, cache });
  },
});

export type GenerateCommand = Partial<OptionValues<typeof options>>;
export type GenerateTerminal = {
  stdout: (text: string) => void;
  stderr: (text: string) => void;
  collectResponses?: CollectResponses;
  /** Makes NEC ID's whatever the project keeps. */
  ignoresConfig?: boolean;
  /** The folder of the cache of runs: a run without anything new is skipped. Without it none is. */
  cache?: string;
};

/** NEC ID's files, one for each version: those of the project that the command runs in, or the package's own. */
const necId = ["spec/necid-v1.yaml", "spec/necid-v1.1.yaml"].map((file) =>
  existsSync(file) ? file : join(projectFolder, file),
);

/**
 * The command `generate`. Without a spec it generates what the project's config names, else every version of NEC ID.
 * @returns the exit code: 0 done or fresh, 1 stale (with `check`), 2 could not, and nothing was written for that spec.
 */
export async function runGenerate(command: GenerateCommand, terminal: GenerateTerminal): Promise<number> {
  const missing = missingPackages("generate");
  if (missing) {
    terminal.stderr(`${missing.message}\n`);
    return 2;
  }
  if (command.spec !== undefined) return generateGiven({ ...command, spec: command.spec }, terminal);
  const kept = terminal.ignoresConfig ? undefined : await keptSpecs(command, terminal);
  if (kept === "unusable") return 2;
  if (kept !== undefined) {
    const codes: number[] = [];
    for (const one of kept)
      codes.push(await generateOne({ ...command, ...one, ...withoutUndefined(command) }, terminal));
    return Math.max(...codes);
  }
  // One file was meant before there were two: its overlay or folder can belong to that one only.
  const specs = command.overlay === undefined && command.out === undefined ? necId : necId.slice(0, 1);
  const codes: number[] = [];
  for (const spec of specs) codes.push(await generateOne({ ...command, spec }, terminal));
  return Math.max(...codes);
}

/** A description that the command line names; with `save` its options are kept for later runs. */
async function generateGiven(
  command: GenerateCommand & { spec: string },
  terminal: GenerateTerminal,
): Promise<number> {
  const code = await generateOne(command, terminal);
  if (!command.save || code !== 0) return code;
  const { spec, overlay, out, strict, allowRefs = [], maxSpecSize } = command;
  try {
    const { saveProjectConfig } = await import("./project/config.ts");
    saveProjectConfig({
      spec,
      ...(overlay !== undefined && { overlay }),
      ...(out !== undefined && { out }),
      ...(strict && { strict }),
      ...(allowRefs.length > 0 && { allowRefs: [...allowRefs] }),
      ...(maxSpecSize !== undefined && { maxSpecSize }),
    });
    terminal.stdout("package.json keeps these options: `necid generate` needs none from now on.\n");
    return 0;
  } catch (error) {
    terminal.stderr(`${(error as Error).message}\n`);
    return 2;
  }
}

/** What the project keeps in its config; `undefined` where it has none. */
async function keptSpecs(command: GenerateCommand, { stderr }: GenerateTerminal) {
  const { ConfigError, readProjectConfig } = await import("./project/config.ts");
  try {
    const kept = await readProjectConfig();
    if (kept === undefined || kept.length === 1) return kept;
    if (command.overlay === undefined && command.out === undefined) return kept;
    stderr(
      "The config has several descriptions. Name the one that --overlay and --out are for with --spec.\n",
    );
    return "unusable";
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    stderr(`${error.message}\n`);
    return "unusable";
  }
}

/** What the command line says goes before what is kept. An option that may be repeated is an empty list by default. */
function withoutUndefined(command: GenerateCommand): GenerateCommand {
  const given = Object.entries(command).filter(
    ([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0),
  );
  return Object.fromEntries(given);
}

async function generateOne(
  command: GenerateCommand & { spec: string },
  { stdout, stderr, collectResponses, cache }: GenerateTerminal,
): Promise<number> {
  const { spec, check, force, allowRefs, maxSpecSize } = command;
  const strict = command.strict || necId.includes(spec);
  // An overlay knows its own file and no other.
  const overlay = command.overlay ?? (necId.includes(spec) ? overlayBeside(spec) : undefined);
  const out = command.out ?? `generated/${basename(spec, extname(spec))}`;
  const limits = { allowRefs, maxSpecSize };
  try {
    if (!check && recover(dirname(out))) stderr("An update that was interrupted has been taken back.\n");
    const make = async () => {
      const { generate } = await import("../generate/generate.ts");
      return generate({ spec, overlay, out, check, force, strict, collectResponses, ...limits });
    };
    const {
      written,
      stale,
      warnings,
      slowPatterns = [],
      unchanged,
    } = cache
      ? await cachedGeneration({ spec, overlay, out, strict, ...limits }, cache, make)
      : { ...(await make()), unchanged: false };
    for (const problem of [...warnings, ...slowPatterns]) stderr(`${printProblem(problem)}\n`);
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

function overlayBeside(spec: string): string {
  return spec.replace(/\.yaml$/, ".overlay.yaml");
}

/** Problems as they are; anything unforeseen as one sentence without its stack. */
function reasonOf(error: unknown): string {
  const known = [
    SpecError,
    ReplacementRunningError,
    ForeignJournalError,
    OutputError,
    ForeignFileError,
    MissingPackagesError,
  ];
  if (known.some((kind) => error instanceof kind)) return (error as Error).message;
  const [line] = String(error instanceof Error ? error.message : error).split("\n");
  return `generate failed: ${line}`;
}

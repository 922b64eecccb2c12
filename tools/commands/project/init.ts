import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { createInterface } from "node:readline/promises";
import { isObject } from "../../../contracts/openapi/json.ts";
import { defineVerb, type Option } from "../reader/program.ts";
import type { Terminal } from "../reader/terminal.ts";
import { runners, templates, workflow } from "./templates.ts";

const options = {
  runner: {
    argument: "name",
    description: "the test runner; asked for where it is not given",
    choices: runners,
  },
} as const satisfies Record<string, Option>;

export const initVerb = defineVerb({
  options,
  notes: "Files that are there already are left as they are. Nothing else is changed.",
  run: ({ options }, terminal) => runInit(options, terminal),
});

type Runner = (typeof runners)[number];

/**
 * Writes the first test, a script in `package.json`, and a CI job.
 *
 * @returns the exit code: 0, or 2 when there is no project here or no runner was named.
 */
export async function runInit({ runner }: { runner?: Runner }, terminal: Terminal): Promise<number> {
  const { stdout, stderr } = terminal;
  const manifest = readManifest();
  if (manifest instanceof Error) {
    stderr(`${manifest.message}\n`);
    return 2;
  }
  const chosen = runner ?? (await askRunner(manifest.parsed));
  if (!chosen) {
    stderr(`Name the test runner: --runner ${runners.join(", ")}\n`);
    return 2;
  }
  try {
    writeFiles(chosen, manifest, stdout);
    return 0;
  } catch (error) {
    const { code, path, message } = error as NodeJS.ErrnoException;
    stderr(`${path ?? "A file"} cannot be written (${code ?? message}).\n`);
    return 2;
  }
}

/** @throws what the system says when a file cannot be written. */
function writeFiles(runner: Runner, manifest: Manifest, stdout: Terminal["stdout"]): void {
  const { file, test, script } = templates[runner];
  write(file, test);
  write(".github/workflows/necid.yml", workflow);
  const scripts = (manifest.parsed.scripts ?? {}) as Record<string, string>;
  if (scripts["test:necid"] === undefined) {
    const changed = { ...manifest.parsed, scripts: { ...scripts, "test:necid": script } };
    writeFileSync("package.json", `${JSON.stringify(changed, null, manifest.indent)}\n`);
    stdout("added the script test:necid to package.json\n");
  } else stdout("package.json has a script test:necid already\n");
  stdout("Run it: npm run test:necid\n");

  function write(path: string, text: string): void {
    if (existsSync(path)) return void stdout(`${path} is there already\n`);
    mkdirSync(dirname(path), { recursive: true });
    // A link to nothing is not there either, and is not followed.
    writeFileSync(path, text, { flag: "wx" });
    stdout(`wrote ${path}\n`);
  }
}

type Manifest = { parsed: Record<string, unknown>; indent: string };

function readManifest(): Manifest | Error {
  try {
    const text = readFileSync("package.json", "utf8");
    const parsed = JSON.parse(text);
    if (!isObject(parsed) || !isObject(parsed.scripts ?? {}))
      return new Error("package.json must be an object, and so must its scripts.");
    return { parsed, indent: /^([ \t]+)"/m.exec(text)?.[1] ?? "  " };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return new Error("There is no package.json here. Run `npm init` first.");
    return new Error(`package.json cannot be read: ${code ?? message}`);
  }
}

/** The runner that the project has; else somebody is asked, where somebody is there. */
async function askRunner(manifest: Record<string, unknown>): Promise<Runner | undefined> {
  const installed = Object.keys({ ...(manifest.dependencies ?? {}), ...(manifest.devDependencies ?? {}) });
  const found = runners.find((name) => installed.includes(name === "playwright" ? "@playwright/test" : name));
  if (!process.stdin.isTTY || !process.stderr.isTTY) return found;
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  const suggested = found ?? "node-test";
  const answer = (await prompt.question(`Test runner (${runners.join(", ")})? [${suggested}] `)).trim();
  prompt.close();
  return answer === "" ? suggested : runners.find((name) => name === answer);
}

import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { runProgram, wholeNumber } from "../../../tools/commands/reader/options.ts";
import type { CommandLine, Option } from "../../../tools/commands/reader/program.ts";
import { terminal } from "../../../tools/commands/reader/terminal.ts";
import { cleanUpAtEnd } from "../../../tools/process/clean-up.ts";
import { folderSize } from "./folder-size.ts";

const options = {
  sizes: { description: "also measure how large MSW and Prism's command line are when they are installed" },
  times: {
    argument: "number",
    description: "do all of it so often, each time in new projects from an empty cache, and print a table",
    default: 1,
    parse: wholeNumber({ from: 1 }),
  },
} as const satisfies Record<string, Option>;

const program = {
  name: "npm run examples --",
  description: `Runs the projects of examples/ as a consumer has them: outside this repository, with the packed package, from an empty npm cache, on Node 22 and 24. Prints a line for each, and how large the package is when it is installed.
Exit codes: 0 done, 1 an example fails or the package is larger than its limit.`,
  furtherOperands: ["name", 'which examples: vitest, or "vitest 5" (default: all)'] as [string, string],
  options,
};

type Project = {
  name: string;
  folder: string;
  packages?: Record<string, string>;
  /** Copies of a test file, so that every worker has one. */
  copies?: { of: string; count: number };
  /** Whether one Node is enough, because the compiler does the work. */
  isCompiled?: boolean;
  /** A runtime of its own, by the name of its command. It is left out where npm brings none for this machine. */
  runtime?: string;
};

const copies = { of: "stranger.test.ts", count: 3 };
const projects: Project[] = [
  { name: "vitest 5", folder: "vitest", copies },
  { name: "vitest 4", folder: "vitest", copies, packages: { vitest: "4.1.12" } },
  { name: "vitest 3", folder: "vitest", copies, packages: { vitest: "3.2.7" } },
  { name: "jest-esm", folder: "jest-esm" },
  { name: "jest-commonjs", folder: "jest-commonjs" },
  { name: "mocha", folder: "mocha" },
  { name: "node-test", folder: "node-test" },
  { name: "playwright", folder: "playwright" },
  { name: "typescript 5.9", folder: "typescript", isCompiled: true },
  { name: "typescript newest", folder: "typescript", isCompiled: true, packages: { typescript: "latest" } },
  { name: "command-line", folder: "command-line" },
  { name: "bun", folder: "bun", runtime: "bun" },
  { name: "deno", folder: "deno", runtime: "deno" },
];
/** The oldest Node that the package is for, and the one that this project uses. */
const nodes = { "22.12.0": "node@22.12.0", "24.21.0": "node@24.21.0" };
const limits = { packages: 15, megabytes: 10 };

/** A folder for everything that is installed, which is removed at the end. */
let root: string;
/** The packed package. */
let tarball: string;
let failed = 0;
const results = new Map<string, { passed: number; seconds: number[] }>();

process.exitCode = await runProgram(program, { args: process.argv.slice(2), terminal }, runExamples);

async function runExamples({
  operands: names,
  options: { times, sizes },
}: CommandLine<typeof options>): Promise<number> {
  const unknown = names.find((name) => !projects.some((project) => isNamed(project, name)));
  if (unknown !== undefined) {
    const known = projects.map(({ name }) => name).join(", ");
    terminal.stderr(`error: there is no example '${unknown}'; there are ${known}\n`);
    return 2;
  }
  const selected = projects.filter(
    (project) => names.length === 0 || names.some((name) => isNamed(project, name)),
  );
  root = mkdtempSync(join(tmpdir(), "necid-examples-"));
  cleanUpAtEnd(() => rmSync(root, { recursive: true, force: true }));
  tarball = await pack();
  const nodeFolders = await installNodes();
  for (let time = 1; time <= times; time++) {
    if (times > 1) console.log(`run ${time} of ${times}`);
    const place = join(root, `run-${time}`);
    for (const project of selected) {
      const folder = await install(project, place);
      if (folder === undefined) continue;
      const isOnce = project.isCompiled || project.runtime !== undefined;
      const some = isOnce ? nodeFolders.slice(-1) : nodeFolders;
      for (const [version, bin] of some) await runTests(project.name, { folder, version, bin });
    }
    rmSync(place, { recursive: true, force: true });
  }
  if (times > 1) printTable();
  await measure(sizes === true);
  return failed > 0 ? 1 : 0;
}

function isNamed({ name, folder }: Project, wanted: string): boolean {
  return name === wanted || folder === wanted;
}

async function pack(): Promise<string> {
  // Prepared first: `npm pack` prints what its scripts print.
  await npm(["run", "build"], { cwd: "." });
  const { stdout } = await npm(["pack", "--ignore-scripts", "--silent", "--pack-destination", root], {
    cwd: ".",
  });
  return join(root, stdout.trim().split("\n").at(-1)!);
}

async function installNodes(): Promise<[version: string, bin: string][]> {
  return Promise.all(
    Object.entries(nodes).map(async ([version, name]): Promise<[string, string]> => {
      const folder = newProject(`node-${version}`);
      await npm(["install", name], { cwd: folder });
      return [version, join(folder, "node_modules/.bin")];
    }),
  );
}

/** @returns the project's folder; `undefined` where its runtime does not start here. */
async function install(
  { name, folder: source, packages, copies, runtime }: Project,
  place: string,
): Promise<string | undefined> {
  const folder = join(place, name.replaceAll(" ", "-"));
  cpSync(join("examples", source), folder, { recursive: true, filter: (file) => !/node_modules/.test(file) });
  for (let copy = 1; copy <= (copies?.count ?? 0); copy++)
    cpSync(join(folder, copies!.of), join(folder, copies!.of.replace(".", `-${copy}.`)));
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  Object.assign(manifest.devDependencies, packages, { "necid-contract-kit": `file:${tarball}` });
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  const optional = runtime !== undefined;
  const { code } = await npm(["install"], {
    cwd: folder,
    cache: join(place, "cache"),
    allowFailure: optional,
  });
  const starts =
    !optional ||
    (await npm(["exec", "--offline", "--", runtime, "--version"], { cwd: folder, allowFailure: true }))
      .code === 0;
  if (code === 0 && starts) return folder;
  console.log(`skipped ${name}: npm brings no ${runtime} that starts on this machine`);
  return undefined;
}

async function runTests(
  name: string,
  { folder, version, bin }: { folder: string; version: string; bin: string },
): Promise<void> {
  const started = performance.now();
  const { code, stdout, stderr } = await npm(["test"], { cwd: folder, bin, allowFailure: true });
  const seconds = (performance.now() - started) / 1000;
  const row = `${name.padEnd(17)} Node ${version.padEnd(8)}`;
  const result = results.get(row) ?? { passed: 0, seconds: [] };
  result.seconds.push(seconds);
  if (code === 0) result.passed += 1;
  results.set(row, result);
  console.log(`${code === 0 ? "passed" : "FAILED"}  ${row} ${seconds.toFixed(1)} s`);
  if (code === 0) return;
  failed += 1;
  console.log(`${stdout}\n${stderr}`);
}

function printTable(): void {
  console.log("\nproject           Node          passed     median s");
  for (const [row, { passed, seconds }] of results) {
    const median = seconds.toSorted((one, other) => one - other)[Math.floor(seconds.length / 2)]!;
    console.log(`${row} ${`${passed} of ${seconds.length}`.padStart(8)} ${median.toFixed(1).padStart(12)}`);
  }
}

/** How many packages and megabytes an empty project has after an installation. */
async function measure(withOthers: boolean): Promise<void> {
  const own = await sizeOf("necid-contract-kit", tarball);
  if (own.packages > limits.packages || own.megabytes > limits.megabytes) failed += 1;
  if (!withOthers) return;
  await sizeOf("msw", "msw@2");
  await sizeOf("prism", "@stoplight/prism-cli@5.16.0");
}

async function sizeOf(name: string, wanted: string): Promise<{ packages: number; megabytes: number }> {
  const folder = newProject(`size-${name}`);
  await npm(["install", "--save-dev", wanted], { cwd: folder });
  const { packages } = JSON.parse(readFileSync(join(folder, "package-lock.json"), "utf8"));
  const size = {
    packages: Object.keys(packages).filter((place) => existsSync(join(folder, place)) && place !== "").length,
    megabytes: folderSize(join(folder, "node_modules")) / 2 ** 20,
  };
  console.log(`${name.padEnd(22)} ${size.packages} packages, ${size.megabytes.toFixed(1)} MB`);
  return size;
}

function newProject(name: string): string {
  const folder = join(root, name);
  mkdirSync(folder);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name, private: true }));
  return folder;
}

type Ran = { code: number; stdout: string; stderr: string };

/** @param options.bin the folder of another Node, first in the path. */
function npm(
  args: string[],
  {
    cwd,
    bin = resolve("node_modules/.bin"),
    cache = join(root, "cache"),
    allowFailure,
  }: { cwd: string; bin?: string; cache?: string; allowFailure?: boolean },
): Promise<Ran> {
  const env = {
    ...process.env,
    PATH: [bin, process.env.PATH].join(delimiter),
    npm_config_cache: cache,
    npm_config_audit: "false",
    npm_config_fund: "false",
    npm_config_update_notifier: "false",
  };
  return new Promise((done, fail) => {
    execFile("npm", args, { cwd, env, maxBuffer: 1e8, timeout: 240_000 }, (error, stdout, stderr) => {
      if (error && !allowFailure)
        fail(new Error(`npm ${args.join(" ")} failed in ${cwd}:\n${stdout}\n${stderr}`));
      else done({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr });
    });
  });
}

import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { folderSize } from "./folder-size.ts";

/**
 * Runs the projects of `examples/` as a consumer has them: outside this repository, with the packed package, from an
 * empty npm cache, on Node 22 and 24. Prints a line for each, and how large the package is when it is installed.
 *
 *     node test/lab/examples/run.ts [NAME...] [--sizes]
 *
 * Names select examples. `--sizes` installs MSW and Prism's command line for comparison. The exit code is 1 when an
 * example fails, or when the package is larger than its limit.
 */
const [flags, names] = [
  process.argv.slice(2).filter(isFlag),
  process.argv.slice(2).filter((arg) => !isFlag(arg)),
];
const root = mkdtempSync(join(tmpdir(), "necid-examples-"));
process.once("exit", () => rmSync(root, { recursive: true }));
process.once("SIGINT", () => process.exit(130));

const projects: { name: string; folder: string; packages?: Record<string, string> }[] = [
  { name: "vitest 5", folder: "vitest" },
  { name: "vitest 4", folder: "vitest", packages: { vitest: "4.1.12" } },
  { name: "vitest 3", folder: "vitest", packages: { vitest: "3.2.7" } },
  { name: "jest-esm", folder: "jest-esm" },
  { name: "jest-commonjs", folder: "jest-commonjs" },
  { name: "mocha", folder: "mocha" },
  { name: "node-test", folder: "node-test" },
  { name: "playwright", folder: "playwright" },
];
/** The oldest Node that the package is for, and the one that this project uses. */
const nodes = { "22.12.0": "node@22.12.0", "24.21.0": "node@24.21.0" };
const limits = { packages: 15, megabytes: 10 };

const tarball = await pack();
const nodeFolders = await installNodes();
let failed = 0;
for (const project of projects) {
  if (names.length > 0 && !names.includes(project.folder)) continue;
  const folder = await install(project);
  for (const [version, bin] of nodeFolders) await runTests(project.name, { folder, version, bin });
}
await measure();
process.exitCode = failed > 0 ? 1 : 0;

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

async function install({ name, folder: source, packages }: (typeof projects)[number]): Promise<string> {
  const folder = join(root, name.replaceAll(" ", "-"));
  cpSync(join("examples", source), folder, { recursive: true, filter: (file) => !/node_modules/.test(file) });
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  Object.assign(manifest.devDependencies, packages, { "necid-contract-kit": `file:${tarball}` });
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  await npm(["install"], { cwd: folder });
  return folder;
}

async function runTests(
  name: string,
  { folder, version, bin }: { folder: string; version: string; bin: string },
): Promise<void> {
  const started = performance.now();
  const { code, stdout, stderr } = await npm(["test"], { cwd: folder, bin, allowFailure: true });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(
    `${code === 0 ? "passed" : "FAILED"}  ${name.padEnd(14)} Node ${version.padEnd(8)} ${seconds} s`,
  );
  if (code === 0) return;
  failed += 1;
  console.log(`${stdout}\n${stderr}`);
}

/** How many packages and megabytes an empty project has after an installation. */
async function measure(): Promise<void> {
  const own = await sizeOf("necid-contract-kit", tarball);
  if (own.packages > limits.packages || own.megabytes > limits.megabytes) failed += 1;
  if (!flags.includes("--sizes")) return;
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
    allowFailure,
  }: { cwd: string; bin?: string; allowFailure?: boolean },
): Promise<Ran> {
  const env = {
    ...process.env,
    PATH: [bin, process.env.PATH].join(delimiter),
    npm_config_cache: join(root, "cache"),
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

function isFlag(arg: string): boolean {
  return arg.startsWith("--");
}

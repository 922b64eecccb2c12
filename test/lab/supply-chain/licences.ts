import { runProgram } from "../../../tools/commands/reader/options.ts";
import type { Option } from "../../../tools/commands/reader/program.ts";
import { terminal } from "../../../tools/commands/reader/terminal.ts";
import { installedFor, type Lock, type Manifest, permissive, readJson } from "./packages.ts";

const options = {
  optional: { description: "also the optional packages and what these bring" },
} as const satisfies Record<string, Option>;

const program = {
  name: "npm run licences --",
  description: `Lists what a consumer installs with its licences.
Exit codes: 0 all are permissive, 1 one is not.`,
  options,
};

process.exitCode = await runProgram(program, { args: process.argv.slice(2), terminal }, async ({ options }) =>
  printLicences(options.optional === true),
);

function printLicences(withOptional: boolean): number {
  const { dependencies = {}, peerDependencies = {} } = readJson<Manifest>("package.json");
  const names = [...Object.keys(dependencies), ...(withOptional ? Object.keys(peerDependencies) : [])];
  const installed = installedFor(names, readJson<Lock>("package-lock.json"));
  const rows = installed.map((each) => ({ ...each, license: each.license ?? olderLicence(each.path) }));
  for (const { path, version, license } of rows) {
    console.log(`${license.padEnd(14)} ${path.slice(path.lastIndexOf("node_modules/") + 13)} ${version}`);
  }
  const others = rows.filter(({ license }) => !permissive.has(license));
  console.log(`${rows.length} packages, ${others.length} not permissive`);
  return others.length > 0 ? 1 : 0;
}

/** Old packages have a list, which the lock file leaves out. */
function olderLicence(path: string): string {
  const { licenses = [] } = readJson<{ licenses?: { type: string }[] }>(`${path}/package.json`);
  return licenses.map(({ type }) => type).join(" OR ") || "unknown";
}

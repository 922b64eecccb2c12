import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";

const run = promisify(execFile);
const options = ["--bundle", "--minify", "--platform=browser", "--format=esm", "--target=es2024"];

test.each(["contracts/necid/client.ts", "contracts/necid/client-v1.1.ts"])(
  "%s bundles for a browser with esbuild, in less than 25 kB gzipped",
  async (entry) => {
    // For a browser, esbuild fails at an import of a module of Node.
    const { stdout } = await run("node_modules/.bin/esbuild", [
      entry,
      ...options,
      "--conditions=necid-source",
    ]);
    expect(gzipSync(stdout).length).toBeLessThan(25_000);
    const globals = ["Buffer", "setImmediate", "require"];
    expect(globals.filter((name) => new RegExp(`\\b${name}\\b[.(]`).test(stdout))).toEqual([]);
  },
);

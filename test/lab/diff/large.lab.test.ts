import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Edition, largeContract } from "../../tools/generate/large-contract.ts";

/** The processor time and the memory of the diff of two descriptions of 40,000 lines, in a process of its own. */

const lines = 40_000;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "large-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Prints the seconds of processor time and the megabytes when the process ends. */
const measure = `import { writeFileSync } from "node:fs";
process.on("exit", () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  writeFileSync(process.env.USAGE, JSON.stringify({ seconds: (userCPUTime + systemCPUTime) / 1e6, megabytes: maxRSS / 1024 }));
});`;

function writeLarge(edition: Edition, name: string, change: (text: string) => string): string {
  let operations = 400;
  let text = "";
  while (text.split("\n").length < lines) {
    operations += 40;
    text = JSON.stringify(largeContract(operations, edition), null, 2);
  }
  const file = join(folder, name);
  writeFileSync(file, change(text));
  return file;
}

/** A limit, a pattern, a type or a requirement of each schema changes. */
function changed(text: string): string {
  return text
    .replaceAll(/"maxLength": (\d+)/g, (_, length) => `"maxLength": ${Number(length) - 1}`)
    .replaceAll('"type": "boolean"', '"type": "string"')
    .replaceAll(/"required": \[\n\s+"[^"]+",/g, '"required": [');
}

test.each<[what: string, edition: Edition, change: (text: string) => string]>([
  ["Swagger 2.0 that has not changed", "swagger", (text) => text.replace("{", "{ ")],
  ["Swagger 2.0 with changes in every schema", "swagger", changed],
  ["OpenAPI 3.0 with changes in every schema", "3.0", changed],
  ["OpenAPI 3.1 with changes in every schema", "3.1", changed],
])("%s: less than 3 s and 500 MB", (_, edition, change) => {
  const old = writeLarge(edition, "old.json", (text) => text);
  const now = writeLarge(edition, "new.json", change);
  const usage = join(folder, "usage.json");
  const { status, stderr } = spawnSync(
    process.execPath,
    [
      ...["--import", `data:text/javascript,${encodeURIComponent(measure)}`],
      ...["tools/commands/start.js", "diff", old, now, "--format", "json"],
    ],
    { env: { ...process.env, USAGE: usage }, encoding: "utf8", maxBuffer: 2 ** 28 },
  );
  expect([status, stderr]).toEqual([change === changed ? 1 : 0, ""]);
  const { seconds, megabytes } = JSON.parse(readFileSync(usage, "utf8"));
  console.log(`${seconds.toFixed(2)} s of processor time, ${Math.round(megabytes)} MB`);
  expect(seconds).toBeLessThan(3);
  expect(megabytes).toBeLessThan(500);
});

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";

it("every regular expression of the product is linear", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ["test/lab/patterns/run.ts"]);
  expect(stdout).toMatch(/\n\d{3} regular expressions, 0 not linear\n$/);
}, 300_000);

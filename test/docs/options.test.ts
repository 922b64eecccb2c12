import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import * as client from "../../contracts/necid/client.ts";

const run = promisify(execFile);

test.each([
  ["mock", "docs/mock.md"],
  ["verify", "docs/verification.md"],
  ["generate", "docs/generation.md"],
  ["update", "docs/update.md"],
])("every option and variable of necid %s is on its page, %s", async (verb, file) => {
  const { stdout } = await run(process.execPath, ["tools/commands/necid.ts", verb, "--help"]);
  const page = readFileSync(file, "utf8") + readFileSync("README.md", "utf8");
  const options = [...stdout.matchAll(/^ +(--[a-z-]+)/gm)].map(([, name]) => name!);
  const variables = [...stdout.matchAll(/\b(?:NECID|PACT)_[A-Z0-9_]+/g)].map(([name]) => name);
  expect(options.length).toBeGreaterThan(3);
  expect([...options, ...variables].filter((name) => !page.includes(name))).toEqual([]);
});

test("the page of the client names exactly the errors that it exports", () => {
  const page = readFileSync("docs/client.md", "utf8");
  const named = [...page.matchAll(/`(\w+Error)`/g)].map(([, name]) => name!);
  const exported = Object.keys(client).filter((name) => name.endsWith("Error"));
  expect([...new Set(named)].filter((name) => name !== "SyntaxError").toSorted()).toEqual(
    exported.toSorted(),
  );
});

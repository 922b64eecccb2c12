import { execFile } from "node:child_process";
import { globSync } from "node:fs";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { startMock } from "../../mocks/mock.ts";
import { sourceCondition } from "./run-page.ts";

const run = promisify(execFile);

/** What each example prints against a mock. */
const printed: Record<string, RegExp> = {
  "examples/register.ts": /^201 necidguid-\S+ 0\.\d+\n$/,
  "examples/outage.ts": new RegExp(
    [
      "^search 404",
      "registration 502 { message: 'Internal server error' }",
      "ApiFaceSearchPost 502 fault-1",
      "ApiFaceSearchPost 404",
      "ApiSubjectsPost 502 fault-2\n$",
    ].join("\n"),
  ),
  "examples/pact.ts": /^register a face: 201\nregister a face: 400 NoFace\n/,
};

test("every example is run", () => {
  expect(globSync("examples/*.ts").sort()).toEqual(Object.keys(printed).sort());
});

test.each(Object.entries(printed))("%s runs and prints what it says", async (file, expected) => {
  const mock = await startMock();
  try {
    const { stdout } = await run(process.execPath, [`--conditions=${sourceCondition}`, file], {
      env: { ...process.env, NECID_BASE_URL: mock.url },
    });
    expect(stdout).toMatch(expected);
  } finally {
    await mock.close();
  }
});

test("examples/register.ts without a mock says so in one line", async () => {
  const mock = await startMock();
  await mock.close();
  const ran = run(process.execPath, [`--conditions=${sourceCondition}`, "examples/register.ts"], {
    env: { ...process.env, NECID_BASE_URL: mock.url },
  });
  const stderr = expect.stringMatching(
    /^POST \/subjects got no response after 3 tries: ECONNREFUSED\. .*\n$/,
  );
  await expect(ran).rejects.toMatchObject({ code: 1, stdout: "", stderr });
});

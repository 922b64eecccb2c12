import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { headings, testsFor } from "./patches.ts";
import { copyProject } from "./unmended.ts";

/** Each test of `test/security` is seen to fail where a mend that it guards is undone. */

let project: ReturnType<typeof copyProject>;
beforeAll(() => {
  project = copyProject();
});
afterAll(() => project.close());

test("there are thirty mends and more, and two for each heading", () => {
  expect(headings.flatMap(({ patches }) => patches).length).toBeGreaterThanOrEqual(30);
  expect(headings.filter(({ patches }) => patches.length < 2)).toEqual([]);
});

describe.each(headings)("$heading", ({ tests, patches }) => {
  test("passes as it is", async () => {
    expect(await project.run(tests)).toBeUndefined();
  });

  test.each(patches)("fails where $undone", async (patch) => {
    const caught = await project.runWithout(patch, testsFor(patch, tests));
    console.log(`${patch.undone} -> ${caught ?? "NOT CAUGHT"}`);
    expect(caught).toBeDefined();
  });
});

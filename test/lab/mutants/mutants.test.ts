import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { controls } from "./controls.ts";
import { mutantClasses } from "./mutant.ts";
import { mutants, undermining } from "./mutants.ts";
import { openSuite, type Suite } from "./suite.ts";
import { judge, strengthTable, type Verdict } from "./verdict.ts";

let suite: Suite;
beforeAll(async () => {
  suite = await openSuite({ sendsLargeBodies: false });
});
afterAll(() => suite.close());

describe("the list", () => {
  it("has at least 80 mutants in all classes, each with a name of its own, and 8 controls", () => {
    expect(mutants.length).toBeGreaterThanOrEqual(80);
    expect(controls.length).toBeGreaterThanOrEqual(8);
    expect([...new Set(mutants.map((mutant) => mutant.class))]).toEqual([...mutantClasses]);
    const ids = [...mutants, ...controls].map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)]);
    expect([...undermining].filter((id) => !ids.includes(id))).toEqual([]);
  });
});

describe.concurrent("a provider that keeps the contract in another way is not found guilty", () => {
  it.each(controls)("$title", { timeout: 60_000 }, async ({ open, writing }) => {
    const { mismatches, stopped } = await suite.run({ alter: open(), writing });
    expect({ mismatches, stopped }).toEqual({ mismatches: [], stopped: undefined });
  });
});

/** Two or three of each class, and who has to notice. `npm run mutants` runs them all, bodies of ten megabytes included. */
const sample: Record<string, Verdict["caughtBy"]> = {
  "types/register-roll": ["schema", "sequence", "pact"],
  "types/extract-second-pan": ["schema", "pact"],
  "presence/search-no-score": ["schema", "sequence", "pact"],
  "presence/extract-published-form": ["schema", "pact"],
  "values/extract-eyes": ["sequence"],
  "values/register-wording": ["schema", "pact"],
  "arrays/search-worst-first": ["sequence"],
  "arrays/extract-beyond-twenty": ["sequence"],
  "status-codes/unregister-200": ["schema", "sequence", "pact"],
  "status-codes/search-media-type-400": ["schema"],
  "headers-and-bytes/search-key-twice": ["schema"],
  "headers-and-bytes/unregister-204-length": ["schema"],
  "headers-and-bytes/preflight-no-key": ["probe"],
  "gateway/extract-unknown-key": ["probe"],
  "gateway/update-secret": ["probe"],
  "gateway/wrong-method-405": ["probe"],
  "request-rules/search-limit-51": ["schema"],
  "request-rules/register-csv": ["schema"],
  "state/unregister-keeps": ["sequence", "pact"],
  "state/update-nothing": ["sequence"],
  "state/verify-any-gallery": ["sequence"],
};

describe.concurrent("a broken promise is noticed, and told of the operation whose it is", () => {
  it.each(Object.entries(sample))("%s", { timeout: 60_000 }, async (id, caughtBy) => {
    const mutant = mutants.find((each) => each.id === id)!;
    const verdict = judge(mutant, await suite.run({ alter: mutant.open() }));
    expect({ caughtBy: verdict.caughtBy, blamed: verdict.blamed, stopped: verdict.stopped }).toEqual({
      caughtBy,
      blamed: [],
      stopped: undefined,
    });
  });
});

it("the table counts what each part catches by itself", () => {
  const row = { id: "", operation: "", title: "", blamed: [], messages: [] };
  const table = strengthTable([
    { ...row, class: "types", caughtBy: ["schema", "pact"] },
    { ...row, class: "types", caughtBy: [] },
    { ...row, class: "state", caughtBy: ["sequence"] },
  ]);
  const lines = table.split("\n");
  expect([lines[0], lines[2], lines.at(-2), lines.at(-1)]).toEqual([
    "| class             | mutants | caught | schema alone | probe alone | sequence alone | pact alone |",
    "| types             |       2 |      1 |            1 |           0 |              0 |          1 |",
    "| state             |       1 |      1 |            0 |           0 |              1 |          0 |",
    "| all               |       3 |      2 |            1 |           0 |              1 |          1 |",
  ]);
});

import { expect, it } from "vitest";
import { testSample } from "./run-sample.ts";
import { quick } from "./sample.ts";
import { strengthTable } from "./verdict.ts";

testSample((id) => !quick.has(id));

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

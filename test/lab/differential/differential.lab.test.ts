import { expect, test } from "vitest";
import { ownContracts } from "./contracts.ts";
import { prove } from "./prove.ts";

const others = ownContracts.filter(({ name }) => ["types", "texts", "recursion"].includes(name));

test.each(others)("our mock answers as stock Prism for $name: $style", async (contract) => {
  const proof = await prove(contract, { count: 250, seed: "1" });
  expect(proof.unexplained).toEqual([]);
  expect(proof.requests).toBe(250);
  expect(proof.verdicts.kept).toBeGreaterThan(50);
  expect(proof.verdicts.invalid).toBeGreaterThan(30);
});

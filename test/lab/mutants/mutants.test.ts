import { describe, expect, it } from "vitest";
import { controls } from "./controls.ts";
import { mutantClasses } from "./mutant.ts";
import { mutants, undermining } from "./mutants.ts";
import { testSample } from "./run-sample.ts";
import { quick } from "./sample.ts";

describe("the list", () => {
  it("has at least 80 mutants in all classes, each with a name of its own, and 8 controls", () => {
    expect(mutants.length).toBeGreaterThanOrEqual(80);
    expect(controls.length).toBeGreaterThanOrEqual(8);
    expect([...new Set(mutants.map((mutant) => mutant.class))]).toEqual([...mutantClasses]);
    const ids = [...mutants, ...controls].map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)]);
    expect([...quick].filter((id) => !ids.includes(id))).toEqual([]);
    expect([...undermining].filter((id) => !ids.includes(id))).toEqual([]);
  });
});

testSample((id) => quick.has(id));

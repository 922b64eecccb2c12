import { expect, test } from "vitest";
import type { Part } from "../../../contracts/verify/check.ts";
import type { MutantClass } from "../mutants/mutant.ts";
import { mutants } from "../mutants/mutants.ts";
import { comparable } from "./paste.ts";
import { pasteMutant } from "./paste-mutant.ts";

/** Which part of the verification finds the mutants of a class. */
const parts: Partial<Record<MutantClass, Part>> = {
  types: "schema",
  presence: "schema",
  "status codes": "schema",
  "request rules": "schema",
  gateway: "probe",
  state: "sequence",
};
const findable = mutants.filter((mutant) => parts[mutant.class] !== undefined);
const spread = findable
  .filter((_, index) => index % 5 === 0)
  .map((mutant) => [mutant.id, parts[mutant.class]!] as const);

test.each(spread)(
  "the printed line, pasted into a shell, shows %s again, found by the part %s",
  async (id, part) => {
    const { line, shown, otherwise } = await pasteMutant(id, part);
    expect(comparable(shown), line).not.toBe(comparable(otherwise));
  },
);

import { describe, expect, test } from "vitest";
import { changesOf, type Dialect, dialects, documentOf, expectedOf } from "./pair-documents.ts";
import { schemaPairs } from "./schema-pairs.ts";

describe.each(dialects)("schemas in %s", (dialect: Dialect) => {
  const pairs = schemaPairs.filter(([, , , , , only]) => only === undefined || only.includes(dialect));

  test.each(pairs)("%s", (_title, a, b, forth, back) => {
    const [one, other] = [documentOf(a, dialect), documentOf(b, dialect)];
    expect(changesOf(one, other).sort()).toEqual(expectedOf(forth).sort());
    expect(changesOf(other, one).sort()).toEqual(expectedOf(back).sort());
  });
});

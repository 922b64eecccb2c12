import { expect, test } from "vitest";
import { createMemory } from "../../../mocks/http/cache.ts";

test("a full memory forgets what it was told first, and takes in no long question", () => {
  const memory = createMemory<number>({ most: 2, longest: 5 });
  for (const [answer, question] of ["one", "two", "one", "three"].entries()) memory.set(question, answer);
  memory.set("longer", 4);
  expect(["one", "two", "three", "longer"].map(memory.get)).toEqual([undefined, 1, 3, undefined]);
});

import { test } from "vitest";
import { endOf, expectCleanEnd } from "./sudden-end.ts";

// `npm run ends` ends a hundred runs.
test.each(Array.from({ length: 12 }, (_, number) => endOf(number)))(
  "a run that is ended by $kind at call $call leaves nothing behind",
  expectCleanEnd,
  60_000,
);

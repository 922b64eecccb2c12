import { test } from "vitest";
import { endOf, expectCleanEnd } from "../../security/sudden-end.ts";

/** `ENDS=1000 npm run ends` ends more runs. */
const runs = Number(process.env.ENDS ?? 100);

test.each(Array.from({ length: runs }, (_, number) => endOf(number + 12)))(
  "run $number, ended by $kind at call $call",
  expectCleanEnd,
  120_000,
);

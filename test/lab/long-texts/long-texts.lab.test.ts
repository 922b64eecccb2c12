import { test } from "vitest";
import { compareLongTexts } from "../../tools/generate/validators/compare-long-texts.ts";

const seed = process.env.SEED ?? String(Date.now());

test(`100,000 long texts are valid where plain ajv and a strict reading of Base64 say so (SEED=${seed})`, () =>
  compareLongTexts({ count: 100_000, seed }));

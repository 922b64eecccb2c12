import { test } from "vitest";
import { compareLongTexts } from "./compare-long-texts.ts";

const seed = process.env.SEED ?? "20261125";

test(`5,000 long texts are valid where plain ajv and a strict reading of Base64 say so (SEED=${seed})`, () =>
  compareLongTexts({ count: 5_000, seed }));

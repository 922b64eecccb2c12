import type { Verdict } from "./verdict.ts";

/**
 * Two or three mutants of each class, and the parts of the verification that have to catch them. `npm run mutants`
 * runs all mutants, bodies of ten megabytes included.
 */
export const sampledMutants: Record<string, Verdict["caughtBy"]> = {
  "types/register-roll": ["schema", "sequence", "pact"],
  "types/extract-second-pan": ["schema", "pact"],
  "presence/search-no-score": ["schema", "sequence", "pact"],
  "presence/extract-published-form": ["schema", "pact"],
  "values/extract-eyes": ["sequence"],
  "values/register-wording": ["schema", "pact"],
  "arrays/search-worst-first": ["sequence"],
  "arrays/extract-beyond-twenty": ["sequence"],
  "status-codes/unregister-200": ["schema", "sequence", "pact"],
  "status-codes/search-media-type-400": ["schema"],
  "headers-and-bytes/search-key-twice": ["schema"],
  "headers-and-bytes/unregister-204-length": ["schema"],
  "headers-and-bytes/preflight-no-key": ["probe"],
  "gateway/extract-unknown-key": ["probe"],
  "gateway/update-secret": ["probe"],
  "gateway/wrong-method-405": ["probe"],
  "request-rules/search-limit-51": ["schema"],
  "request-rules/register-csv": ["schema"],
  "state/unregister-keeps": ["sequence", "pact"],
  "state/update-nothing": ["sequence"],
  "state/verify-any-gallery": ["sequence"],
};

/** Mutants and controls that `npm test` runs, one mutant of each class. `npm run check:lab` runs the rest. */
export const quick: ReadonlySet<string> = new Set([
  "types/register-roll",
  "presence/extract-published-form",
  "values/extract-eyes",
  "arrays/search-worst-first",
  "status-codes/unregister-200",
  "headers-and-bytes/search-key-twice",
  "gateway/extract-unknown-key",
  "request-rules/search-limit-51",
  "state/unregister-keeps",
  "controls/ids",
  "controls/neighbours",
]);

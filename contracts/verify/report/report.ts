import type { Mismatch, Part } from "../check.ts";
import type { RunStopped } from "../run/stop.ts";
import type { MatrixRow } from "./matrix.ts";

/**
 * What came of a verification, in every form it is shown in. `report.schema.json` beside this file describes
 * it for other programs; a field that is removed or changes its meaning raises `format`.
 *
 * Only a report that went through `sealReport` may leave the process.
 */
export type Report = {
  format: 1;
  verdict: "conforms" | "does not conform" | "could not run";
  /** What a red result is about; absent where it conforms. */
  kind?: "contract" | RunStopped["kind"];
  /** One sentence and the next step, where the run could not begin or not go on. */
  reason?: string;
  /** `name` as asked for, e.g. `mock`; the base URL is without credentials. */
  target: { name: string; baseUrl: string };
  /** `sha256` of the effective contract, hexadecimal. */
  contract: { title: string; version: string; sha256: string };
  /** ISO 8601, UTC. */
  started: string;
  /** How long it took. */
  ms: number;
  /** The server's clock less ours; absent where it could not be measured. */
  clockSkewMs?: number;
  /** `limit` as given by `--max-calls`. */
  calls: { made: number; limit?: number };
  checks: ReportedCheck[];
  mismatches: ReportedMismatch[];
  matrix: MatrixRow[];
  /** What the run registered; orphans are those it could not unregister. */
  ledger: { registered: number; unregistered: number; orphans: Orphan[] };
  accepted: AcceptedDeviation[];
};

export type ReportedCheck = {
  /** Unique, e.g. `sequence/update-replaces-the-face`. */
  id: string;
  part: Part;
  /** The operation's key. */
  operation: string;
  title: string;
  status: "passed" | "failed" | "skipped";
  /** Why it was skipped; continues "not checked, because …". */
  reason?: string;
  ms: number;
  /** How many calls it made. */
  calls: number;
};

export type ReportedMismatch = Mismatch & {
  /** The id of the check that found it. */
  check: string;
  /** `file:line:column` of the Swagger or overlay; absent where neither says it. */
  promisedBy?: string;
  /** Shell commands that make the call again; credentials come from the environment. */
  reproduction?: string;
  /** Known, and no reason to fail until the day it expires. */
  accepted?: { reason: string; expires: string };
};

export type Orphan = { role: string; application: 1 | 2; id?: string };

export type AcceptedDeviation = {
  operation: string;
  instancePath: string;
  reason: string;
  /** ISO 8601 date. */
  expires: string;
  /** The last two fail. */
  state: "occurs" | "expired" | "no longer occurs";
};

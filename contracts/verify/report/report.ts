import type { Mismatch, Part } from "../check.ts";
import type { RunStopped } from "../run/stop.ts";
import type { MatrixRow } from "./matrix.ts";

/**
 * The result of a verification, from which every output format is written. `report.schema.json` beside this
 * file describes it for other programs. Removing a field or changing its meaning increments `format`.
 *
 * Only a report that went through `redactReport` may leave the process.
 */
export type Report = {
  format: 1;
  verdict: "conforms" | "does not conform" | "could not run";
  /** The cause of a failed run; absent if the target conforms. */
  kind?: "contract" | RunStopped["kind"];
  /** Why the run could not start or continue, and the next step. */
  reason?: string;
  /** `name` as requested, e.g. `mock`. `baseUrl` contains no credentials. */
  target: { name: string; baseUrl: string };
  /** `sha256` of the effective contract, hexadecimal. */
  contract: { title: string; version: string; sha256: string };
  /** ISO 8601, UTC. */
  started: string;
  /** Duration of the run in milliseconds. */
  ms: number;
  /** The server's clock minus the local one, in milliseconds; absent if it could not be measured. */
  clockSkewMs?: number;
  /** `limit` is the value of `--max-calls`. */
  calls: { made: number; limit?: number };
  checks: ReportedCheck[];
  mismatches: ReportedMismatch[];
  matrix: MatrixRow[];
  /** What the run registered. Orphans are subjects that it could not unregister. */
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
  /** Why it was skipped; completes "not checked, because …". */
  reason?: string;
  /** Duration in milliseconds. */
  ms: number;
  /** Number of calls it made. */
  calls: number;
};

export type ReportedMismatch = Mismatch & {
  /** The id of the check that found it. */
  check: string;
  /** `file:line:column` of the Swagger or overlay; absent if neither contains the promise. */
  promisedBy?: string;
  /** The response that shows it: status, media type, size, and the first bytes of its body. */
  response?: string;
  /** Shell commands that repeat the call; credentials come from the environment. */
  reproduction?: string;
  /** A known deviation, which does not fail the run until it expires. */
  accepted?: { reason: string; expires: string };
};

type Orphan = { role: string; application: 1 | 2; id?: string };

export type AcceptedDeviation = {
  operation: string;
  instancePath: string;
  reason: string;
  /** ISO 8601 date. */
  expires: string;
  /** The last two fail the run. */
  state: "occurs" | "expired" | "no longer occurs";
};

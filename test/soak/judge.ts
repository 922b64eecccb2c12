import type { Census } from "./census.ts";
import type { Account } from "./control.ts";
import type { Row } from "./curve.ts";
import { outcomeKey, type Tally } from "./tally.ts";

/** One promise of the run; `held` is `undefined` where the run was too short, or the system silent, to tell. */
export type Verdict = { promise: string; held: boolean | undefined; told: string };

export type Evidence = {
  tally: Tally;
  census: Census;
  account: Account;
  rows: readonly Row[];
  p99(after: number, upTo: number): number;
};

/** Every promise of the soak run, kept or not. */
export function judge(evidence: Evidence): Verdict[] {
  return [
    nothingLost(evidence),
    allRight(evidence),
    sameCount(evidence),
    journalBounded(evidence),
    stateAsModel(evidence),
    memoryFlat(evidence.rows),
    latencySteady(evidence),
  ];
}

/** Until then the server warms up. */
const warmUp = 100_000;
/** Where the level of memory is measured: from the end of the warm-up to here. */
const levelEnd = 200_000;
/** Memory may rise above its level by the larger of the two. */
const memoryTolerance = { part: 0.1, bytes: 20 * 2 ** 20 };
/** Of the 99th percentile at the end to that at the start. */
const latencyTolerance = 1.25;
const mostEntries = 1000;

function nothingLost({ tally: { total, aside } }: Evidence): Verdict {
  const { sent, answered, lost } = total;
  return {
    promise: "no request lost",
    held: lost === 0 && sent === answered,
    told: `${count(sent)} sent, ${count(answered)} answered, ${count(lost)} lost; besides ${count(aside.controlCalls)} control calls, ${count(aside.reopened)} connections closed and reopened, ${count(aside.brokenOff)} uploads broken off`,
  };
}

function allRight({ tally: { total }, census }: Evidence): Verdict {
  const unexplained = census.unexplained().length;
  return {
    promise: "every answer right",
    held: total.wrong === 0 && unexplained === 0,
    told: `${count(total.wrong)} wrong; ${count(unexplained)} found subjects that nobody was given`,
  };
}

function sameCount({ tally, account }: Evidence): Verdict {
  const theirs = new Map(account.coverage.map((outcome) => [outcomeKey(outcome), outcome.calls]));
  const differing = [...new Set([...theirs.keys(), ...tally.outcomes.keys()])].filter(
    (key) => theirs.get(key) !== tally.outcomes.get(key),
  );
  const examples = differing
    .slice(0, 3)
    .map((key) => `; ${key}: ${tally.outcomes.get(key) ?? 0} here, ${theirs.get(key) ?? 0} there`);
  return {
    promise: "the server counts the same",
    held: account.journal.lastId === tally.total.sent && differing.length === 0,
    told: `the journal's last entry is ${count(account.journal.lastId)}; ${theirs.size} outcomes, ${differing.length} counted differently${examples.join("")}`,
  };
}

function journalBounded({ account: { journal } }: Evidence): Verdict {
  const { entries } = journal;
  return { promise: "journal bounded", held: entries <= mostEntries, told: `${count(entries)} entries` };
}

function stateAsModel({ account: { subjects }, census }: Evidence): Verdict {
  const sizes = subjects.map((ids) => count(ids.length)).join(" and ");
  return {
    promise: "state as the clients know it",
    held: subjects.every((ids, place) => ids.join() === census.ids(place + 1).join()),
    told: `${sizes} subjects there, ${subjects.map((_, place) => count(census.size(place + 1))).join(" and ")} here`,
  };
}

function memoryFlat(rows: readonly Row[]): Verdict {
  const promise = `memory flat after ${count(warmUp)} requests`;
  const measured = rows.flatMap(({ requests, leastMemory }) =>
    leastMemory === undefined || requests <= warmUp ? [] : [{ requests, memory: leastMemory }],
  );
  const early = measured.filter(({ requests }) => requests <= levelEnd);
  const later = measured.filter(({ requests }) => requests > levelEnd);
  if (early.length === 0 || later.length === 0)
    return { promise, held: undefined, told: `not judged below ${count(levelEnd)} requests` };

  const level = Math.max(...early.map(({ memory }) => memory));
  const most = Math.max(...later.map(({ memory }) => memory));
  const allowed = level + Math.max(level * memoryTolerance.part, memoryTolerance.bytes);
  return {
    promise,
    held: most <= allowed,
    told: `least of each slice: ${megabytes(level)} up to ${count(levelEnd)}, at most ${megabytes(most)} after, ${megabytes(allowed)} allowed; the fitted line rises ${megabytes(slope(measured) * 100_000)} for each 100,000 requests`,
  };
}

function latencySteady({ rows, p99 }: Evidence): Verdict {
  const promise = "p99 at the end no worse than at the start";
  const end = rows.at(-1)?.requests ?? 0;
  const start = rows[1];
  if (!start || end < levelEnd)
    return { promise, held: undefined, told: `not judged below ${count(levelEnd)} requests` };
  const [first, last] = [start.p99, p99(end - 100_000, end)];
  return {
    promise,
    held: last <= first * latencyTolerance,
    told: `small requests: ${first.toFixed(2)} ms in the second slice, ${last.toFixed(2)} ms over the last 100,000, ${(first * latencyTolerance).toFixed(2)} ms allowed`,
  };
}

/** Of the line with the least squared distances, in bytes for each request. */
function slope(points: { requests: number; memory: number }[]): number {
  const mean = (of: (point: { requests: number; memory: number }) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [x, y] = [mean(({ requests }) => requests), mean(({ memory }) => memory)];
  const spread = mean(({ requests }) => (requests - x) ** 2);
  return spread === 0 ? 0 : mean(({ requests, memory }) => (requests - x) * (memory - y)) / spread;
}

function count(number: number): string {
  return number.toLocaleString("en");
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

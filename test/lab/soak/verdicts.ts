import type { Account } from "./control.ts";
import type { Row } from "./curve.ts";
import type { KnownSubjects } from "./known-subjects.ts";
import { outcomeKey, type Tally } from "./tally.ts";

/** One promise of the run; `held` is `undefined` where the run was too short, or the system reports nothing. */
export type Verdict = { promise: string; held: boolean | undefined; figures: string };

export type LiveLook = { requests: number; bytes: number };

export type Evidence = {
  tally: Tally;
  knownSubjects: KnownSubjects;
  account: Account;
  rows: readonly Row[];
  /** With all garbage collected: when the server was warm, unless the run ended before, and after the last response. */
  live: { warm: LiveLook | undefined; end: LiveLook };
  p99(after: number, upTo: number): number;
};

/** Every promise of the soak run, kept or not. */
export function verdictsOf(evidence: Evidence): Verdict[] {
  return [
    nothingLost(evidence),
    allRight(evidence),
    sameCount(evidence),
    journalBounded(evidence),
    stateAsModel(evidence),
    liveMemoryFlat(evidence),
    residentMemoryFlat(evidence),
    latencySteady(evidence),
  ];
}

/** Until then the server warms up. */
export const warmUp = 100_000;
/** Live memory and latency are not judged in a shorter run. */
const shortest = 200_000;
const tooth = 300_000;
const liveTolerance = 1.05;
/** Resident memory may rise above its level by the larger of the two. */
const memoryTolerance = { part: 0.1, bytes: 20 * 2 ** 20 };
/** Of the 99th percentile at the end to that at the start. */
const latencyTolerance = 1.25;
const mostEntries = 1000;

function nothingLost({ tally: { total, aside, large } }: Evidence): Verdict {
  const { sent, answered, lost } = total;
  return {
    promise: "no request lost",
    held: lost === 0 && sent === answered,
    figures: `${count(sent)} sent, ${Math.round((100 * large) / sent)} % of them with a large picture, ${count(answered)} answered, ${count(lost)} lost; besides ${count(aside.controlCalls)} control calls, ${count(aside.reopened)} connections closed and reopened, ${count(aside.brokenOff)} uploads broken off`,
  };
}

function allRight({ tally: { total }, knownSubjects }: Evidence): Verdict {
  const unexplained = knownSubjects.unexplained().length;
  return {
    promise: "every answer right",
    held: total.wrong === 0 && unexplained === 0,
    figures: `${count(total.wrong)} wrong; ${count(unexplained)} found subjects that nobody was given`,
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
    figures: `the journal's last entry is ${count(account.journal.lastId)}; ${theirs.size} outcomes, ${differing.length} counted differently${examples.join("")}`,
  };
}

function journalBounded({ account: { journal } }: Evidence): Verdict {
  const { entries } = journal;
  return { promise: "journal bounded", held: entries <= mostEntries, figures: `${count(entries)} entries` };
}

function stateAsModel({ account: { subjects }, knownSubjects }: Evidence): Verdict {
  const sizes = subjects.map((ids) => count(ids.length)).join(" and ");
  return {
    promise: "state as the clients know it",
    held: subjects.every((ids, place) => ids.join() === knownSubjects.ids(place + 1).join()),
    figures: `${sizes} subjects there, ${subjects.map((_, place) => count(knownSubjects.size(place + 1))).join(" and ")} here`,
  };
}

/** What the mock holds on to. A leak of three bytes for each request would show in a million. */
function liveMemoryFlat({ live }: Evidence): Verdict {
  const promise = `live memory flat after ${count(warmUp)} requests`;
  const { warm, end } = live;
  if (warm === undefined || end.requests < shortest)
    return { promise, held: undefined, figures: `not judged below ${count(shortest)} requests` };
  const allowed = warm.bytes * liveTolerance;
  const each = (end.bytes - warm.bytes) / (end.requests - warm.requests);
  return {
    promise,
    held: end.bytes <= allowed,
    figures: `with all garbage collected ${megabytes(warm.bytes)} at ${count(warm.requests)} and ${megabytes(end.bytes)} at the end, ${megabytes(allowed)} allowed; ${each.toFixed(2)} bytes for each request`,
  };
}

/**
 * What the system sees. V8 lets garbage of old objects, such as journal entries that made room, lie until there
 * is several times as much of it as of live memory: resident memory is a saw, and a tooth may be 250,000
 * requests long. So the tips and the gaps of the saw are compared, over windows that hold a whole tooth.
 */
function residentMemoryFlat({ rows }: Evidence): Verdict {
  const promise = "resident memory rises no higher";
  const end = rows.at(-1)?.requests ?? 0;
  const early = rangeOf(rows, warmUp, warmUp + tooth);
  const late = rangeOf(rows, end - tooth, end);
  if (!early || !late || end < warmUp + 2 * tooth)
    return { promise, held: undefined, figures: `not judged below ${count(warmUp + 2 * tooth)} requests` };
  const [least, most] = [allowedMemory(early.least), allowedMemory(early.most)];
  return {
    promise,
    held: late.least <= least && late.most <= most,
    figures: `${megabytes(early.least)} to ${megabytes(early.most)} in the ${count(tooth)} requests after the first ${count(warmUp)}, ${megabytes(late.least)} to ${megabytes(late.most)} in the last ${count(tooth)}; ${megabytes(least)} and ${megabytes(most)} allowed`,
  };
}

function rangeOf(
  rows: readonly Row[],
  after: number,
  upTo: number,
): { least: number; most: number } | undefined {
  const within = rows.filter(({ requests }) => requests > after && requests <= upTo);
  const least = within.flatMap(({ leastMemory }) => leastMemory ?? []);
  const most = within.flatMap(({ mostMemory }) => mostMemory ?? []);
  return least.length === 0 ? undefined : { least: Math.min(...least), most: Math.max(...most) };
}

function allowedMemory(bytes: number): number {
  return bytes + Math.max(bytes * memoryTolerance.part, memoryTolerance.bytes);
}

function latencySteady({ rows, p99 }: Evidence): Verdict {
  const promise = "p99 at the end no worse than at the start";
  const end = rows.at(-1)?.requests ?? 0;
  const start = rows[1];
  if (!start || end < shortest)
    return { promise, held: undefined, figures: `not judged below ${count(shortest)} requests` };
  const [first, last] = [start.p99, p99(end - 100_000, end)];
  return {
    promise,
    held: last <= first * latencyTolerance,
    figures: `small requests: ${first.toFixed(2)} ms in the second slice, ${last.toFixed(2)} ms over the last 100,000, ${(first * latencyTolerance).toFixed(2)} ms allowed`,
  };
}

function count(number: number): string {
  return number.toLocaleString("en");
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

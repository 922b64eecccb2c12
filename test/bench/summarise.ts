/** What one round found out about one contender. */
export type Measurement = {
  name: string;
  round: number;
  requestsPerSecond: number;
  p50Ms: number;
  p99Ms: number;
  /** Resident set of the server after the load; undefined where the system does not tell. */
  memoryBytes: number | undefined;
  firstAnswerMs: number;
  /** 0 to 1: how much of the time the load generator did not wait. */
  busy: number;
};

/** Medians over the rounds. */
export type Row = Omit<Measurement, "round"> & {
  /** Highest minus lowest requests a second, as a part of the median. */
  spread: number;
  /** Medians of the ratios within each round, so that a slow minute of the machine cancels out. */
  toBare: number;
  toPrism: number;
};

export type Summary = {
  rows: Row[];
  /** One sentence for each reason not to trust the figures. */
  doubts: string[];
};

/** Bare `node:http` does the same work in every round: what differs more than this is the machine. */
export const spreadLimit = 0.15;

/** A client this busy may be the limit in the server's place. */
export const busyLimit = 0.95;

/**
 * Brings the rounds together, one row for each contender in the order of their first round.
 *
 * @param options.bare,options.prism names of the contenders that the ratios refer to.
 */
export function summarise(
  measurements: readonly Measurement[],
  options: { bare: string; prism: string },
): Summary {
  const names = [...new Set(measurements.map(({ name }) => name))];
  const rows = names.map((name) => {
    const rounds = measurements.filter((measurement) => measurement.name === name);
    const of = (read: (measurement: Measurement) => number) => median(rounds.map(read));
    const ratioTo = (other: string) =>
      of(({ round, requestsPerSecond }) => requestsPerSecond / speedIn(round, other));
    const speeds = rounds.map(({ requestsPerSecond }) => requestsPerSecond);
    const memory = rounds.flatMap(({ memoryBytes }) => memoryBytes ?? []);
    return {
      name,
      requestsPerSecond: median(speeds),
      spread: spread(speeds),
      p50Ms: of(({ p50Ms }) => p50Ms),
      p99Ms: of(({ p99Ms }) => p99Ms),
      memoryBytes: memory.length > 0 ? median(memory) : undefined,
      firstAnswerMs: of(({ firstAnswerMs }) => firstAnswerMs),
      busy: of(({ busy }) => busy),
      toBare: ratioTo(options.bare),
      toPrism: ratioTo(options.prism),
    };
  });
  return { rows, doubts: doubts(rows, options.bare) };

  function speedIn(round: number, name: string): number {
    return measurements.find((one) => one.round === round && one.name === name)!.requestsPerSecond;
  }
}

/** The middle value, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** Highest minus lowest, as a part of the median. */
export function spread(values: readonly number[]): number {
  return (Math.max(...values) - Math.min(...values)) / median(values);
}

function doubts(rows: readonly Row[], bare: string): string[] {
  const unsteady = rows
    .filter((row) => row.name === bare && row.spread > spreadLimit)
    .map(
      (row) =>
        `The machine was too noisy to trust: ${bare} spread ${percent(row.spread)} over the rounds, more than ${percent(spreadLimit)}.`,
    );
  const clientBound = rows
    .filter((row) => row.busy > busyLimit)
    .map(
      (row) =>
        `The load generator was busy ${percent(row.busy)} of the time and may have held back ${row.name}.`,
    );
  return [...unsteady, ...clientBound];
}

function percent(part: number): string {
  return `${(part * 100).toFixed(1)} %`;
}

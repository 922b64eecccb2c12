/** What one round found out about one contender at one scenario. */
export type Measurement = {
  name: string;
  scenario: string;
  round: number;
  /** What it answered. */
  status: number;
  requestsPerSecond: number;
  p50Ms: number;
  p99Ms: number;
  /** Resident set of the process after the load; undefined where the system does not report it. */
  memoryBytes: number | undefined;
  /** 0 to 1: how much of the time the load generator did not wait; undefined where there was none. */
  busy?: number;
};

/** Medians over the rounds. */
export type Row = Omit<Measurement, "round"> & {
  /** Highest minus lowest requests a second, as a part of the median. */
  spread: number;
  /**
   * Medians of the ratios within each round, so that a slow minute of the machine cancels out; undefined
   * where the other was not measured.
   */
  toBare: number | undefined;
  toPrism: number | undefined;
  toWireMock: number | undefined;
};

export type Summary = {
  rows: Row[];
  /** One sentence for each reason not to trust the figures. */
  doubts: string[];
};

/** Bare `node:http` does the same work in every round: what differs more than this is the machine. */
const spreadLimit = 0.15;

/** A client this busy may be the limit in the server's place. */
const busyLimit = 0.95;

/**
 * Brings the rounds together: one row for each contender at each scenario, in the order of the first round.
 *
 * @param options names of the contenders that the ratios refer to.
 */
export function summarise(
  measurements: readonly Measurement[],
  options: { bare: string; prism: string; wiremock: string },
): Summary {
  const groups = Map.groupBy(measurements, ({ scenario, name }) => `${scenario}\n${name}`);
  const rows = [...groups.values()].map((rounds) => {
    const [{ name, scenario, status }] = rounds as [Measurement];
    const of = (read: (measurement: Measurement) => number) => median(rounds.map(read));
    const known = (read: (measurement: Measurement) => number | undefined) => {
      const values = rounds.flatMap((measurement) => read(measurement) ?? []);
      return values.length > 0 ? median(values) : undefined;
    };
    const ratioTo = (other: string) =>
      known(({ round, requestsPerSecond }) => {
        const speed = speedIn(round, scenario, other);
        return speed && requestsPerSecond / speed;
      });
    const speeds = rounds.map(({ requestsPerSecond }) => requestsPerSecond);
    return {
      name,
      scenario,
      status,
      requestsPerSecond: median(speeds),
      spread: spread(speeds),
      p50Ms: of(({ p50Ms }) => p50Ms),
      p99Ms: of(({ p99Ms }) => p99Ms),
      memoryBytes: known(({ memoryBytes }) => memoryBytes),
      busy: known(({ busy }) => busy),
      toBare: ratioTo(options.bare),
      toPrism: ratioTo(options.prism),
      toWireMock: ratioTo(options.wiremock),
    };
  });
  return { rows, doubts: doubts(rows, options.bare) };

  function speedIn(round: number, scenario: string, name: string): number | undefined {
    return measurements.find((one) => one.round === round && one.scenario === scenario && one.name === name)
      ?.requestsPerSecond;
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
    .map(({ scenario, spread }) => `${scenario} ${percent(spread)}`);
  const noisy = `The machine was too noisy to trust: ${bare} spread more than ${percent(spreadLimit)} over the rounds (${unsteady.join(", ")}).`;
  const clientBound = rows
    .filter(({ busy }) => busy !== undefined && busy > busyLimit)
    .map(
      ({ name, scenario, busy }) =>
        `The load generator was busy ${percent(busy!)} of the time and may have held back ${name}, ${scenario}.`,
    );
  return [...(unsteady.length > 0 ? [noisy] : []), ...clientBound];
}

function percent(part: number): string {
  return `${(part * 100).toFixed(1)} %`;
}

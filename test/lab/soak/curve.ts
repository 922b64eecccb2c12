import { createHistogram, type RecordableHistogram } from "node:perf_hooks";

/** What a process costs at a moment; undefined where the system does not report it. */
export type Cost = { residentBytes: number | undefined; cpuSeconds: number | undefined };

/** One slice of the run. */
export type Row = {
  /** Responses since the start. */
  requests: number;
  /** Since the start. */
  seconds: number;
  requestsPerSecond: number;
  /** The least and the most resident memory that was seen in the slice, in bytes. */
  leastMemory: number | undefined;
  mostMemory: number | undefined;
  /** Processor time of the server for each request, in microseconds. */
  cpuPerRequest: number | undefined;
  /** Of small requests, in milliseconds. */
  p50: number;
  p99: number;
};

export type Curve = {
  /** Counts a response; only small ones count for the percentiles. */
  record(ms: number, isSmall: boolean): void;
  /** Looks at the memory once more. */
  sample(): void;
  rows: Row[];
  /** The 99th percentile over all rows whose end lies after one count and up to another. */
  p99(after: number, upTo: number): number;
};

/**
 * Makes the curve of a run, a row for every `slice` answers. Of the memory the least of a slice is what
 * counts: what the collector has not yet freed comes and goes.
 *
 * @param options.observe the cost of the server.
 * @param options.now milliseconds.
 */
export function createCurve(options: {
  slice: number;
  observe: () => Cost;
  now: () => number;
  onRow?: (row: Row) => void;
}): Curve {
  const { slice, observe, now, onRow } = options;
  const rows: Row[] = [];
  const latencies: RecordableHistogram[] = [];
  const started = now();
  let responses = 0;
  let began = { at: started, cost: observe() };
  let memory = seen(began.cost);
  let current = microseconds();

  return { record, sample, rows, p99 };

  function record(ms: number, isSmall: boolean): void {
    responses++;
    if (isSmall) current.record(Math.max(1, Math.round(ms * 1000)));
    if (responses % slice === 0) endSlice();
  }

  function sample(): void {
    memory.push(...seen(observe()));
  }

  function endSlice(): void {
    const ended = { at: now(), cost: observe() };
    memory.push(...seen(ended.cost));
    const row = {
      requests: responses,
      seconds: (ended.at - started) / 1000,
      requestsPerSecond: (slice / (ended.at - began.at)) * 1000,
      leastMemory: memory.length > 0 ? Math.min(...memory) : undefined,
      mostMemory: memory.length > 0 ? Math.max(...memory) : undefined,
      cpuPerRequest: cpuBetween(began.cost, ended.cost, slice),
      p50: current.percentile(50) / 1000,
      p99: current.percentile(99) / 1000,
    };
    rows.push(row);
    latencies.push(current);
    began = ended;
    memory = [];
    current = microseconds();
    onRow?.(row);
  }

  function p99(after: number, upTo: number): number {
    const together = microseconds();
    for (const [place, { requests }] of rows.entries())
      if (requests > after && requests <= upTo) together.add(latencies[place]!);
    return together.percentile(99) / 1000;
  }
}

/** Up to a minute, to three figures. */
function microseconds(): RecordableHistogram {
  return createHistogram({ lowest: 1, highest: 60_000_000, figures: 3 });
}

function seen({ residentBytes }: Cost): number[] {
  return residentBytes === undefined ? [] : [residentBytes];
}

function cpuBetween(began: Cost, ended: Cost, requests: number): number | undefined {
  if (began.cpuSeconds === undefined || ended.cpuSeconds === undefined) return undefined;
  return ((ended.cpuSeconds - began.cpuSeconds) / requests) * 1e6;
}

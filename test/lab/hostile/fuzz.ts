import { runProgram, wholeNumber } from "../../../tools/commands/reader/options.ts";
import { terminal } from "../../../tools/commands/reader/terminal.ts";
import { checkResponse } from "./check-response.ts";
import { type Conversation, converse } from "./converse.ts";
import { families } from "./families.ts";
import type { HostileCase } from "./hostile-case.ts";
import { createHostileValues, signed } from "./hostile-values.ts";
import { type MockProcess, startMockProcess } from "./mock-process.ts";

export type FuzzOptions = {
  /** How many attacks, spread evenly over the families. */
  requests: number;
  /** The same seed sends the same attacks. */
  seed: string;
  /** A good request goes out after so many attacks. */
  goodEvery?: number;
  /** Attacks under way at once. */
  lanes?: number;
  /** Only the attack of this number, to look at one again. */
  only?: number;
};

export type FuzzReport = {
  /** For each family, how often it ended how: a status, or how the connection ended. */
  families: Record<string, Record<string, number>>;
  /** What should not have happened, with the number of the attack. */
  failures: string[];
  good: { sent: number; slowestMs: number };
  /** Of the server process, in bytes: after the first tenth of the attacks and at the end. */
  memory: { warm: number; end: number };
  /** The longest that the server process was busy with one thing. */
  deafMs: number;
  ms: number;
};

/**
 * Attacks a mock in a process of its own and looks at each response: it must be the contract's, the gateway's
 * or the server's own for bytes that are no HTTP, or a closed connection where the attack allows it. Every
 * good request in between must be answered 201.
 */
export async function fuzz(options: FuzzOptions): Promise<FuzzReport> {
  const { requests, seed, goodEvery = 25, lanes = 16, only } = options;
  const mock = await startMockProcess();
  const names = Object.keys(families);
  const report: FuzzReport = {
    families: Object.fromEntries(names.map((name) => [name, {}])),
    failures: [],
    good: { sent: 0, slowestMs: 0 },
    memory: { warm: 0, end: 0 },
    deafMs: 0,
    ms: 0,
  };
  const started = performance.now();
  try {
    const warm = Math.ceil(requests / 10);
    if (only === undefined) {
      await attackAll(0, warm);
      report.memory.warm = (await mock.vitals()).memory;
      await attackAll(warm, requests);
    } else {
      await attack(only);
    }
    const { memory, deafMs } = await mock.vitals();
    report.memory.end = memory;
    report.deafMs = deafMs;
  } catch (error) {
    report.failures.push((error as Error).message);
  } finally {
    await mock.end();
  }
  report.ms = performance.now() - started;
  return report;

  async function attackAll(from: number, to: number): Promise<void> {
    let next = from;
    const lane = async () => {
      while (next < to && report.failures.length < 20) {
        const number = next++;
        await attack(number);
        if (number % goodEvery === 0) await goodRequest(mock, report);
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
  }

  async function attack(number: number): Promise<void> {
    const family = names[number % names.length]!;
    const given = families[family]!(createHostileValues(`${seed}:${number}`, mock.port));
    const { responses, closes = false, leavesAfterMs, methods } = given;
    const conversation = await converse(mock.port, given.pieces, {
      responses,
      untilClosed: closes,
      quietMs: leavesAfterMs,
      methods,
    });
    const outcome = outcomeOf(conversation);
    const counts = report.families[family]!;
    counts[outcome] = (counts[outcome] ?? 0) + 1;
    const fault = faultOf(given, conversation);
    if (fault) report.failures.push(`${number} (${family}) ${fault}: ${outcome}`);
  }
}

function outcomeOf({ responses, end }: Conversation): string {
  if (responses.length > 1) return "several answers";
  return responses.length === 1 ? String(responses[0]!.status) : end;
}

function faultOf(given: HostileCase, { responses, end, rest }: Conversation): string | undefined {
  for (const [place, response] of responses.entries()) {
    const method = given.methods?.[place];
    const operation = method ? operationOf[response.status] : given.operation;
    const fault = checkResponse(response, { operation, method });
    if (fault && given.statuses.length > 0) return `${fault} (${excerpt(response.body)})`;
    if (!given.statuses.includes(response.status) && !isCutShort(given, response.status))
      return `status ${response.status} makes no sense (${excerpt(response.body)})`;
  }
  // One request may have been torn into two where it was torn at random.
  if (responses.length > given.responses && given.leavesAfterMs === undefined)
    return "more answers than requests";
  if (rest.length > 0 && end !== "quiet") return `${rest.length} bytes after the last answer`;
  if (given.closes && (end === "closed" || end === "reset")) return undefined;
  if (given.closes) return "the connection stayed open";
  if (responses.length === given.responses || given.leavesAfterMs !== undefined) return undefined;
  return `${given.responses - responses.length} of ${given.responses} answers are missing`;
}

/** What the responses of a pipeline belong to; the gateway's own belong to nothing. */
const operationOf: Record<number, string> = {
  200: "GET /health",
  201: "ApiSubjectsPost",
  400: "ApiSubjectsPost",
};

/** Whoever may leave before the request is whole may be answered that it is malformed. */
function isCutShort({ leavesAfterMs }: HostileCase, status: number): boolean {
  return leavesAfterMs !== undefined && [400, 408, 431].includes(status);
}

function excerpt(text: string): string {
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}

async function goodRequest(mock: MockProcess, report: FuzzReport): Promise<void> {
  const { head, body } = signed({ body: '{"face":"bmVjaWQtZmFjZTphbGljZQ=="}' }, mock.port);
  const started = performance.now();
  const { responses, end } = await converse(mock.port, [head, body], { responses: 1 });
  const ms = performance.now() - started;
  report.good.sent++;
  report.good.slowestMs = Math.max(report.good.slowestMs, ms);
  const [response] = responses;
  const fault = response ? checkResponse(response, { operation: "ApiSubjectsPost" }) : `no answer (${end})`;
  if (fault || response?.status !== 201)
    report.failures.push(`a good request: ${fault ?? excerpt(response!.body)}`);
}

if (import.meta.main) {
  const program = {
    name: "node test/lab/hostile/fuzz.ts",
    description: "Sends malformed and hostile requests to the mock and checks every response.",
    options: {
      requests: {
        argument: "number",
        description: "how many",
        default: 50_000,
        parse: wholeNumber({ from: 1 }),
      },
      seed: { argument: "text", description: "other attacks", default: "1" },
      only: { argument: "number", description: "this attack only", parse: wholeNumber({ from: 0 }) },
    },
  } as const;
  process.exitCode = await runProgram(
    program,
    { args: process.argv.slice(2), terminal },
    async ({ options }) => {
      const report = await fuzz(options);
      printReport(report, options);
      return report.failures.length > 0 ? 1 : 0;
    },
  );
}

function printReport(
  { families, ms, good, deafMs, memory, failures }: FuzzReport,
  { requests, seed }: FuzzOptions,
): void {
  const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;
  console.table(families);
  console.log(
    `${requests} attacks with seed ${seed} in ${Math.round(ms / 1000)} s; ` +
      `${good.sent} good requests, the slowest ${Math.round(good.slowestMs)} ms; ` +
      `the server busy ${deafMs} ms at most; memory ${megabytes(memory.warm)} warm, ${megabytes(memory.end)} at the end`,
  );
  for (const failure of failures) console.error(failure);
}

import { existsSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg } from "node:os";
import { dirname, resolve } from "node:path";
import { parseArgs } from "node:util";
import { bare, type Contender, contenders, stockPrism } from "./contenders.ts";
import { formatTable } from "./format-table.ts";
import { galleryTable, measureVerification } from "./further.ts";
import { body, registration } from "./registration.ts";
import { runLoad } from "./run-load.ts";
import { ServerError, startServer } from "./start-server.ts";
import { type Measurement, type Summary, summarise } from "./summarise.ts";

/**
 * `npm run bench`: the mock, Prism CLI and a bare server on the same request, one at a time and in turns,
 * each in a fresh process in each round. Each connection waits for its answer before it asks again, so the
 * latencies are those of a closed loop.
 *
 * Exit codes: 0 measured, 1 a server answered wrongly or not at all, 2 could not run.
 */
const connections = 16;
const warmUpMs = 2000;
const help = `npm run bench -- [--rounds 3] [--seconds 5] [--json FILE]

Measures POST /subjects over ${connections} connections: ${contenders.map(({ name }) => name).join("; ")}.

  --rounds N    how often each is measured, 3 or more; the table shows medians
  --seconds N   how long each is measured in a round, after ${warmUpMs / 1000} s of warm-up
  --json FILE   write the figures, those of each round too
`;

type Command = { rounds: number; seconds: number; json?: string; help?: boolean };

for (const [signal, code] of Object.entries({ SIGHUP: 129, SIGINT: 130, SIGTERM: 143 })) {
  process.once(signal, () => process.exit(code));
}
process.exitCode = await run(process.argv.slice(2));

async function run(args: string[]): Promise<number> {
  const command = readCommand(args);
  if (typeof command === "string") {
    process.stderr.write(`${command}\n(add --help for the options)\n`);
    return 2;
  }
  if (command.help) {
    process.stdout.write(help);
    return 0;
  }
  try {
    await bench(command);
    return 0;
  } catch (error) {
    progress("");
    if (!(error instanceof ServerError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

/** The command, or what is wrong with it. */
function readCommand(args: string[]): Command | string {
  try {
    const { values } = parseArgs({
      args,
      options: {
        rounds: { type: "string", default: "3" },
        seconds: { type: "string", default: "5" },
        json: { type: "string" },
        help: { type: "boolean" },
      },
    });
    const rounds = Number(values.rounds);
    const seconds = Number(values.seconds);
    if (!Number.isInteger(rounds) || rounds < 3) return "--rounds must be a whole number, 3 or more.";
    if (!(seconds > 0 && seconds <= 120)) return "--seconds must be a number above 0, at most 120.";
    if (values.json && !existsSync(dirname(resolve(values.json))))
      return `--json ${values.json}: there is no such folder.`;
    return { ...values, rounds, seconds };
  } catch (error) {
    return (error as Error).message;
  }
}

async function bench({ rounds, seconds, json }: Command): Promise<void> {
  const machine = {
    processor: cpus()[0]?.model,
    cores: availableParallelism(),
    loadAverageBefore: loadavg()[0]!,
    node: process.version,
  };
  const measurements: Measurement[] = [];
  for (let round = 1; round <= rounds; round++) {
    for (const contender of contenders) {
      progress(`round ${round} of ${rounds}: ${contender.name}`);
      measurements.push({ name: contender.name, round, ...(await measure(contender, seconds)) });
    }
  }
  progress("");
  const summary = summarise(measurements, { bare, prism: stockPrism });
  const run = { request: "POST /subjects", bodyBytes: body.length, connections, rounds, seconds, warmUpMs };
  process.stdout.write(reportText(summary, { ...run, ...machine }));

  const env = quietEnvironment(process.env);
  progress("verification");
  const verification = await measureVerification({ rounds, env });
  progress("galleries");
  const galleries = await galleryTable(env);
  progress("");
  const median = verification.ms[Math.floor(verification.ms.length / 2)]!;
  process.stdout.write(
    `\nnecid verify --target mock, as a command: ${median} ms (${verification.ms.join(", ")}; ${verification.summary})\n\n${galleries}`,
  );
  const figures = { run, machine, ...summary, measurements, verification, galleries };
  if (json) writeFileSync(json, `${JSON.stringify(figures, null, 2)}\n`);
}

async function measure(contender: Contender, seconds: number): Promise<Omit<Measurement, "name" | "round">> {
  const server = await startServer(contender, { env: quietEnvironment(process.env) });
  try {
    const { port, firstAnswerMs } = server;
    const request = registration({ port, path: contender.path, now: Date.now() });
    const measuredMs = seconds * 1000;
    const result = await runLoad({ port, request, status: 201, connections, warmUpMs, measuredMs });
    return { ...result, firstAnswerMs, memoryBytes: server.memory() };
  } catch (error) {
    throw new ServerError(`${contender.name}: ${(error as Error).message}`);
  } finally {
    await server.end();
  }
}

/** Without what changes the contenders: other credentials, options of Node, Prism's production mode. */
function quietEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^(NECID|NODE)_/.test(name)));
}

function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

function reportText(
  { rows, doubts }: Summary,
  run: {
    request: string;
    bodyBytes: number;
    rounds: number;
    seconds: number;
    cores: number;
    loadAverageBefore: number;
    node: string;
  },
): string {
  return `${run.request} with a body of ${run.bodyBytes} bytes, ${connections} connections, medians of ${run.rounds} rounds of ${run.seconds} s
node ${run.node} on ${run.cores} cores, load average before ${run.loadAverageBefore.toFixed(2)}

${formatTable(rows)}
${doubts.map((doubt) => `${doubt}\n`).join("")}`;
}

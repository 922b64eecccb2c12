import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { measureBodies } from "./bodies.ts";
import { type Command, help, type Part, readCommand } from "./command.ts";
import { bare, contenders, stockPrism, wiremock } from "./contenders.ts";
import { measureContracts } from "./contract-sizes.ts";
import type { Figures } from "./figures.ts";
import { measureFirstAnswers } from "./first-answer.ts";
import { formatTable } from "./format-table.ts";
import { measureGalleries } from "./galleries.ts";
import { measureGeneration } from "./generation.ts";
import { measure } from "./measure.ts";
import { mockoonEnvironment } from "./mockoon-environment.ts";
import { findPeers, type Peers, PeersError } from "./peers.ts";
import { recordAnswers } from "./record-answers.ts";
import { RunError } from "./run-node.ts";
import { register, scenarios } from "./scenarios.ts";
import { ServerError } from "./start-server.ts";
import { summarise } from "./summarise.ts";
import { loadTable, partTables } from "./tables.ts";
import { headline, verdict } from "./verdict.ts";
import { measureVerification } from "./verification.ts";
import { wiremockStubs } from "./wiremock-stubs.ts";

/**
 * `npm run bench`: the mock beside others on the same requests, one at a time and in turns, each in a fresh
 * process in each round. Each connection waits for its answer before it asks again, so the latencies are
 * those of a closed loop.
 *
 * Exit codes: 0 measured, 1 a server or command did not do its work, 2 could not run.
 */
const connections = 16;

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
  const folder = mkdtempSync(join(tmpdir(), "necid-bench-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  try {
    await bench(command, folder);
    return 0;
  } catch (error) {
    progress("");
    const known = [ServerError, RunError, PeersError].some((kind) => error instanceof kind);
    if (!known) throw error;
    process.stderr.write(`${(error as Error).message}\n`);
    return error instanceof PeersError ? 2 : 1;
  }
}

async function bench(command: Command, folder: string): Promise<void> {
  const started = performance.now();
  const machine = {
    processor: cpus()[0]?.model ?? "unknown processor",
    cores: availableParallelism(),
    node: process.version,
    date: new Date().toISOString(),
    loadAverageBefore: loadavg()[0]!,
  };
  const peers = await findPeers({
    install: command.contenders.some((key) => key === "wiremock" || key === "mockoon"),
    say: (line) => process.stderr.write(`${line}\n`),
  });
  const env = quietEnvironment(process.env, folder);
  const load = await measureLoad(command, { folder, peers, env });
  const parts = await measureParts(command, { folder, peers, env });
  progress("");

  const { rounds, seconds, warmUpSeconds, json } = command;
  const bodyBytes = JSON.stringify(register.body!("")).length;
  const took = (performance.now() - started) / 1000;
  const run = { rounds, seconds, warmUpSeconds, connections, bodyBytes, took };
  const figures: Figures = { machine, run, ...load, ...parts };
  process.stdout.write(reportText(figures));
  if (json) writeFileSync(json, `${JSON.stringify(figures, null, 2)}\n`);
}

type World = { folder: string; peers: Peers; env: NodeJS.ProcessEnv };
type Load = Pick<Figures, "rows" | "doubts" | "measurements" | "skipped">;

async function measureLoad(command: Command, { folder, peers, env }: World): Promise<Load> {
  const recorded = await recordAnswers(scenarios);
  mkdirSync(join(folder, "mappings"));
  writeFileSync(join(folder, "answers.json"), JSON.stringify(recorded));
  writeFileSync(join(folder, "mappings/necid.json"), JSON.stringify(wiremockStubs(recorded)));
  writeFileSync(join(folder, "mockoon.json"), JSON.stringify(mockoonEnvironment(recorded)));

  const wanted = contenders.filter(({ key }) => command.contenders.includes(key));
  const skipped = wanted.flatMap(({ name, missing }) => {
    const reason = missing?.(peers);
    return reason ? [{ name, reason }] : [];
  });
  const measured = wanted.filter(({ missing }) => !missing?.(peers));
  const measurements: Load["measurements"] = [];
  for (let round = 1; round <= command.rounds; round++) {
    for (const scenario of scenarios.filter(({ name }) => command.only.includes(name))) {
      for (const contender of measured.filter(({ only = scenario.name }) => only === scenario.name)) {
        progress(`round ${round} of ${command.rounds}: ${scenario.name}, ${contender.name}`);
        const times = scenario === register ? 2 : 1;
        const result = await measure(contender, scenario, {
          place: { folder, scenario: scenario.name, peers },
          subject: recorded.subject,
          env,
          connections,
          warmUpMs: times * command.warmUpSeconds * 1000,
          measuredMs: times * command.seconds * 1000,
        });
        measurements.push({ name: contender.name, scenario: scenario.name, round, ...result });
      }
    }
  }
  return { ...summarise(measurements, { bare, prism: stockPrism, wiremock }), measurements, skipped };
}

async function measureParts(command: Command, { folder, peers, env }: World): Promise<Partial<Figures>> {
  const { rounds, only } = command;
  const place = { folder, scenario: register.name, peers };
  const warmUpMs = command.warmUpSeconds * 1000;
  const measuredMs = command.seconds * 1000;
  const load = { connections, warmUpMs, measuredMs };
  const measures: Record<Part, () => Promise<Partial<Figures>>> = {
    "first-answer": async () => ({
      firstAnswers: await measureFirstAnswers({ rounds: Math.max(5, rounds), place, env }),
    }),
    generation: async () => ({ generation: await measureGeneration({ rounds, env }) }),
    verification: async () => ({ verification: await measureVerification({ rounds, folder, env }) }),
    bodies: async () => ({
      bodies: await measureBodies({ rounds, warmUpMs, measuredMs: 2 * measuredMs, place, env }),
    }),
    galleries: async () => ({ galleries: await measureGalleries([100, 10_000, 100_000], { env }) }),
    contracts: async () => ({
      contracts: await measureContracts([10, 100, 1000], { rounds, ...load, folder, env }),
    }),
  };
  const figures: Partial<Figures> = {};
  for (const [part, measured] of Object.entries(measures)) {
    if (!only.includes(part)) continue;
    progress(part);
    Object.assign(figures, await measured());
  }
  return figures;
}

/** Without what changes the contenders: other credentials, options of Node, production modes, a home to write to. */
function quietEnvironment(env: NodeJS.ProcessEnv, home: string): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !/^(NECID|NODE|MOCKOON|PRISM)_/.test(name));
  return { ...Object.fromEntries(kept), HOME: home };
}

function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

function reportText(figures: Figures): string {
  const tables = [...(figures.rows.length > 0 ? [loadTable(figures)] : []), ...partTables(figures)];
  const first = headline(figures);
  return [
    ...(first ? [`${first}\n`] : []),
    ...tables.map(formatTable),
    `${verdict(figures).join("\n")}\n`,
  ].join("\n");
}

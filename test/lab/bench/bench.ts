import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { runProgram } from "../../../tools/commands/reader/options.ts";
import { terminal } from "../../../tools/commands/reader/terminal.ts";
import { type Command, program, readCommand } from "./command.ts";
import { LoadError } from "./load/load.ts";
import { measureRounds } from "./load/rounds.ts";
import { register, scenarios } from "./load/scenarios.ts";
import { measureParts } from "./parts.ts";
import type { Figures } from "./report/figures.ts";
import { formatTable } from "./report/format-table.ts";
import { loadTable, partTables } from "./report/tables.ts";
import { headline, verdict } from "./report/verdict.ts";
import { findPeers, PeersError } from "./servers/peers.ts";
import { RunError } from "./servers/run-node.ts";
import { ServerError } from "./servers/start-server.ts";

/**
 * `npm run bench`: the mock beside others on the same requests, one at a time and in turns, each in a fresh
 * process in each round. Each connection waits for its response before it asks again, so the latencies are
 * those of a closed loop.
 *
 * Exit codes: 0 measured, 1 a server or command did not do its work, 2 could not run.
 */
const connections = 16;

for (const [signal, code] of Object.entries({ SIGHUP: 129, SIGINT: 130, SIGTERM: 143 })) {
  process.once(signal, () => process.exit(code));
}
process.exitCode = await runProgram(
  program,
  { args: process.argv.slice(2), terminal },
  async ({ options }) => {
    const command = readCommand(options);
    if (typeof command !== "string") return run(command);
    terminal.stderr(`${command}\n(add --help for the options)\n`);
    return 2;
  },
);

async function run(command: Command): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "necid-bench-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  try {
    await bench(command, folder);
    return 0;
  } catch (error) {
    progress("");
    const known = [ServerError, LoadError, RunError, PeersError].some((kind) => error instanceof kind);
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
    install: wantsPeers(command),
    say: (line) => process.stderr.write(`${line}\n`),
  });
  const world = { folder, peers, env: quietEnvironment(process.env, folder), connections, progress };
  const load = await measureRounds(command, world);
  const parts = await measureParts(command, world);
  progress("");

  const { rounds, seconds, warmUpSeconds, json } = command;
  const bodyBytes = JSON.stringify(register.body!("")).length;
  const took = (performance.now() - started) / 1000;
  const run = { rounds, seconds, warmUpSeconds, connections, bodyBytes, took };
  const figures: Figures = { machine, run, ...load, ...parts };
  process.stdout.write(reportText(figures));
  if (json) writeFileSync(json, `${JSON.stringify(figures, null, 2)}\n`);
}

function wantsPeers({ only, contenders }: Command): boolean {
  const isLoad = [...scenarios.map(({ name }) => name), "pictures"].some((name) => only.includes(name));
  return isLoad && ["wiremock", "mockoon"].some((key) => contenders.includes(key));
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

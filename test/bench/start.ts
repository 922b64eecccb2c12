import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bare, type Contender, contenders, stockPrism } from "./contenders.ts";
import { ServerError, startServer } from "./start-server.ts";

/**
 * `npm run build && node test/bench/start.ts [ROUNDS]`: from the start of the process to the first correct
 * answer, of the compiled package, of its source, of Prism CLI and of a bare server, in turns. The least of
 * the rounds is the one that the rest of the machine disturbed least.
 *
 * Exit codes: 0 measured, 1 a server answered wrongly or not at all, 2 could not run.
 */
const compiled = "mock, compiled";
type Starter = Contender & { env?: NodeJS.ProcessEnv };
type Start = { ms: number; cpuMs: number };

const root = fileURLToPath(new URL("../../", import.meta.url));
process.exitCode = await run(Number(process.argv[2] ?? 15));

async function run(rounds: number): Promise<number> {
  if (!(rounds >= 1) || !existsSync(join(root, "dist/tools/necid.js"))) {
    process.stderr.write(
      "It measures dist/ in 1 or more rounds: npm run build && node test/bench/start.ts 15\n",
    );
    return 2;
  }
  const kept = mkdtempSync(join(tmpdir(), "necid-bench-"));
  try {
    process.stdout.write(report(await measure(starters(kept), rounds)));
    return 0;
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  } finally {
    rmSync(kept, { recursive: true });
  }
}

/** @param kept the folder below which Node keeps the compiled code of earlier starts. */
function starters(kept: string): Starter[] {
  const args = (port: number) => ["dist/tools/necid.js", "mock", "--port", String(port), "--quiet"];
  const mock = { path: "/v1/subjects", args };
  const [bareServer, source, prism] = contenders;
  return [
    { ...bareServer!, name: `${bare}, source` },
    { ...mock, name: compiled, env: { TMPDIR: kept } },
    { ...mock, name: `${compiled}, first start`, env: { NODE_DISABLE_COMPILE_CACHE: "1" } },
    { ...source!, name: "mock, source", env: { TMPDIR: kept } },
    prism!,
  ];
}

async function measure(list: Starter[], rounds: number): Promise<Map<string, Start[]>> {
  const starts = new Map<string, Start[]>();
  // The round before the first is not counted: it fills the caches of Node and of the disk.
  for (let round = 0; round <= rounds; round++) {
    for (const starter of list) {
      const env = { PATH: process.env.PATH, ...starter.env };
      const {
        firstAnswerMs: ms,
        firstAnswerCpuMs: cpuMs = Number.NaN,
        end,
      } = await startServer(starter, { env });
      // Code is kept at an orderly end only.
      await end("SIGTERM");
      if (round > 0) starts.set(starter.name, [...(starts.get(starter.name) ?? []), { ms, cpuMs }]);
    }
  }
  return starts;
}

function report(starts: Map<string, Start[]>): string {
  const least = (name: string, of: keyof Start) => Math.min(...starts.get(name)!.map((start) => start[of]));
  const lines = [...starts.keys()].map((name) => {
    const figures = (["ms", "cpuMs"] as const).map((of) => `${least(name, of).toFixed(0).padStart(8)} ms`);
    return `${name.padEnd(30)}${figures.join("")}\n`;
  });
  const part = (of: keyof Start) => (least(compiled, of) / least(stockPrism, of)).toFixed(2);
  return `First answer, least of ${starts.get(compiled)!.length}           time  processor
${lines.join("")}compiled, as a part of ${stockPrism}: ${part("ms")} of its time, ${part("cpuMs")} of its processor time\n`;
}

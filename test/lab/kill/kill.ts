import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { face } from "../../../contracts/necid/faces/faces.ts";
import { createRandom } from "../../../mocks/random/random.ts";
import { runProgram, wholeNumber } from "../../../tools/commands/reader/options.ts";
import { terminal } from "../../../tools/commands/reader/terminal.ts";

/** What was seen over all kills. */
export type KillReport = { kills: number; registered: number; kept: number; lost: string[] };

/**
 * Starts `necid mock --state` again and again on one file, registers faces as fast as it answers, and ends
 * the process with SIGKILL at a random moment. After each kill the file must load and hold every
 * registration that was answered more than a second before.
 */
export async function killDuringWrites({
  kills,
  seed,
}: {
  kills: number;
  seed: string;
}): Promise<KillReport> {
  const directory = mkdtempSync(join(tmpdir(), "necid-kill-"));
  const file = join(directory, "state.json");
  const random = createRandom(seed);
  const due = new Set<string>();
  let registered = 0;
  try {
    for (let kill = 0; kill < kills; kill++) {
      const answered = await liveAndDie(file, 1100 + random() * 900);
      registered += answered.ids.length;
      for (const { id, at } of answered.ids) if (answered.killedAt - at > 1000) due.add(id);
      const lost = missingFrom(file, due);
      if (lost.length > 0) return { kills: kill + 1, registered, kept: due.size, lost };
    }
    return { kills, registered, kept: due.size, lost: [] };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

type Answered = { id: string; at: number };

async function liveAndDie(file: string, lifeMs: number): Promise<{ ids: Answered[]; killedAt: number }> {
  const args = [
    "tools/commands/necid.ts",
    "mock",
    "--port",
    "0",
    "--auth",
    "off",
    "--quiet",
    "--state",
    file,
  ];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const url = await urlOf(child);
  const ids: Answered[] = [];
  const first = Promise.withResolvers<void>();
  const ended = once(child, "exit");
  let alive = true;
  const register = async () => {
    for (let photo = 1; alive; photo++) {
      const body = JSON.stringify({ face: face("alice", { photo }) });
      const headers = { "content-type": "application/json" };
      const response = await fetch(`${url}/subjects`, { method: "POST", headers, body }).catch(
        () => undefined,
      );
      const subject =
        response && ((await response.json().catch(() => undefined)) as { id: string } | undefined);
      if (!subject) continue;
      ids.push({ id: subject.id, at: performance.now() });
      first.resolve();
    }
  };
  const registering = [register(), register(), register(), register()];
  await Promise.race([first.promise, ended]);
  await wait(lifeMs);
  const killedAt = performance.now();
  alive = false;
  child.kill("SIGKILL");
  await ended;
  await Promise.all(registering);
  return { ids, killedAt };
}

async function urlOf(child: ChildProcess): Promise<string> {
  let output = "";
  for await (const chunk of child.stdout!) {
    output += chunk;
    const url = /http:\/\/\S+/.exec(output);
    if (url && output.includes("Ctrl-C")) return url[0];
  }
  throw new Error(`the mock ended before it listened: ${output}`);
}

function missingFrom(file: string, due: Set<string>): string[] {
  const saved = JSON.parse(readFileSync(file, "utf8")) as { applications: { subjects: { id: string }[] }[] };
  const kept = new Set(saved.applications.flatMap(({ subjects }) => subjects.map(({ id }) => id)));
  return [...due].filter((id) => !kept.has(id));
}

if (import.meta.main) {
  const program = {
    name: "node test/lab/kill/kill.ts",
    description:
      "Ends the mock with SIGKILL during writes and looks for lost registrations in its state file.",
    options: {
      kills: { argument: "number", description: "how many", default: 100, parse: wholeNumber({ from: 1 }) },
      seed: { argument: "text", description: "other moments", default: "kill" },
    },
  };
  process.exitCode = await runProgram(program, { args: process.argv.slice(2), terminal }, async (given) => {
    const report = await killDuringWrites(given.options);
    console.log(JSON.stringify({ ...report, lost: report.lost.length }));
    return report.lost.length > 0 ? 1 : 0;
  });
}

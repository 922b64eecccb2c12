import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createRandom } from "../../../mocks/random/random.ts";
import { openService } from "../../mocks/necid/open-service.ts";

const kills = 100;
const atOnce = 5;
const program = fileURLToPath(new URL("../../mocks/world/registering-process.ts", import.meta.url));

let folder: string;
const running = new Set<ChildProcess>();
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "state-file-kill-"));
});
afterEach(async () => {
  for (const child of running) child.kill("SIGKILL");
  await rm(folder, { recursive: true, force: true });
});

test(`after each of ${kills} kills the file loads and holds what was answered over a second before`, async () => {
  const series = Array.from({ length: atOnce }, (_, index) => killSeries(index));
  const killed = (await Promise.all(series)).flat();
  expect(killed).toHaveLength(kills);
  expect(killed.filter(({ lost }) => lost.length > 0)).toEqual([]);
  // The kills are worth something only where there was something to hold, and something to interrupt.
  const held = killed.reduce((sum, { held }) => sum + held, 0);
  const interrupted = killed.filter(({ unfinished }) => unfinished > 0).length;
  console.info(`${held} registrations held, ${interrupted} writes interrupted by ${kills} kills`);
  expect(held).toBeGreaterThan(kills);
  expect(interrupted).toBeGreaterThan(0);
});

/** Kills one process after another on the same file; in every second series it writes all the time. */
async function killSeries(index: number) {
  const path = join(folder, `state-${index}.json`);
  const random = createRandom(`kill ${index}`);
  const outcomes: Awaited<ReturnType<typeof check>>[] = [];
  let before: string[] = [];
  for (let round = 0; round < kills / atOnce; round++) {
    const delay = index % 2 === 0 ? "default" : "0";
    const { answered, killedAt } = await runAndKill([path, delay, `${index} ${round}`], 1600 * random());
    const due = answered.filter(({ at }) => at < killedAt - 1000).map(({ id }) => id);
    const outcome = await check(path, [...before, ...due]);
    outcomes.push(outcome);
    before = outcome.ids;
  }
  return outcomes;
}

/** Starts the process, kills it so long after its first registration, and returns what it answered until then. */
async function runAndKill(parameters: string[], lifeMs: number) {
  const child = spawn(process.execPath, [program, ...parameters], { stdio: ["ignore", "pipe", "inherit"] });
  running.add(child);
  let printed = "";
  const registered = new Promise<void>((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`the process ended by itself with ${code}`)));
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
      if (/^started\n.+\n/.test(printed)) resolve();
    });
  });
  const closed = new Promise((resolve) => child.once("close", (_, signal) => resolve(signal)));
  await registered;
  await setTimeout(lifeMs);
  const killedAt = Date.now();
  child.kill("SIGKILL");
  expect(await closed).toBe("SIGKILL");
  running.delete(child);
  const answered = printed
    .split("\n")
    .slice(1, -1)
    .map((line) => ({ id: line.split(" ")[0]!, at: Number(line.split(" ")[1]) }));
  return { answered, killedAt };
}

/** Loads the file as the next process would. */
async function check(path: string, due: string[]) {
  const { state } = openService();
  const text = await readFile(path, "utf8").catch((error) =>
    error.code === "ENOENT" ? undefined : Promise.reject(error),
  );
  if (text !== undefined) state.load(JSON.parse(text));
  const { applications } = state.save() as { applications: { subjects: { id: string }[] }[] };
  const ids = applications.flatMap(({ subjects }) => subjects.map(({ id }) => id));
  const known = new Set(ids);
  const name = path.slice(folder.length + 1);
  const unfinished = (await readdir(folder)).filter((other) => other.startsWith(`${name}.`)).length;
  return { ids, held: due.length, lost: due.filter((id) => !known.has(id)), unfinished };
}

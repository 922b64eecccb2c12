import type { MadeCall } from "../../contracts/verify/check.ts";
import { compareCalls, type TargetDifference } from "../../contracts/verify/run/compare.ts";
import { type RunOptions, type RunOutcome, runChecks } from "../../contracts/verify/run/run.ts";
import type { Terminal } from "./reader/terminal.ts";

/** The two sides of a comparison: what `runChecks` needs, and how the side is called. */
export type Side = {
  name: string;
  options: RunOptions;
  /** Called after its run, also after one that was stopped. */
  onEnd?: (outcome: SideOutcome) => Promise<unknown>;
};

type SideOutcome = RunOutcome & { registered: number };

/**
 * Makes the same calls to both and lists, by operation and place, where the second one answers otherwise.
 *
 * @param options.redact takes the secrets out of a text.
 * @returns the exit code: 0 no difference, 1 some, 2 could not find out.
 */
export async function compareTargets(
  [first, second]: [Side, Side],
  { stdout, stderr, redact }: Pick<Terminal, "stdout" | "stderr"> & { redact: (text: string) => string },
): Promise<number> {
  const one = await recorded(first.options);
  await first.onEnd?.(one.outcome);
  const other = one.outcome.stopped ? undefined : await recorded(second.options);
  for (const [{ name }, side] of [[first, one] as const, [second, other] as const]) {
    const { stopped, orphans = [] } = side?.outcome ?? {};
    if (stopped) stderr(redact(`could not compare (${stopped.kind}): ${name}: ${stopped.message}\n`));
    for (const { role, id } of orphans)
      stderr(`left registered at ${name}: ${role}, ${id ?? "id unknown"}\n`);
  }
  if (!other || other.outcome.stopped) return 2;

  const differences = differencesOf([one, other], redact);
  stdout(differences.map((difference) => redact(shown(difference, [first.name, second.name]))).join(""));
  const skipped = one.outcome.outcomes.filter(({ result }) => result.skipped !== undefined).length;
  stdout(
    `${differences.length} difference${differences.length === 1 ? "" : "s"} between ${first.name} and ${second.name} in ${one.outcome.calls} calls; ${skipped} checks could not be made\n`,
  );
  return differences.length + one.outcome.orphans.length > 0 ? 1 : 0;
}

type Recorded = { outcome: SideOutcome; calls: Map<string, MadeCall[]> };

/** Runs the checks and keeps the answers of each; requests may hold large pictures and are not kept. */
async function recorded(options: RunOptions): Promise<Recorded> {
  const calls = new Map<string, MadeCall[]>();
  let current = "";
  const outcome = await runChecks({
    ...options,
    onStart(check) {
      current = check.id;
      options.onStart?.(check);
    },
    onMade(made) {
      options.onMade?.(made);
      const kept = {
        ...made,
        planned: { ...made.planned, body: undefined },
        request: { ...made.request, body: undefined },
      };
      calls.set(current, [...(calls.get(current) ?? []), kept]);
    },
  });
  return { outcome, calls };
}

/** Check by check, so that one that ended early does not shift the others. */
function differencesOf(
  [one, other]: [Recorded, Recorded],
  redact: (text: string) => string,
): TargetDifference[] {
  const all = [...one.calls].flatMap(([check, calls]) =>
    compareCalls(calls, other.calls.get(check) ?? [], redact),
  );
  const unique = Map.groupBy(all, ({ operation, instancePath, first, second }) =>
    JSON.stringify([operation, instancePath, first, second]),
  );
  return Array.from(unique.values(), ([difference]) => difference!).toSorted(
    (a, b) => compareText(a.operation, b.operation) || compareText(a.instancePath, b.instancePath),
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function shown(
  { operation, instancePath, purpose, first, second }: TargetDifference,
  names: [string, string],
): string {
  const [one, other] = names.map((name) => name.padEnd(Math.max(...names.map(({ length }) => length))));
  return `${operation}  ${instancePath}  (${purpose})\n  ${one}  ${first}\n  ${other}  ${second}\n`;
}

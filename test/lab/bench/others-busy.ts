import { cpus } from "node:os";
import { setTimeout as after } from "node:timers/promises";

/** More than this belongs to somebody else's work, not to the system's own. */
const othersLimit = 0.1;

/** How much of all processors others take while this process does nothing, from 0 to 1. */
export async function othersBusy(ms = 500): Promise<number> {
  const before = spent();
  await after(ms);
  const now = spent();
  return (now.busy - before.busy) / (now.all - before.all);
}

/** The sentence to say when others worked on the machine between the rounds, if they did. */
export function othersDoubt(samples: readonly number[]): string | undefined {
  const most = Math.max(...samples);
  if (!(most > othersLimit)) return undefined;
  return `The machine was too noisy to trust: between the rounds, others kept its processors busy for up to ${Math.round(most * 100)} % of the time.`;
}

function spent(): { busy: number; all: number } {
  const times = cpus().map((cpu) => cpu.times);
  const all = times.flatMap((one) => Object.values(one)).reduce((sum, time) => sum + time, 0);
  return { all, busy: all - times.reduce((sum, { idle }) => sum + idle, 0) };
}

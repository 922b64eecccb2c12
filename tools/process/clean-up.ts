import { mkdtempSync, rmSync } from "node:fs";

/**
 * Calls `use` with a new folder, which is gone afterwards, also when the process ends before it is done.
 *
 * @param prefix the path of the folder, to which six characters are added.
 */
export async function withTemporaryFolder<Result>(
  prefix: string,
  use: (folder: string) => Promise<Result>,
): Promise<Result> {
  let folder: string | undefined;
  // Signals wait from before the folder is made.
  const remove = cleanUpAtEnd(() => {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });
  try {
    folder = mkdtempSync(prefix);
    return await use(folder);
  } finally {
    remove();
  }
}

/**
 * Calls `cleanUp` when the process ends, by itself or by SIGINT, SIGTERM or SIGHUP. Of several the last comes first.
 * A signal waits for the end of the synchronous code that runs; where nobody else listens to it, it ends the process
 * as it would have without this.
 *
 * @returns what cleans up now, once.
 */
export function cleanUpAtEnd(cleanUp: () => void): () => void {
  // The same function may be given twice.
  const task = () => cleanUp();
  if (pending.size === 0) listen();
  pending.add(task);
  return () => {
    if (!pending.delete(task)) return;
    if (pending.size === 0) stopListening();
    task();
  };
}

const pending = new Set<() => void>();
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Before all others, of which one that listens once would be gone already. */
function listen(): void {
  for (const signal of signals) process.prependListener(signal, onSignal);
  process.on("exit", cleanUpAll);
}

function stopListening(): void {
  for (const signal of signals) process.off(signal, onSignal);
  process.off("exit", cleanUpAll);
}

function onSignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  cleanUpAll();
  process.kill(process.pid, signal);
}

function cleanUpAll(): void {
  const tasks = [...pending].reverse();
  pending.clear();
  stopListening();
  for (const task of tasks) task();
}

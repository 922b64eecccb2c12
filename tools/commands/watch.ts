import { watch } from "node:fs";
import { basename, dirname } from "node:path";

/**
 * Calls `changed` after any of the files was written, once for a burst of writes and never twice at the
 * same time. Files that editors replace instead of writing are seen too, because their folders are watched.
 *
 * @returns a function that ends it.
 */
export function watchFiles(
  files: string[],
  changed: () => Promise<void>,
  { settleMs = 100 } = {},
): () => void {
  let timer: NodeJS.Timeout | undefined;
  let running = Promise.resolve();
  const folders = Map.groupBy(files, (file) => dirname(file));
  const watchers = [...folders].map(([folder, watched]) => {
    const names = new Set(watched.map((file) => basename(file)));
    return watch(folder, (_, name) => {
      if (name === null || !names.has(name)) return;
      clearTimeout(timer);
      timer = setTimeout(() => {
        running = running.then(changed);
      }, settleMs);
    });
  });
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}

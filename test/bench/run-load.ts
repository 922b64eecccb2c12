import { askProcess } from "./ask-process.ts";
import type { LoadOptions, LoadResult } from "./load.ts";

/**
 * Runs `load` in a process of its own.
 *
 * @throws {Error} with the message of the failure in there.
 */
export function runLoad(options: LoadOptions): Promise<LoadResult> {
  return askProcess(new URL("./load-process.ts", import.meta.url), options);
}

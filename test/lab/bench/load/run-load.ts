import { callProcess } from "./call-process.ts";
import { LoadError, type LoadOptions, type LoadResult } from "./load.ts";

/**
 * Runs `load` in a process of its own.
 *
 * @throws {LoadError} with the message of the failure in there.
 */
export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  try {
    return await callProcess(new URL("./load-process.ts", import.meta.url), options);
  } catch (error) {
    throw new LoadError((error as Error).message);
  }
}

import { callProcess } from "../load/call-process.ts";
import type { GalleryTimes } from "./gallery-process.ts";

/** Times galleries of several sizes, in a process of its own that can collect its garbage. */
export function measureGalleries(
  sizes: number[],
  { env }: { env: NodeJS.ProcessEnv },
): Promise<GalleryTimes[]> {
  return callProcess(new URL("./gallery-process.ts", import.meta.url), sizes, {
    env,
    execArgv: ["--expose-gc"],
  });
}

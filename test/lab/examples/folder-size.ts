import { globSync, statSync } from "node:fs";
import { join } from "node:path";

/** The bytes that a folder takes on a disk with blocks of 4 kB. */
export function folderSize(folder: string): number {
  return globSync("**/*", { cwd: folder, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => statSync(join(entry.parentPath, entry.name)).size)
    .reduce((sum, size) => sum + Math.ceil(size / 4096) * 4096, 0);
}

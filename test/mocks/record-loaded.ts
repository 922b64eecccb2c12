import { writeFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { relative } from "node:path/posix";
import { fileURLToPath } from "node:url";

/**
 * Loaded before a program (`node --import`), writes at its end what it loaded to the file that RECORD_LOADED
 * names: files by their path in the project, parts of Node as `process.moduleLoadList` calls them.
 */
const root = fileURLToPath(new URL("../../", import.meta.url));
const files: string[] = [];

registerHooks({
  load(url, context, next) {
    if (url.startsWith("file:")) files.push(relative(root, fileURLToPath(url)));
    return next(url, context);
  },
});

process.once("exit", () => {
  const { moduleLoadList } = process as unknown as { moduleLoadList: string[] };
  writeFileSync(process.env.RECORD_LOADED!, JSON.stringify([...files, ...moduleLoadList]));
});

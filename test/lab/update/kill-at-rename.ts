import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

/**
 * With `--import`: ends the process by SIGKILL before the rename that `KILL_AT_RENAME` counts, of those that put a
 * new file in the place of one of the project.
 */
const { renameSync } = fs;
let renames = 0;
fs.renameSync = (...given) => {
  if (!String(given[1]).includes(".update-") && ++renames === Number(process.env.KILL_AT_RENAME))
    process.kill(process.pid, "SIGKILL");
  return renameSync(...given);
};
syncBuiltinESMExports();

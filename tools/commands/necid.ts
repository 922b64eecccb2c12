#!/usr/bin/env node
import module from "node:module";

// Compiled code is kept for the next start, in a folder of this user below the system's temporary folder, or in
// the folder that NODE_COMPILE_CACHE names. NODE_DISABLE_COMPILE_CACHE turns it off. Only modules that are loaded
// after this line are kept.
module.enableCompileCache?.();

const [{ runCommandLine }, { terminal }] = await Promise.all([
  import("./command-line.ts"),
  import("./terminal.ts"),
]);
process.exitCode = await runCommandLine(process.argv.slice(2), terminal);

#!/usr/bin/env node
import module from "node:module";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major > 22 || (major === 22 && minor >= 12)) {
  // Compiled code is kept for the next start, in a folder of this user below the system's temporary folder, or in
  // the folder that NODE_COMPILE_CACHE names. NODE_DISABLE_COMPILE_CACHE turns it off. Only modules that are loaded
  // after this line are kept.
  module.enableCompileCache?.();

  const [{ runCommandLine }, { terminal }] = await Promise.all([
    import("./command-line.ts"),
    import("./terminal.ts"),
  ]);
  process.exitCode = await runCommandLine(process.argv.slice(2), terminal);
} else {
  process.stderr.write(`necid needs Node 22.12 or newer, and this is Node ${process.versions.node}.\n`);
  process.exitCode = 2;
}

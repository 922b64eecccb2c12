#!/usr/bin/env node
import module from "node:module";
import { join } from "node:path";
import { cacheFolder } from "./cache-folder.ts";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major > 22 || (major === 22 && minor >= 12)) {
  // Compiled code is kept for the next start, in a folder that only this user can write to, or in the folder that
  // NODE_COMPILE_CACHE names. NODE_DISABLE_COMPILE_CACHE turns it off. Only modules that are loaded after this line
  // are kept.
  const folder = cacheFolder(process.env);
  if (folder !== undefined) module.enableCompileCache?.(join(folder, "compiled"));

  const [{ runCommandLine }, { terminal }] = await Promise.all([
    import("./command-line.ts"),
    import("./reader/terminal.ts"),
  ]);
  process.exitCode = await runCommandLine(process.argv.slice(2), terminal);
} else {
  process.stderr.write(`necid needs Node 22.12 or newer, and this is Node ${process.versions.node}.\n`);
  process.exitCode = 2;
}

#!/usr/bin/env node
import { keepCompiledCode } from "../../contracts/trust/cache-folder.ts";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major > 22 || (major === 22 && minor >= 12)) {
  // Before the modules below are loaded.
  keepCompiledCode(process.env);
  const [{ runCommandLine }, { terminal }] = await Promise.all([
    import("./command-line.ts"),
    import("./reader/terminal.ts"),
  ]);
  process.exitCode = await runCommandLine(process.argv.slice(2), terminal);
} else {
  process.stderr.write(`necid needs Node 22.12 or newer, and this is Node ${process.versions.node}.\n`);
  process.exitCode = 2;
}

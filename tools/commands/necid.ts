#!/usr/bin/env node
import module from "node:module";

// What was compiled once is kept for the next start, in a folder of this user's that Node chooses below the
// system's temporary one, or that NODE_COMPILE_CACHE names. It does without where that cannot be written, and
// where NODE_DISABLE_COMPILE_CACHE is set. Only what is loaded from here on is kept.
module.enableCompileCache?.();

const [{ readMockCommand }, { terminal }] = await Promise.all([
  import("./mock-options.ts"),
  import("./terminal.ts"),
]);
const mock = readMockCommand(process.argv.slice(2));
if (mock) {
  const { runMock } = await import("./mock.ts");
  process.exitCode = await runMock(mock, terminal);
} else {
  const { commandLine } = await import("./command-line.ts");
  await commandLine.parseAsync();
}

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { parseArgs } from "node:util";

/**
 * Starts stock `@stoplight/prism-cli` on the effective contract, for comparison: `npm run prism`, or as a
 * validating proxy with `npm run prism -- --upstream URL`. Other options go to Prism as they are.
 */
const contract = "generated/necid-v1/openapi.json";

const { values, tokens } = parseArgs({
  args: process.argv.slice(2),
  strict: false,
  tokens: true,
  options: {
    upstream: { type: "string" },
    port: { type: "string", default: "4011" },
    help: { type: "boolean" },
  },
});

if (values.help) {
  process.stdout.write(`npm run prism -- [--port 4011] [--upstream URL] [Prism's own options]

Serves stock Prism on ${contract}, as a mock, or as a proxy that checks both sides of an upstream.
Prism leaves out the base path: the mock answers at /subjects, not at /v1/subjects.
`);
} else if (!existsSync(contract)) {
  process.stderr.write(`${contract} is missing. Make it with: npm run generate\n`);
  process.exitCode = 2;
} else {
  const prism = createRequire(import.meta.url).resolve("@stoplight/prism-cli/dist/index.js");
  const ours = new Set(["upstream", "port"]);
  const others = tokens.flatMap((token) =>
    token.kind === "option" && !ours.has(token.name)
      ? [token.rawName, ...(token.value === undefined ? [] : [token.value])]
      : token.kind === "positional"
        ? [token.value]
        : [],
  );
  const verb = values.upstream
    ? ["proxy", contract, String(values.upstream), "--errors=false"]
    : ["mock", contract];
  const child = spawn(process.execPath, [prism, ...verb, "--port", String(values.port), ...others], {
    stdio: "inherit",
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => child.kill(signal));
  child.once("exit", (code) => {
    process.exitCode = code ?? 0;
  });
}

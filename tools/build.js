// Writes what the package ships into `dist`. It is JavaScript, so that every Node that builds the package runs it.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const help = `Usage: npm run build -- [options]

Compiles the package into dist, in the place of what is there.

Options:
  --if-missing  do nothing where there is a dist already
  -h, --help    display help for command
`;

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
process.exitCode = run(process.argv.slice(2));

function run(args) {
  const unknown = args.find((arg) => !["--if-missing", "-h", "--help"].includes(arg));
  if (args.includes("-h") || args.includes("--help")) process.stdout.write(help);
  else if (unknown !== undefined) {
    process.stderr.write(`error: unknown option '${unknown}'\n(add --help for the options)\n`);
    return 2;
  } else if (!args.includes("--if-missing") || !existsSync("dist")) return build();
  return 0;
}

/** @returns the exit code of the compiler. */
function build() {
  rmSync("dist", { recursive: true, force: true });
  try {
    const compiler = "node_modules/typescript/bin/tsc";
    execFileSync(process.execPath, [compiler, "-p", "tsconfig.build.json"], { stdio: "inherit" });
  } catch (error) {
    return error.status ?? 1;
  }
  // Declarations do not know the imports of a package's own manifest.
  for (const name of readdirSync("dist", { recursive: true }).filter((name) => name.endsWith(".d.ts"))) {
    const file = join("dist", name);
    const root = "../".repeat(name.split(/[/\\]/).length);
    writeFileSync(file, readFileSync(file, "utf8").replaceAll("#generated/", `${root}generated/`));
  }
  return 0;
}

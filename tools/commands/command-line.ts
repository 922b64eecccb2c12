import { readFileSync } from "node:fs";
import { formatHelp } from "./reader/help.ts";
import { CommandLineError, hintAtHelp, runProgram, similar } from "./reader/options.ts";
import type { Program, Verb } from "./reader/program.ts";
import { projectFolder } from "./reader/project-folder.ts";
import type { Terminal } from "./reader/terminal.ts";

/** The verbs in the order of the help. Each loads its own modules when it runs. */
const verbs: (Pick<Program, "name" | "description" | "operands"> & { load(): Promise<Verb> })[] = [
  {
    name: "generate",
    description: "write the effective contract, types, client, validators and responses from a Swagger file",
    load: async () => (await import("./generate.ts")).generateVerb,
  },
  {
    name: "mock",
    description: "serve the mock until Ctrl-C",
    load: async () => (await import("./mock.ts")).mockVerb,
  },
  {
    name: "verify",
    description: "verify whoever answers at a base URL against the contract",
    load: async () => (await import("./verify.ts")).verifyVerb,
  },
  {
    name: "diff",
    description: "compare two contracts as their consumer meets them",
    operands: {
      old: "Swagger 2.0 or OpenAPI 3.x, or a file of a git revision: HEAD~1:spec/necid-v1.yaml",
      new: "the same",
    },
    load: async () => (await import("./diff.ts")).diffVerb,
  },
  {
    name: "update",
    description: "take a new Swagger file from the vendor: report what it means, generate, check",
    operands: { file: "the vendor's file as published, or - for stdin" },
    load: async () => (await import("./update.ts")).updateVerb,
  },
  {
    name: "publish",
    description: "publish a consumer's pacts to a Pact Broker",
    load: async () => (await import("./publish.ts")).publishVerb,
  },
  {
    name: "sign",
    description: "print a signed curl command for one request",
    operands: {
      method: "GET, POST, PUT, DELETE, or an operation like ApiFaceSearchPost",
      url: "the whole URL; of an operation: mock, live or a base URL",
    },
    load: async () => (await import("./sign.ts")).signVerb,
  },
  {
    name: "call",
    description: "sign and make one call, and print its response",
    operands: { operation: "its operationId, or METHOD /path" },
    load: async () => (await import("./call.ts")).callVerb,
  },
  {
    name: "doctor",
    description: "say what is wrong with the installation, the environment or the service, and what to do",
    load: async () => (await import("./project/doctor.ts")).doctorVerb,
  },
  {
    name: "init",
    description: "write the first test, its script and a CI job",
    load: async () => (await import("./project/init.ts")).initVerb,
  },
  {
    name: "coverage",
    description: "say which documented responses an application was never tested against",
    operands: { folder: "the folder that NECID_COVERAGE named while the tests ran" },
    load: async () => (await import("./project/coverage.ts")).coverageVerb,
  },
  {
    name: "completion",
    description: "print the script by which a shell completes this command",
    operands: { shell: "bash, zsh or fish" },
    load: async () => (await import("./project/completion.ts")).completionVerb(allVerbs),
  },
];

const necid: Program = {
  name: "necid",
  description: "Contract tests and a mock server for NEC ID, generated from its Swagger.",
  options: {},
};

/**
 * Runs the verb that a command line names.
 *
 * @returns the exit code: 0 done, 1 the result is negative (stale, does not conform), 2 could not run.
 */
export async function runCommandLine([first, ...args]: string[], terminal: Terminal): Promise<number> {
  const help = formatHelp(necid, { verbs });
  if (first === undefined) {
    terminal.stderr(help);
    return 2;
  }
  if (first === "help" && args[0] !== undefined) {
    return runCommandLine(verbNamed(args[0]) ? [args[0], "--help"] : [args[0]], terminal);
  }
  if (["help", "-h", "--help"].includes(first)) {
    terminal.stdout(help);
    return 0;
  }
  if (["-V", "--version"].includes(first)) {
    terminal.stdout(`${version()}\n`);
    return 0;
  }
  const found = verbNamed(first);
  if (!found) {
    const kind = first.startsWith("-") ? "option" : "command";
    const names = kind === "option" ? ["--help", "--version"] : ["help", ...verbs.map(({ name }) => name)];
    terminal.stderr(hintAtHelp(new CommandLineError(`unknown ${kind} '${first}'${similar(first, names)}`)));
    return 2;
  }
  const { load, ...listed } = found;
  try {
    const { run, ...verb } = await load();
    const program = { ...listed, ...verb, name: `${necid.name} ${listed.name}` };
    return await runProgram(program, { args, terminal }, (commandLine) => run(commandLine, terminal));
  } catch (error) {
    terminal.stderr(`${(await missingPackagesOf(error)).message}\n`);
    return 2;
  }
}

/** What says how to install the packages whose absence caused an error. Any other error is thrown again. */
async function missingPackagesOf(error: unknown): Promise<Error> {
  const { missingPackages } = await import("../../contracts/openapi/optional-packages.ts");
  const { code } = error as NodeJS.ErrnoException;
  if (code === "PACKAGES_MISSING") return error as Error;
  const missing = code === "ERR_MODULE_NOT_FOUND" ? missingPackages("generate") : undefined;
  if (missing) return missing;
  throw error;
}

/** Every verb with its options, but for verbs whose packages are not installed. */
async function allVerbs() {
  const loaded = await Promise.allSettled(
    verbs
      .filter(({ name }) => name !== "completion")
      .map(async ({ name, description, load }) => ({ name, description, options: (await load()).options })),
  );
  return loaded.flatMap((verb) => (verb.status === "fulfilled" ? [verb.value] : []));
}

function verbNamed(name: string) {
  return verbs.find((verb) => verb.name === name);
}

function version(): string {
  return JSON.parse(readFileSync(`${projectFolder}package.json`, "utf8")).version;
}

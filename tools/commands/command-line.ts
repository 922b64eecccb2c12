import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Command, InvalidArgumentError, Option } from "commander";
import { type MockOption, mockOptions } from "./mock-options.ts";
import { terminal } from "./terminal.ts";

/**
 * The command line. Each verb loads what it needs when it runs, so that none pays for another.
 * Exit codes: 0 done, 1 the answer is no (stale, does not conform), 2 could not run.
 */
export const commandLine = new Command("necid")
  .description("Contract tests and a mock server for NEC ID, generated from its Swagger.")
  .version(version())
  .showHelpAfterError("(add --help for the options)")
  .configureHelp({ showGlobalOptions: false })
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

verb("generate")
  .description("write the effective contract, types, client, validators and responses from a Swagger file")
  .option("--spec <file>", "Swagger 2.0 or OpenAPI 3.x, YAML or JSON (default: spec/necid-v1.yaml)")
  .option("--overlay <file>", "OpenAPI Overlay that completes it (default: the one beside NEC ID's)")
  .option("--out <dir>", "folder to write (default: generated/<name of the spec>)")
  .option("--check", "write nothing; exit 1 and name the files that are stale")
  .action(async (options) => {
    // Between two steps, never inside one: the files are written in a single step.
    process.on("SIGINT", () => process.exit(130));
    process.on("SIGTERM", () => process.exit(143));
    const { runGenerate } = await import("./generate.ts");
    const collectResponses = async (openapi: object) =>
      (await import("../../mocks/prism/responses.ts")).collectResponses(openapi);
    process.exitCode = await runGenerate(options, { ...terminal, collectResponses, cache: cacheFolder() });
  });

const mock = verb("mock").description("serve the mock until Ctrl-C");
for (const option of mockOptions) mock.addOption(defined(option));
mock
  .addHelpText(
    "after",
    `
Environment (defaults are the mock's own test values):
  NECID_ACCESS_KEY_ID, NECID_SECRET_ACCESS_KEY, NECID_SESSION_TOKEN   who may sign
  NECID_API_KEY, NECID_API_KEY_2                                      the two applications

Subjects, faults, clock, journal and worlds are under control while it runs:
  curl http://127.0.0.1:4010/__necid/openapi.json

Answers on request, in a Prefer header:
  Prefer: code=404        the documented answer with that status
  Prefer: code=400, example=NoFace
  Prefer: dynamic=true, seed=7`,
  )
  .action(async (options) => {
    const { runMock } = await import("./mock.ts");
    process.exitCode = await runMock(options, terminal);
  });

verb("verify")
  .description("verify whoever answers at a base URL against the contract")
  .requiredOption("--target <who>", "mock (started here), live (the contract's own server), or a base URL")
  .option("--plan", "print every call that would be made, and make none")
  .option(
    "--max-calls <number>",
    "hard limit of calls; a live target wants one, or a yes on the terminal",
    wholeFrom1,
  )
  .option("--rate <number>", "calls a second at most", positive)
  .option(
    "--faces <dir>",
    "pictures of consenting people by role: alice-1.jpg, alice-2.jpg, bob.jpg, group.jpg, …",
  )
  .option("--accept <file>", "JSON list of deviations that are accepted with a reason and an expiry date")
  .option("--pact <source>", "a consumer team's pact: file, folder or URL (repeatable)", collect, [])
  .option("--report <dir>", "write report.json, junit.xml and report.html")
  .addOption(
    new Option("--part <name>", "schema, probe, sequence or pact only (repeatable)")
      .argParser((text, previous: string[]) =>
        collect(oneOf(["schema", "probe", "sequence", "pact"], text), previous),
      )
      .default([]),
  )
  .addOption(
    new Option("--clean", "only unregister what an earlier, killed run left behind").conflicts([
      "plan",
      "compare",
      "accept",
      "report",
    ]),
  )
  .addOption(
    new Option("--compare <who>", "make the same calls to the mock and list where it answers otherwise")
      .choices(["mock"])
      .conflicts(["plan", "accept", "report"]),
  )
  .option(
    "--ledger <file>",
    "where registrations are written down before they are made",
    ".necid/ledger.jsonl",
  )
  .option("--timeout <seconds>", "for each call", positive, 30)
  .addHelpText(
    "after",
    `
Exit codes: 0 conforms, 1 does not, 2 could not run (credentials, quota, clock, network, outage, or the
limit of calls is reached, or it was interrupted).

Environment:
  NECID_ACCESS_KEY_ID, NECID_SECRET_ACCESS_KEY, NECID_SESSION_TOKEN   who signs
  NECID_API_KEY, NECID_API_KEY_2                                      two applications, for isolation checks
  NECID_BASE_URL                                                      where live is
  PACT_BROKER_BASE_URL, PACT_BROKER_TOKEN, …                          a broker whose pacts are verified too`,
  )
  .action(async (options) => {
    const { runVerify } = await import("./verify.ts");
    process.exitCode = await runVerify(options, terminal);
  });

verb("sign")
  .description("print a signed curl command for one request")
  .argument("<method>", "GET, POST, PUT, DELETE")
  .argument("<url>", "the whole URL, e.g. http://127.0.0.1:4010/v1/subjects")
  .option("--body <text>", "request body; @FILE reads a file")
  .option("--region <name>", "credential scope", "ap-southeast-2")
  .option("--service <name>", "credential scope", "execute-api")
  .action(async (method, url, options) => {
    const { runSign } = await import("./sign.ts");
    process.exitCode = await runSign({ method, url, ...options }, terminal);
  });

function verb(name: string): Command {
  return commandLine
    .command(name)
    .showHelpAfterError("(add --help for the options)")
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));
}

function defined({ flags, description, usual, choices, repeatable, read, refusal }: MockOption): Option {
  const option = new Option(flags, description);
  if (choices) option.choices(choices);
  if (repeatable) return option.argParser(collect).default([]);
  if (read) option.argParser((text) => read(text) ?? refused(refusal));
  return usual === undefined ? option : option.default(usual);
}

function refused(refusal = "It is not allowed."): never {
  throw new InvalidArgumentError(refusal);
}

function positive(text: string): number {
  const number = Number(text);
  if (number > 0 && Number.isFinite(number)) return number;
  throw new InvalidArgumentError("It must be a number above 0.");
}

function wholeFrom1(text: string): number {
  const number = Number(text);
  if (number > 0 && Number.isSafeInteger(number)) return number;
  throw new InvalidArgumentError("It must be a whole number above 0.");
}

function oneOf(allowed: string[], text: string): string {
  if (allowed.includes(text)) return text;
  throw new InvalidArgumentError(`Allowed choices are ${allowed.join(", ")}.`);
}

function collect(value: string, previous: string[]): string[] {
  return [...previous, value];
}

function version(): string {
  return JSON.parse(readFileSync(new URL("package.json", root()), "utf8")).version;
}

function cacheFolder(): string {
  return fileURLToPath(new URL("node_modules/.cache/necid", root()));
}

function root(): URL {
  return new URL(import.meta.url.includes("/dist/") ? "../../../" : "../../", import.meta.url);
}

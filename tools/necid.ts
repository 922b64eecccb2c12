#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { Command, InvalidArgumentError, Option } from "commander";

/**
 * The command line. Each verb loads what it needs when it runs, so that none pays for another.
 * Exit codes: 0 done, 1 the answer is no (stale, does not conform), 2 could not run.
 */
const program = new Command("necid")
  .description("Contract tests and a mock server for NEC ID, generated from its Swagger.")
  .version(version())
  .showHelpAfterError("(add --help for the options)")
  .configureHelp({ showGlobalOptions: false })
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

verb("generate")
  .description("write the effective contract, types, client, validators and answers from a Swagger file")
  .option("--spec <file>", "Swagger 2.0 or OpenAPI 3.x, YAML or JSON (default: spec/necid-v1.yaml)")
  .option("--overlay <file>", "OpenAPI Overlay that completes it (default: the one beside NEC ID's)")
  .option("--out <dir>", "folder to write (default: generated/<name of the spec>)")
  .option("--check", "write nothing; exit 1 and name the files that are stale")
  .action(async (options) => {
    // Between two steps, never inside one: the files are written in a single step.
    process.on("SIGINT", () => process.exit(130));
    process.on("SIGTERM", () => process.exit(143));
    const [{ runGenerate }, { collectAnswers }] = await Promise.all([
      import("./generate.ts"),
      import("../mocks/engine/answers.ts"),
    ]);
    process.exitCode = await runGenerate(options, { ...terminal, ask: collectAnswers });
  });

verb("mock")
  .description("serve the mock until Ctrl-C")
  .option("--port <number>", "port to listen on, 0 for any free one", port, 4010)
  .option("--host <address>", "address to listen on", "127.0.0.1")
  .option("--spec <file>", "serve another Swagger or OpenAPI file by its examples")
  .option("--overlay <file>", "overlay for --spec")
  .addOption(
    new Option(
      "--auth <mode>",
      "strict verifies signatures and API keys, presence only wants the headers, off wants nothing",
    )
      .choices(["strict", "presence", "off"])
      .default("strict"),
  )
  .option("--public-host <name>", "a host name that clients may have signed for (repeatable)", collect, [])
  .option("--stateless", "answer by the contract's examples and keep no subjects")
  .option("--seed <text>", "where ids and probabilities come from, and dynamic answers: same seed, same run")
  .option("--seed-subjects <file>", "JSON file of subjects that are registered from the start")
  .option("--state <file>", "keep the subjects in this JSON file from one run to the next")
  .option("--faults <file>", "JSON file of faults and scenarios that are active from the start")
  .option("--control-token <text>", "open the control API to other machines that show this token")
  .option("--self-check", "check every answer against the contract before it is sent")
  .option("--watch", "reload the Swagger and the overlay when they change")
  .option("--quiet", "no line for each request")
  .option("--json-logs", "one JSON object for each request")
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
    process.exitCode = await runMock(options, { ...terminal, env: process.env });
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
    process.exitCode = await runSign({ method, url, ...options }, { ...terminal, env: process.env });
  });

const terminal = {
  stdout: (text: string) => void process.stdout.write(text),
  stderr: (text: string) => void process.stderr.write(text),
};

await program.parseAsync();

function verb(name: string): Command {
  return program
    .command(name)
    .showHelpAfterError("(add --help for the options)")
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));
}

function port(text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number <= 65_535) return number;
  throw new InvalidArgumentError("It must be a whole number from 0 to 65535.");
}

function collect(value: string, previous: string[]): string[] {
  return [...previous, value];
}

function version(): string {
  const directory = import.meta.url.includes("/dist/") ? "../../package.json" : "../package.json";
  return JSON.parse(readFileSync(new URL(directory, import.meta.url), "utf8")).version;
}

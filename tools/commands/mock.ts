import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { AuthMode, MockContract } from "../../mocks/handle/handler.ts";
import type { LogEntry, Mock, Seed } from "../../mocks/mock.ts";
import { wholeNumber } from "./options.ts";
import { defineVerb, type Option, type OptionValues } from "./program.ts";
import { projectFolder } from "./project-folder.ts";
import { specOptions } from "./spec-options.ts";
import type { Terminal } from "./terminal.ts";

const options = {
  port: {
    argument: "number",
    description: "port to listen on, 0 for any free one",
    default: 4010,
    parse: wholeNumber({ from: 0, to: 65_535 }),
  },
  host: { argument: "address", description: "address to listen on", default: "127.0.0.1" },
  spec: { argument: "file", description: "serve another Swagger or OpenAPI file by its examples" },
  overlay: { argument: "file", description: "overlay for --spec" },
  ...specOptions,
  auth: {
    argument: "mode",
    description:
      "strict verifies signatures and API keys, presence only wants the headers, off wants nothing",
    choices: ["strict", "presence", "off"],
    default: "strict",
  },
  publicHost: {
    argument: "name",
    description: "a host name that clients may have signed for (repeatable)",
    repeatable: true,
  },
  stateless: { description: "answer by the contract's examples and keep no subjects" },
  seed: {
    argument: "text",
    description: "where ids and probabilities come from, and dynamic answers: same seed, same run",
  },
  seedSubjects: {
    argument: "file",
    description: "JSON file of subjects that are registered from the start",
  },
  state: { argument: "file", description: "keep the subjects in this JSON file from one run to the next" },
  faults: {
    argument: "file",
    description: "JSON file of faults and scenarios that are active from the start",
  },
  controlToken: {
    argument: "text",
    description: "open the control API to other machines that show this token",
  },
  selfCheck: { description: "check every answer against the contract before it is sent" },
  watch: { description: "reload the Swagger and the overlay when they change" },
  quiet: { description: "no line for each request" },
  jsonLogs: { description: "one JSON object for each request" },
} as const satisfies Record<string, Option>;

export const mockVerb = defineVerb({
  options,
  notes: `Environment (defaults are the mock's own test values):
  NECID_ACCESS_KEY_ID, NECID_SECRET_ACCESS_KEY, NECID_SESSION_TOKEN   who may sign
  NECID_API_KEY, NECID_API_KEY_2                                      the two applications

Subjects, faults, clock, journal and worlds are under control while it runs:
  curl http://127.0.0.1:4010/__necid/openapi.json

Answers on request, in a Prefer header:
  Prefer: code=404        the documented answer with that status
  Prefer: code=400, example=NoFace
  Prefer: dynamic=true, seed=7`,
  run: ({ options }, terminal) => runMock(options, terminal),
});

export type MockCommand = OptionValues<typeof options>;

/**
 * Serves the mock until SIGINT or SIGTERM.
 *
 * @returns the exit code: 0 after a signal, 2 when it could not start.
 */
export async function runMock(command: MockCommand, terminal: Terminal): Promise<number> {
  const stopped = signalled();
  try {
    const mock = await start(command, terminal);
    const unwatch = command.watch ? await watchContract(mock, command, terminal) : () => {};
    await stopped;
    unwatch();
    await mock.close();
    return 0;
  } catch (error) {
    if (!(error instanceof Error) || !("code" in error)) throw error;
    terminal.stderr(`${error.message}\n`);
    return 2;
  }
}

async function start(command: MockCommand, terminal: Terminal): Promise<Mock> {
  if (!command.spec && !generatedIsThere()) await generateMissing(terminal);
  const [{ startMock, mockApiKeys, mockCredentials }, { loadNecIdContract }] = await Promise.all([
    import("../../mocks/mock.ts"),
    import("../../mocks/necid/contract.ts"),
  ]);
  const { env } = terminal;
  const contract = command.spec ? await served(command.spec, command) : await loadNecIdContract(command);
  const credentials = {
    accessKeyId: env.NECID_ACCESS_KEY_ID ?? mockCredentials.accessKeyId,
    secretAccessKey: env.NECID_SECRET_ACCESS_KEY ?? mockCredentials.secretAccessKey,
    ...(env.NECID_SESSION_TOKEN && { sessionToken: env.NECID_SESSION_TOKEN }),
  };
  const apiKeys = [env.NECID_API_KEY ?? mockApiKeys[0]!, env.NECID_API_KEY_2 ?? mockApiKeys[1]!];
  const colour = Boolean(process.stdout.isTTY) && !env.NO_COLOR;
  const mock = await startMock({
    port: command.port,
    host: command.host,
    contract,
    auth: command.auth,
    credentials,
    apiKeys,
    publicHosts: command.publicHost,
    seed: command.seed,
    stateless: command.stateless,
    selfCheck: command.selfCheck,
    stateFile: command.state,
    controlToken: command.controlToken,
    ...(command.faults !== undefined && { faults: await faultsOf(command.faults, contract) }),
    ...(command.seedSubjects !== undefined && { subjects: readJson(command.seedSubjects) as Seed }),
    ...(!command.quiet && { log: await logTo(terminal, { json: Boolean(command.jsonLogs), colour }) }),
    onStateError: (error) => terminal.stderr(`${error.message}\n`),
  });
  const name = contract.name;
  const started = { time: new Date().toISOString(), url: mock.url, contract: name, auth: command.auth };
  terminal.stdout(
    command.jsonLogs
      ? `${JSON.stringify(started)}\n`
      : startText(mock, { ...command, name, env, bold: await boldIn(colour) }),
  );
  return mock;
}

async function logTo({ stdout }: Terminal, style: { json: boolean; colour: boolean }) {
  const { formatLog } = await import("../../mocks/handle/log.ts");
  return (entry: LogEntry) => stdout(`${formatLog(entry, style)}\n`);
}

async function boldIn(colour: boolean): Promise<(text: string) => string> {
  if (!colour) return (text) => text;
  const { styleText } = await import("node:util");
  return (text) => styleText("bold", text, { validateStream: false });
}

/** A file given on the command line cannot be used. */
class InputFileError extends Error {
  readonly code = "INPUT_FILE";
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new InputFileError(`${file} cannot be used: ${(error as Error).message}. It must be a JSON file.`);
  }
}

async function faultsOf(file: string, { openapi }: MockContract) {
  const [{ readFaultsFile }, { readOperations }] = await Promise.all([
    import("../../mocks/faults/file.ts"),
    import("../../contracts/openapi/operations.ts"),
  ]);
  return readFaultsFile(file, readOperations(openapi));
}

const necId = {
  spec: join(projectFolder, "spec/necid-v1.yaml"),
  overlay: join(projectFolder, "spec/necid-v1.overlay.yaml"),
  generated: join(projectFolder, "generated/necid-v1"),
};

function generatedIsThere(): boolean {
  return ["openapi.json", "validators.js", "responses.json"].every((file) =>
    existsSync(join(necId.generated, file)),
  );
}

async function generateMissing(terminal: Terminal): Promise<void> {
  const [{ runGenerate }, { collectResponses }] = await Promise.all([
    import("./generate.ts"),
    import("../../mocks/prism/responses.ts"),
  ]);
  const code = await runGenerate({}, { ...terminal, collectResponses });
  if (code !== 0) throw new MissingContractError();
}

/** The generated contract is missing and could not be made. */
class MissingContractError extends Error {
  readonly code = "CONTRACT_MISSING";
  constructor() {
    super(
      "The generated contract is missing and could not be generated. Mend the problems above and start again.",
    );
  }
}

async function served(
  spec: string,
  { overlay, seed, allowRefs, maxSpecSize }: MockCommand,
): Promise<MockContract> {
  const { requirePackages } = await import("../../contracts/openapi/optional-packages.ts");
  requirePackages("generate");
  const { contractOf } = await import("./mock-spec.ts");
  return contractOf({ spec, overlay, seed, allowRefs, maxSpecSize });
}

/** Reloads on change; a broken file keeps the last good contract and says why. */
async function watchContract(mock: Mock, command: MockCommand, terminal: Terminal): Promise<() => void> {
  const { watchFiles } = await import("./watch.ts");
  const { spec = necId.spec, overlay = command.spec ? undefined : necId.overlay } = command;
  const watched = [spec, ...(overlay ? [overlay] : [])];
  const reload = async () => {
    const began = performance.now();
    try {
      mock.reload(command.spec ? await served(spec, command) : await regenerated(command.seed));
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      terminal.stderr(`${watched.join(" and ")}: reloaded in ${seconds} s, worlds and connections kept\n`);
    } catch (error) {
      terminal.stderr(`${(error as Error).message}\nThe last good contract is still served.\n`);
    }
  };
  return watchFiles(watched, reload);
}

/** NEC ID's own contract, generated afresh where its validators find the packages they import. */
async function regenerated(seed: string | undefined): Promise<MockContract> {
  const [{ generate }, { collectResponses }, { loadNecIdContract }] = await Promise.all([
    import("../generate/generate.ts"),
    import("../../mocks/prism/responses.ts"),
    import("../../mocks/necid/contract.ts"),
  ]);
  const out = mkdtempSync(join(projectFolder, "generated/.watch-"));
  try {
    await generate({ spec: necId.spec, overlay: necId.overlay, out, collectResponses });
    return await loadNecIdContract({ directory: out, seed });
  } finally {
    rmSync(out, { recursive: true });
  }
}

function signalled(): Promise<void> {
  return new Promise((resolve) => {
    process.once("SIGINT", () => resolve());
    process.once("SIGTERM", () => resolve());
  });
}

type StartFacts = {
  name: string;
  auth: AuthMode;
  env: Terminal["env"];
  bold: (text: string) => string;
  port: number;
};

/** Credentials that came from the environment are named, never printed. */
function startText(mock: Mock, { name, auth, env, bold }: StartFacts): string {
  const secret = env.NECID_SECRET_ACCESS_KEY ? "$NECID_SECRET_ACCESS_KEY" : mock.credentials.secretAccessKey;
  const [key, otherKey] = [
    env.NECID_API_KEY ? "$NECID_API_KEY" : mock.apiKeys[0],
    env.NECID_API_KEY_2 ? "$NECID_API_KEY_2" : mock.apiKeys[1],
  ];
  const head = `${bold(mock.url)} answers for ${name}: ${mock.operations} operations, auth ${auth}\n`;
  const stop = "Ctrl-C stops it.\n\n";
  if (name !== "necid-v1") return `${head}${stop}`;
  return `${head}
  access key  ${mock.credentials.accessKeyId}
  secret key  ${secret}
  API keys    ${key}
              ${otherKey}

Register a face:

  ${registerCommand(mock.url, { user: `${mock.credentials.accessKeyId}:${secret}`, key: key!, auth })}

${stop}`;
}

function registerCommand(
  url: string,
  { user, key, auth }: { user: string; key: string; auth: AuthMode },
): string {
  const signing = auth === "strict" ? `--aws-sigv4 aws:amz:ap-southeast-2:execute-api --user "${user}" ` : "";
  const face = Buffer.from("necid-face:alice").toString("base64");
  return `curl ${signing}-H "x-api-key: ${key}" -H "Content-Type: application/json" -d '{"face":"${face}"}' ${url}/subjects`;
}

import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { writeCompiledCodeSoon } from "../../contracts/trust/cache-folder.ts";
import type { AuthMode, LazyContract, MockContract } from "../../mocks/handle/handler.ts";
import type { LogEntry, Mock, Seed } from "../../mocks/mock.ts";
import { wholeNumber } from "./reader/options.ts";
import { defineVerb, type Option, type OptionValues } from "./reader/program.ts";
import { projectFolder } from "./reader/project-folder.ts";
import type { Terminal } from "./reader/terminal.ts";
import { specOptions } from "./spec-options.ts";

const defaultPort = 4010;

const options = {
  port: {
    argument: "number",
    description: "port to listen on, 0 for any free one; a command gets a free one unless another is named",
    default: defaultPort,
    parse: wholeNumber({ from: 0, to: 65_535 }),
  },
  host: { argument: "address", description: "address to listen on", default: "127.0.0.1" },
  spec: {
    argument: "file",
    description:
      "serve another Swagger or OpenAPI file by its examples (repeatable, each below its own base path)",
    repeatable: true,
  },
  overlay: {
    argument: "file",
    description: "overlay for --spec; the first belongs to the first spec, and so on",
    repeatable: true,
  },
  ...specOptions,
  auth: {
    argument: "mode",
    description:
      "strict verifies signatures and API keys, presence only wants the headers, off wants nothing",
    choices: ["strict", "presence", "off"],
    default: "strict",
  },
  cors: {
    argument: "mode",
    description: "CORS headers on the service's responses, on all (refusals too), or off: on preflights only",
    choices: ["service", "all", "off"],
    default: "service",
  },
  publicHost: {
    argument: "name",
    description: "a host name that clients may have signed for (repeatable)",
    repeatable: true,
  },
  region: {
    argument: "name",
    description: "region that clients sign for (default: what the contract's host says)",
  },
  service: {
    argument: "name",
    description: "service that clients sign for (default: what the contract's host says)",
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
  NECID_CONTROL_TOKEN                                                 as --control-token

Subjects, faults, clock, journal and worlds are under control while it runs:
  curl http://127.0.0.1:4010/__necid/openapi.json

Answers on request, in a Prefer header:
  Prefer: code=404        the documented answer with that status
  Prefer: code=400, example=NoFace
  Prefer: dynamic=true, seed=7`,
  trailing: ["command", "runs with the mock's environment, NECID_BASE_URL and so on; the mock ends with it"],
  run: ({ options, rest }, terminal) => runMock({ ...options, command: rest }, terminal),
});

export type MockCommand = OptionValues<typeof options> & { command?: string[] };

/**
 * Serves the mock until SIGINT or SIGTERM, or until a command ends that runs with it.
 *
 * @returns the exit code: 0 after a signal, that of the command, 1 when the state could not be saved at the end,
 * 2 when it could not start.
 */
export async function runMock(command: MockCommand, terminal: Terminal): Promise<number> {
  const stopped = signalled();
  let unsaved: Error | undefined;
  const onStateError = (error: Error) => {
    unsaved = error;
    terminal.stderr(`${error.message}\n`);
  };
  try {
    const mock = await start(command, { ...terminal, onStateError });
    const unwatch = command.watch ? await watchContract(mock, command, terminal) : () => {};
    const code = command.command?.length ? await runWith(mock, command.command) : await stopped.then(() => 0);
    unwatch();
    await mock.close();
    return code;
  } catch (error) {
    if (!(error instanceof Error) || !("code" in error)) throw error;
    const isSaid = unsaved?.message === error.message;
    if (!isSaid) terminal.stderr(`${error.message}\n`);
    return error.name === "StateFileError" ? 1 : 2;
  }

  async function runWith({ url, credentials, apiKeys }: Mock, line: string[]): Promise<number> {
    const { runBeside } = await import("./project/run-beside.ts");
    const env = {
      ...terminal.env,
      NECID_BASE_URL: url,
      NECID_ACCESS_KEY_ID: credentials.accessKeyId,
      NECID_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      NECID_API_KEY: apiKeys[0],
      NECID_API_KEY_2: apiKeys[1],
    };
    return runBeside(line, { env, stopped, stderr: terminal.stderr });
  }
}

async function start(
  command: MockCommand,
  terminal: Terminal & { onStateError: (error: Error) => void },
): Promise<Mock> {
  refuseUnused(command);
  const isNecId = command.spec.length === 0;
  if (command.overlay.length > command.spec.length) throw new OverlayWithoutSpecError(command.overlay);
  if (isNecId && !generatedIsThere()) await generateMissing(terminal);
  const [{ startMock, mockApiKeys, mockCredentials }, { loadNecIdContracts }] = await Promise.all([
    import("../../mocks/mock.ts"),
    import("../../mocks/necid/contract.ts"),
  ]);
  const { env } = terminal;
  const contracts = isNecId
    ? await loadNecIdContracts({ seed: command.seed })
    : await Promise.all(givenSpecs(command).map((given) => served(given, command)));
  if (!command.quiet) for (const one of contracts) printWarnings(one, terminal);
  const contract = contracts[0]!;
  const credentials = {
    accessKeyId: env.NECID_ACCESS_KEY_ID ?? mockCredentials.accessKeyId,
    secretAccessKey: env.NECID_SECRET_ACCESS_KEY ?? mockCredentials.secretAccessKey,
    ...(env.NECID_SESSION_TOKEN && { sessionToken: env.NECID_SESSION_TOKEN }),
  };
  const apiKeys = [env.NECID_API_KEY ?? mockApiKeys[0]!, env.NECID_API_KEY_2 ?? mockApiKeys[1]!];
  const colour = terminal.isTTY && !env.NO_COLOR;
  const runsCommand = Boolean(command.command?.length);
  const isQuiet = command.quiet || runsCommand;
  const mock = await startMock({
    port: runsCommand && command.port === defaultPort ? 0 : command.port,
    host: command.host,
    contracts,
    auth: command.auth,
    credentials,
    apiKeys,
    cors: command.cors,
    publicHosts: command.publicHost,
    region: command.region,
    service: command.service,
    seed: command.seed,
    stateless: command.stateless,
    selfCheck: command.selfCheck,
    stateFile: command.state,
    controlToken: command.controlToken ?? env.NECID_CONTROL_TOKEN,
    ...(command.faults !== undefined && { faults: await faultsOf(command.faults, contracts) }),
    ...(command.seedSubjects !== undefined && { subjects: readJson(command.seedSubjects) as Seed }),
    ...(!isQuiet && { log: await logTo(terminal, { json: Boolean(command.jsonLogs), colour }) }),
    onStateError: terminal.onStateError,
  });
  writeCompiledCodeSoon();
  // The terminal belongs to the command.
  if (runsCommand) return mock;
  const name = contract.name;
  const started = { time: new Date().toISOString(), url: mock.url, contract: name, auth: command.auth };
  const further = contracts.slice(1).map((one) => `${mock.urls[one.name]} answers for ${one.name}`);
  terminal.styled(
    command.jsonLogs
      ? `${JSON.stringify(started)}\n`
      : startText(mock, { ...command, name, further, env, bold: await boldIn(colour) }),
  );
  return mock;
}

/** Options that do not go together. */
class UnusedOptionError extends Error {
  readonly code = "OPTION_UNUSED";
}

/** An option that would have no effect is refused: whoever gave it expects one. */
function refuseUnused({ spec, stateless, seedSubjects, state }: MockCommand): void {
  if (seedSubjects === undefined && state === undefined) return;
  const kept = seedSubjects === undefined ? "--state" : "--seed-subjects";
  const next = "Leave one of them out.";
  if (spec.length > 0)
    throw new UnusedOptionError(
      `${kept} is about the subjects of NEC ID, and --spec serves a contract without any. ${next}`,
    );
  if (stateless)
    throw new UnusedOptionError(`--stateless keeps no subjects, so ${kept} has no effect. ${next}`);
}

async function logTo({ styled }: Terminal, style: { json: boolean; colour: boolean }) {
  const [{ formatLog }, { afterResponse }] = await Promise.all([
    import("../../mocks/handle/log.ts"),
    import("../../mocks/world/note.ts"),
  ]);
  // A line may say what is wrong with a signature, and finding that out must not keep the response waiting.
  return (entry: LogEntry) => afterResponse(() => styled(`${formatLog(entry, style)}\n`));
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

async function faultsOf(file: string, contracts: readonly (MockContract | LazyContract)[]) {
  const [{ readFaultsFile }, { readOperations }] = await Promise.all([
    import("../../mocks/faults/file.ts"),
    import("../../contracts/openapi/operations.ts"),
  ]);
  return readFaultsFile(
    file,
    contracts.flatMap(({ openapi }) => readOperations(openapi)),
  );
}

/** NEC ID's own files, one set for each version. */
const necId = (["v1", "v1.1"] as const).map((version) => ({
  version,
  spec: join(projectFolder, `spec/necid-${version}.yaml`),
  overlay: join(projectFolder, `spec/necid-${version}.overlay.yaml`),
  generated: join(projectFolder, `generated/necid-${version}`),
}));

function generatedIsThere(): boolean {
  return necId.every(({ generated }) =>
    ["openapi.json", "validators.js", "responses.json"].every((file) => existsSync(join(generated, file))),
  );
}

async function generateMissing(terminal: Terminal): Promise<void> {
  const [{ runGenerate }, { collectResponses }] = await Promise.all([
    import("./generate.ts"),
    import("../../mocks/prism/responses.ts"),
  ]);
  const code = await runGenerate({}, { ...terminal, collectResponses, ignoresConfig: true });
  if (code !== 0) throw new MissingContractError();
}

/** More overlays than specs. */
class OverlayWithoutSpecError extends Error {
  readonly code = "OVERLAY_WITHOUT_SPEC";
  constructor(overlays: string[]) {
    super(
      `--overlay ${overlays.at(-1)} has no --spec. Give one --spec for each --overlay, in the same order.`,
    );
  }
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

/** A file given by `--spec`, and the name of its contract: the file's own, unless another file has the same. */
type GivenSpec = { spec: string; overlay: string | undefined; name: string };

function givenSpecs({ spec: specs, overlay: overlays }: MockCommand): GivenSpec[] {
  const names = specs.map((spec) => basename(spec));
  const areDifferent = new Set(names).size === names.length;
  return specs.map((spec, place) => ({
    spec,
    overlay: overlays[place],
    name: areDifferent ? names[place]! : spec,
  }));
}

async function served(
  { spec, overlay, name }: GivenSpec,
  { seed, allowRefs, maxSpecSize }: MockCommand,
): Promise<MockContract> {
  const { requirePackages } = await import("../../contracts/openapi/optional-packages.ts");
  requirePackages("generate");
  const { contractOf } = await import("./mock-spec.ts");
  return { ...(await contractOf({ spec, overlay, seed, allowRefs, maxSpecSize })), name };
}

/** What was found in a description; of many warnings the first ones. */
function printWarnings(contract: object, { stderr }: Terminal): void {
  const warnings = "warnings" in contract ? (contract.warnings as string[]) : [];
  for (const warning of warnings.slice(0, mostWarnings)) stderr(`${warning}\n`);
  const left = warnings.length - mostWarnings;
  if (left > 0) stderr(`and ${left} more; \`necid generate\` prints all of them\n`);
}

const mostWarnings = 10;

/** Reloads a contract when one of its files changes; a broken file keeps the last good contract and says why. */
async function watchContract(mock: Mock, command: MockCommand, terminal: Terminal): Promise<() => void> {
  const { watchFiles } = await import("./watch.ts");
  const loads =
    command.spec.length > 0
      ? givenSpecs(command).map((given) => ({ ...given, load: () => served(given, command) }))
      : necId.map((files) => ({ ...files, load: () => regenerated(files, command.seed) }));
  const stops = loads.map(({ spec, overlay, load }) => {
    const watched = [spec, ...(overlay ? [overlay] : [])];
    return watchFiles(watched, async () => {
      const began = performance.now();
      try {
        mock.reload(await load());
        const seconds = ((performance.now() - began) / 1000).toFixed(1);
        terminal.stderr(`${watched.join(" and ")}: reloaded in ${seconds} s, worlds and connections kept\n`);
      } catch (error) {
        terminal.stderr(`${(error as Error).message}\nThe last good contract is still served.\n`);
      }
    });
  });
  return () => {
    for (const stop of stops) stop();
  };
}

/** NEC ID's own contract, generated afresh where its validators find the packages they import. */
async function regenerated(
  { version, spec, overlay }: (typeof necId)[number],
  seed: string | undefined,
): Promise<MockContract> {
  const [{ generate }, { collectResponses }, { loadNecIdContract }, { withTemporaryFolder }] =
    await Promise.all([
      import("../generate/generate.ts"),
      import("../../mocks/prism/responses.ts"),
      import("../../mocks/necid/contract.ts"),
      import("../process/clean-up.ts"),
    ]);
  return withTemporaryFolder(join(projectFolder, "generated/.watch-"), async (out) => {
    await generate({ spec, overlay, out, collectResponses });
    return loadNecIdContract({ version, directory: out, seed });
  });
}

function signalled(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    process.once("SIGINT", resolve);
    process.once("SIGTERM", resolve);
  });
}

type StartFacts = {
  name: string;
  /** A line for each contract behind the first. */
  further: string[];
  auth: AuthMode;
  env: Terminal["env"];
  bold: (text: string) => string;
  port: number;
};

/** Credentials that came from the environment are named, never printed. */
function startText(mock: Mock, { name, further, auth, env, bold }: StartFacts): string {
  const secret = env.NECID_SECRET_ACCESS_KEY ? "$NECID_SECRET_ACCESS_KEY" : mock.credentials.secretAccessKey;
  const [key, otherKey] = [
    env.NECID_API_KEY ? "$NECID_API_KEY" : mock.apiKeys[0],
    env.NECID_API_KEY_2 ? "$NECID_API_KEY_2" : mock.apiKeys[1],
  ];
  const head = `${bold(mock.url)} answers for ${name}: ${mock.operations} operations, auth ${auth}\n${further.map((line) => `${line}\n`).join("")}`;
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

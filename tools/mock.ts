import { existsSync } from "node:fs";
import { basename } from "node:path";
import { styleText } from "node:util";
import type { AuthMode, MockContract } from "../mocks/handle.ts";
import type { Mock } from "../mocks/mock.ts";

export type MockCommand = {
  port: number;
  host: string;
  spec?: string;
  overlay?: string;
  auth: AuthMode;
  publicHost: string[];
  seed?: string;
  quiet?: boolean;
  jsonLogs?: boolean;
};

type Terminal = {
  stdout(text: string): void;
  stderr(text: string): void;
  env: Record<string, string | undefined>;
};

/**
 * Serves the mock until SIGINT or SIGTERM.
 *
 * @returns the exit code: 0 after a signal, 2 when it could not start.
 */
export async function runMock(command: MockCommand, terminal: Terminal): Promise<number> {
  try {
    const mock = await start(command, terminal);
    await signalled();
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
  const [{ startMock, mockApiKeys, mockCredentials }, { formatLog }] = await Promise.all([
    import("../mocks/mock.ts"),
    import("../mocks/log.ts"),
  ]);
  const { env } = terminal;
  const contract = command.spec ? await contractOf(command.spec, command) : undefined;
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
    ...(!command.quiet && {
      log: (entry) => terminal.stdout(`${formatLog(entry, { json: Boolean(command.jsonLogs), colour })}\n`),
    }),
  });
  const name = contract?.name ?? "necid-v1";
  const started = { time: new Date().toISOString(), url: mock.url, contract: name, auth: command.auth };
  terminal.stdout(
    command.jsonLogs
      ? `${JSON.stringify(started)}
`
      : startText(mock, { ...command, name, env, colour }),
  );
  return mock;
}

function generatedIsThere(): boolean {
  return ["openapi.json", "validators.js"].every((file) => existsSync(generatedFile(file)));
}

function generatedFile(file: string): URL {
  const root = import.meta.url.includes("/dist/") ? "../../" : "../";
  return new URL(`${root}generated/necid-v1/${file}`, import.meta.url);
}

async function generateMissing(terminal: Terminal): Promise<void> {
  const [{ runGenerate }, { collectAnswers }] = await Promise.all([
    import("./generate.ts"),
    import("../mocks/engine/answers.ts"),
  ]);
  const code = await runGenerate({}, { ...terminal, ask: collectAnswers });
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

async function contractOf(spec: string, { overlay, seed }: MockCommand): Promise<MockContract> {
  const [{ effectiveContract }, { createPrismEngine }] = await Promise.all([
    import("./contract.ts"),
    import("../mocks/engine/prism.ts"),
  ]);
  const { openapi } = await effectiveContract({ spec, overlay });
  const engine = await createPrismEngine(openapi as MockContract["openapi"], { seed });
  return { name: basename(spec), openapi: openapi as MockContract["openapi"], engine };
}

function signalled(): Promise<void> {
  return new Promise((resolve) => {
    process.once("SIGINT", () => resolve());
    process.once("SIGTERM", () => resolve());
  });
}

type StartFacts = { name: string; auth: AuthMode; env: Terminal["env"]; colour: boolean; port: number };

/** Credentials that came from the environment are named, never printed. */
function startText(mock: Mock, { name, auth, env, colour }: StartFacts): string {
  const bold = (text: string) => (colour ? styleText("bold", text, { validateStream: false }) : text);
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

import { printable } from "../../../contracts/trust/printable.ts";
import { createSecretRedactor } from "../../../contracts/trust/secrets.ts";
import { mockApiKeys, mockCredentials } from "../../../mocks/world/credentials.ts";

/**
 * What a command has of the process that it runs in, and the only way to its output. Whatever it prints, a
 * secret of the environment is shown as `(secret)`, control characters are escaped, and nothing that others
 * chose is a workflow command of a CI service.
 */
export type Terminal = {
  stdout(text: string): void;
  stderr(text: string): void;
  /** Like `stdout`, for text whose colors and line erasing are ours. Text of others in it is escaped already. */
  styled(text: string): void;
  /** Like `stdout`, for our own workflow commands: `::error file=…::`. Text of others in it is escaped already. */
  workflow(text: string): void;
  /** Like `stdout`, for a command that contains the user's own credentials because the user asked for it. */
  credentials(text: string): void;
  /** Calls a listener when nobody reads the output any more, as after `| head`. @returns what takes it back. */
  onClosed(listener: () => void): () => void;
  env: Record<string, string | undefined>;
  /** Whether the output is a terminal, and its width. */
  isTTY: boolean;
  columns: number | undefined;
};

type Stream = Pick<NodeJS.WriteStream, "write" | "on"> & { isTTY?: boolean; columns?: number };

/**
 * Creates the terminal of a process.
 *
 * After the reader of a stream has gone, what is written to it is dropped: a command ends by itself.
 */
export function createTerminal(
  env: Record<string, string | undefined>,
  { stdout, stderr }: { stdout: Stream; stderr: Stream },
): Terminal {
  const redact = createSecretRedactor(secretsOf(env));
  const closed = new Set<Stream>();
  const listeners = new Set<() => void>();
  for (const stream of [stdout, stderr]) {
    stream.on("error", () => {
      if (closed.has(stream)) return;
      closed.add(stream);
      if (stream === stdout) for (const listener of listeners) listener();
    });
  }
  const write = (stream: Stream, text: string) => {
    if (!closed.has(stream)) stream.write(text);
  };
  return {
    stdout: (text) => write(stdout, withoutCommands(printable(redact(text)))),
    stderr: (text) => write(stderr, withoutCommands(printable(redact(text)))),
    styled: (text) => write(stdout, withoutCommands(keepStyles(redact(text)))),
    workflow: (text) => write(stdout, printable(redact(text))),
    credentials: (text) => write(stdout, withoutCommands(printable(text))),
    onClosed(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    env,
    isTTY: Boolean(stdout.isTTY),
    columns: stdout.columns,
  };
}

/** The values of the environment that no output shows. */
function secretsOf(env: Record<string, string | undefined>): string[] {
  return Object.entries(env).flatMap(([name, value]) =>
    isSecret(name) && value?.trim() && !published.has(value) ? [value] : [],
  );
}

/** The mock's default credentials, which its documentation prints. */
const published = new Set([...Object.values(mockCredentials), ...mockApiKeys]);

function isSecret(name: string): boolean {
  // An access key's id is no secret by itself: the mock prints it. See `withSecrets`.
  if (name === "NECID_ACCESS_KEY_ID") return false;
  return /^(NECID|PACT_BROKER)_/.test(name) && /KEY|TOKEN|PASSWORD|SECRET|USERNAME/.test(name);
}

/** The same terminal, which shows no further secrets either. */
export function withSecrets(terminal: Terminal, secrets: string[]): Terminal {
  const redact = createSecretRedactor(secrets.filter((secret) => !published.has(secret)));
  const methods = ["stdout", "stderr", "styled", "workflow"] as const;
  const sealed = methods.map((name) => [name, (text: string) => terminal[name](redact(text))]);
  return { ...terminal, ...Object.fromEntries(sealed) };
}

/**
 * A runner of GitHub reads a line that begins with `::`, and `##[` anywhere, as a command.
 *
 * @see https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 */
function withoutCommands(text: string): string {
  return text.replaceAll(/(^|\n)([^\S\n]*):(?=:)/g, "$1$2: ").replaceAll("##[", "## [");
}

const sequence = "\\u001b\\[";
const styles = new RegExp(`(${sequence}\\d{1,3}(?:;\\d{1,3}){0,3}m|\\r${sequence}2K)`);

/** The colors and the erasing of a line that the reports use; everything else is escaped. */
function keepStyles(text: string): string {
  return text
    .split(styles)
    .map((part, index) => (index % 2 === 1 ? part : printable(part)))
    .join("");
}

export const terminal: Terminal = createTerminal(process.env, process);

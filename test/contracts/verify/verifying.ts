import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";
import { type Mock, type MockOptions, startMock } from "../../../mocks/mock.ts";
import { runVerify } from "../../../tools/commands/verify.ts";
import type { VerifyCommand } from "../../../tools/commands/verify-command.ts";
import { recordedTerminal } from "../../tools/commands/recorded-terminal.ts";

type Closing = { close(): Promise<unknown> };
const open: Closing[] = [];
let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "necid-verify-"));
});
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
  rmSync(directory, { recursive: true, force: true });
});

/** A path in a folder that lives as long as the test. */
export function temporary(name: string): string {
  return join(directory, name);
}

/** Closes something at the end of the test. */
export function closing<Each extends Closing>(each: Each): Each {
  open.push(each);
  return each;
}

/** The mock, with people in both galleries who are none of ours. */
export async function openMock(options: MockOptions = {}): Promise<Mock & { ids(): Promise<string[]> }> {
  const mock = closing(await startMock({ subjects, ...options }));
  const state = async () => {
    const response = await fetch(new URL("/__necid/state", mock.url));
    return (await response.json()) as { applications: { subjects: { id: string }[] }[] };
  };
  return {
    ...mock,
    /** Who is registered, in both galleries. */
    async ids() {
      const { applications } = await state();
      return applications.flatMap(({ subjects }) => subjects.map(({ id }) => id));
    },
  };
}

const subjects = { 1: ["alice", "bob?photo=2"], 2: ["alice"] };

/** The environment that belongs to a mock's credentials. */
export function envOf({ credentials, apiKeys }: Pick<Mock, "credentials" | "apiKeys">) {
  return {
    NECID_ACCESS_KEY_ID: credentials.accessKeyId,
    NECID_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    ...(credentials.sessionToken && { NECID_SESSION_TOKEN: credentials.sessionToken }),
    NECID_API_KEY: apiKeys[0],
    NECID_API_KEY_2: apiKeys[1],
  };
}

/** Starts the command as a process of its own. */
export function startVerify(args: string[], env: Record<string, string | undefined> = {}) {
  const child = spawn(
    process.execPath,
    ["tools/commands/necid.ts", "verify", "--ledger", temporary("ledger.jsonl"), ...args],
    { env: { PATH: process.env.PATH, CI: "true", ...env }, stdio: ["ignore", "pipe", "pipe"] },
  );
  const said = { stdout: "", stderr: "" };
  child.stdout.on("data", (text) => {
    said.stdout += text;
  });
  child.stderr.on("data", (text) => {
    said.stderr += text;
  });
  const ended = once(child, "close").then(([code, signal]) => ({
    code: code as number,
    signal: signal as NodeJS.Signals | null,
    ...said,
  }));
  closing({
    close: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  });
  return { child, ended };
}

type Verified = { code: number; stdout: string; stderr: string };

/** Runs the command in this process. */
export async function verify(
  target: string,
  env: Record<string, string | undefined> = {},
  options: Partial<VerifyCommand> = {},
): Promise<Verified> {
  const { terminal, printed } = recordedTerminal({ CI: "true", ...env });
  const command = { target, ledger: temporary("ledger.jsonl"), timeout: 30, part: [], pact: [], ...options };
  const code = await runVerify(command, terminal);
  return { code, ...printed };
}

/** The last line: the verdict. */
export function verdict({ stdout }: Verified): string {
  return stdout.trimEnd().split("\n").at(-1)!;
}

import { createTerminal, type Terminal } from "../../../tools/commands/reader/terminal.ts";

/** A terminal in memory, and what was printed on it. */
export function recordedTerminal(env: Record<string, string | undefined> = {}): {
  terminal: Terminal;
  printed: { stdout: string; stderr: string };
} {
  const printed = { stdout: "", stderr: "" };
  const stream = (name: keyof typeof printed) => ({
    write: (text: unknown) => {
      printed[name] += String(text);
      return true;
    },
    on() {
      return this;
    },
  });
  const streams = { stdout: stream("stdout"), stderr: stream("stderr") };
  return { terminal: createTerminal(env, streams as never), printed };
}

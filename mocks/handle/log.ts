import { styleText } from "node:util";

/** One request and its response as the log shows them: no header, no query, no body. */
export type LogEntry = {
  /** ISO 8601, UTC. */
  time: string;
  method: string;
  path: string;
  /** The operation's key; `undefined` for a request that the contract does not know. */
  operation: string | undefined;
  status: number;
  /** How long the response took, in milliseconds. */
  ms: number;
  /** Why a request was refused, where the mock can say it. It may be found when it is first read. */
  readonly note: string | undefined;
};

/**
 * One log line for a request and its response, as text or as JSON, without the line end. Control characters
 * of a hostile path are shown escaped.
 */
export function formatLog(entry: LogEntry, { json, colour }: { json: boolean; colour: boolean }): string {
  if (json) return JSON.stringify(entry);
  const { method, path, operation, status, ms, note } = entry;
  const shown = colour
    ? styleText(colourOf(status), String(status), { validateStream: false })
    : String(status);
  const head = `${shown} ${method} ${visible(path)} ${operation ?? "-"} ${ms} ms`;
  return note ? `${head}\n    ${visible(note)}` : head;
}

function colourOf(status: number): "green" | "yellow" | "red" {
  if (status < 400) return "green";
  return status < 500 ? "yellow" : "red";
}

function visible(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`);
}

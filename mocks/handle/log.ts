import { styleText } from "node:util";
import type { LogEntry } from "../mock.ts";

/**
 * One log line for an answered request, as text or as JSON, without the line end. Control characters
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

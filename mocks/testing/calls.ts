import type { JournalEntry } from "../mock.ts";

/** The last calls of a journal as text, one a line. The journal holds neither keys nor images. */
export function formatCalls(entries: readonly JournalEntry[], { most = 5 } = {}): string {
  if (entries.length === 0) return "The mock received no call.";
  const last = entries.slice(-most);
  const head =
    last.length < entries.length ? `The last ${last.length} of ${entries.length} calls` : "The calls";
  return [`${head} that the mock received:`, ...last.map((entry) => `  ${formatCall(entry)}`)].join("\n");
}

function formatCall({
  method,
  path,
  operation,
  status,
  request,
  response,
  note,
  faults,
}: JournalEntry): string {
  const parts = [
    `${method} ${path}`,
    ...(operation === undefined ? ["(not in the contract)"] : []),
    ...(request.body === undefined ? [] : [short(request.body)]),
    `→ ${status}`,
    ...(response.body === undefined ? [] : [short(response.body)]),
    ...(note === undefined ? [] : [`(${note})`]),
    ...(faults.length === 0 ? [] : [`[${faults.join(", ")}]`]),
  ];
  return parts.join(" ");
}

function short(body: unknown): string {
  const text = JSON.stringify(body, (_, value) => (isHash(value) ? `<${value.bytes} bytes>` : value));
  return text.length > 160 ? `${text.slice(0, 160)}…` : text;
}

/** What stands in the journal for an image or a long text. */
function isHash(value: unknown): value is { sha256: string; bytes: number } {
  return typeof value === "object" && value !== null && "sha256" in value && "bytes" in value;
}

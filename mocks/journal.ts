import type { Operation } from "../contracts/operations.ts";
import type { Answer, RawRequest } from "./exchange.ts";
import { splitTarget } from "./question.ts";
import { fingerprint, type ImageProperties, redact, redactAnswer, redactText } from "./redact.ts";
import { createTape } from "./tape.ts";

/** One answered call as it is shown: no key, no signature, no image. */
export type JournalEntry = {
  /** 1 for the first call after the start or the last `clear`, and so on. */
  id: number;
  /** ISO 8601, UTC, by the world's clock. */
  time: string;
  method: string;
  path: string;
  /** The operation's key; absent for a call that the contract does not know. */
  operation?: string;
  /** 1 or 2: the place of the API key. Absent where none was accepted. */
  application?: number;
  status: number;
  ms: number;
  /** The names of the query's parameters, harmless headers, and the body where one was sent. */
  request: { query: string[]; headers: Record<string, string>; body?: unknown };
  answer: { headers: Record<string, string>; body?: unknown };
  /** Why the request was refused, where that can be told. */
  note?: string;
  /** The ids of the faults that struck. */
  faults: string[];
};

/** A call with everything that belongs to it; only what an entry shows is kept. */
export type RecordedCall = {
  request: RawRequest;
  /** When it was answered, in milliseconds since the epoch, and how long that took. */
  at: number;
  ms: number;
  operation?: Operation;
  application?: number;
  /** The request's body as it was read; anything but `undefined` or text came as JSON. */
  body?: unknown;
  answer: Answer;
  note?: string;
  faults?: string[];
};

/** `since` leaves out entries up to and including this id. */
export type JournalFilter = { operationId?: string; status?: number; since?: number };

/** The last calls of one world, oldest first. */
export type Journal = {
  record(call: RecordedCall): void;
  list(filter?: JournalFilter): JournalEntry[];
  /** Forgets every call and counts from 1 again. */
  clear(): void;
  readonly size: number;
};

/**
 * Makes a journal that keeps the last `limit` calls. Most are never listed, so that a call is kept as it came
 * and redacted when it is listed; a body that is long would fill the memory and is redacted at once.
 */
export function createJournal({
  limit = 1_000,
  images,
}: {
  limit?: number;
  images?: ImageProperties;
} = {}): Journal {
  const ring: Kept[] = [];
  const tape = createTape();
  let last = 0;
  return {
    record(call) {
      last += 1;
      const place = last % limit;
      const { kept, parts } = keep(last, call, images);
      ring[place] = kept;
      tape.write(place, parts);
    },
    list(filter = {}) {
      const first = Math.max(last - limit, filter.since ?? 0, 0) + 1;
      const listed: JournalEntry[] = [];
      for (let id = first; id <= last; id++) {
        const kept = ring[id % limit]!;
        if (matches(kept, filter)) listed.push(show(kept, tape.read(id % limit), images));
      }
      return listed;
    },
    clear() {
      ring.length = 0;
      tape.clear();
      last = 0;
    },
    get size() {
      return Math.min(last, limit);
    },
  };
}

/** What a call leaves besides what is on the tape: head, body, answer's headers, answer's body. */
type Kept = Omit<RecordedCall, "request" | "body" | "answer"> & {
  id: number;
  status: number;
  sent: Content;
  answered: Content;
};

/** A body: none, on the tape as JSON text or as mere bytes, or as it is shown. */
type Content = undefined | "json" | "bytes" | { shown: unknown };

/** In bytes. */
const longestKept = 8_192;
const harmless = new Set([
  "accept",
  "content-encoding",
  "content-length",
  "content-type",
  "host",
  "prefer",
  "transfer-encoding",
  "user-agent",
  "x-amz-date",
]);

function keep(id: number, call: RecordedCall, images: ImageProperties | undefined) {
  const { request, at, ms, operation, application, answer, note, faults } = call;
  const sent = sentOf(call, images);
  const answered = answeredOf(answer.body);
  const { status } = answer;
  const kept: Kept = { id, at, ms, operation, application, status, sent, answered, note, faults };
  // No line end can be in any of them.
  const head = `${request.method}\n${request.target}\n${request.rawHeaders.join("\n")}`;
  const answerHead = linesOf(answer.headers);
  const parts = [
    head,
    isOnTape(sent) ? request.body : "",
    answerHead,
    isOnTape(answered) ? answer.body! : "",
  ];
  return { kept, parts };
}

function isOnTape(content: Content): boolean {
  return typeof content === "string";
}

function sentOf({ request, body, operation }: RecordedCall, images: ImageProperties | undefined): Content {
  const bytes = request.body;
  if (bytes.length === 0) return undefined;
  const isJson = body !== undefined && typeof body !== "string";
  if (bytes.length <= longestKept) return isJson ? "json" : "bytes";
  return { shown: isJson ? redact(body, operation && images?.get(operation.key)) : fingerprint(bytes) };
}

function answeredOf(bytes: Answer["body"]): Content {
  if (bytes === undefined || bytes.length === 0) return undefined;
  const isText = typeof bytes === "string" && bytes.length <= longestKept;
  return isText ? "json" : { shown: fingerprint(bytes) };
}

function linesOf(headers: Record<string, string>): string {
  let lines = "";
  for (const name in headers) lines += `${name}\n${headers[name]}\n`;
  return lines;
}

function matches(kept: Kept, { operationId, status }: JournalFilter): boolean {
  if (operationId !== undefined && kept.operation?.key !== operationId) return false;
  return status === undefined || kept.status === status;
}

/** A copy of its own for each reader, in JSON types. */
function show(kept: Kept, parts: Buffer[], images: ImageProperties | undefined): JournalEntry {
  const { id, at, operation, application, status, note, faults } = kept;
  const [head, sent, answerHead, answered] = parts as [Buffer, Buffer, Buffer, Buffer];
  const [method = "", target = "", ...rawHeaders] = head.toString().split("\n");
  const { path, query } = splitTarget(target);
  const body = contentOf(kept.sent, sent, (value) => redact(value, operation && images?.get(operation.key)));
  const answerBody = contentOf(kept.answered, answered, redactAnswer);
  return {
    id,
    time: new Date(at).toISOString(),
    method,
    // A path of the contract is a row of short segments, ids among them; any other is mere text.
    path: operation ? path.replaceAll(/[^/]+/g, (segment) => redactText(segment)) : redactText(path),
    ...(operation && { operation: operation.key }),
    ...(application !== undefined && { application }),
    status,
    ms: hundredths(kept.ms),
    request: {
      query: queryNames(query),
      headers: headersOf(rawHeaders),
      ...(body !== undefined && { body }),
    },
    answer: {
      headers: recordOf(answerHead.toString()),
      ...(answerBody !== undefined && { body: answerBody }),
    },
    ...(note !== undefined && { note: redactText(note, 2_000) }),
    faults: [...(faults ?? [])],
  };
}

function contentOf(content: Content, bytes: Buffer, redacted: (value: unknown) => unknown): unknown {
  if (content === undefined) return undefined;
  if (typeof content === "object") return structuredClone(content.shown);
  return content === "json" ? redacted(parsed(bytes)) : fingerprint(bytes);
}

function recordOf(lines: string): Record<string, string> {
  const texts = lines.split("\n");
  const record: Record<string, string> = {};
  for (let index = 0; index + 1 < texts.length; index += 2) record[texts[index]!] = texts[index + 1]!;
  return record;
}

/** Milliseconds as they are shown. */
export function hundredths(ms: number): number {
  return Math.round(ms * 100) / 100;
}

function queryNames(query: string): string[] {
  if (query === "") return [];
  const names = new Set(new URLSearchParams(query).keys());
  return [...names].slice(0, 20).map((name) => redactText(name));
}

function headersOf(rawHeaders: string[]): Record<string, string> {
  const shown: Record<string, string> = {};
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!.toLowerCase();
    if (harmless.has(name)) shown[name] = redactText(rawHeaders[index + 1]!, 200);
  }
  return shown;
}

function parsed(bytes: Buffer): unknown {
  const text = new TextDecoder().decode(bytes);
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

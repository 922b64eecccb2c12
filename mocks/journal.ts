import type { Operation } from "../contracts/operations.ts";
import type { Answer, RawRequest } from "./exchange.ts";
import { splitTarget } from "./question.ts";
import {
  type Fingerprint,
  fingerprint,
  type ImageProperties,
  redact,
  redactAnswer,
  redactText,
} from "./redact.ts";

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
  /** ISO 8601, UTC. */
  time: string;
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
 * Makes a journal that keeps the last `limit` calls. Request bodies are redacted when they are recorded,
 * so that none is kept; answers, which carry no image, when they are listed.
 */
export function createJournal({
  limit = 1_000,
  images,
}: {
  limit?: number;
  images?: ImageProperties;
} = {}): Journal {
  const ring: Kept[] = [];
  let last = 0;
  return {
    record(call) {
      last += 1;
      ring[last % limit] = keep(last, call, images);
    },
    list(filter = {}) {
      const first = Math.max(last - limit, filter.since ?? 0, 0) + 1;
      const listed: JournalEntry[] = [];
      for (let id = first; id <= last; id++) {
        const kept = ring[id % limit]!;
        if (matches(kept, filter)) listed.push(show(kept));
      }
      return listed;
    },
    clear() {
      ring.length = 0;
      last = 0;
    },
    get size() {
      return Math.min(last, limit);
    },
  };
}

/** An entry whose answer's body is still text. */
type Kept = Omit<JournalEntry, "answer"> & {
  answer: { headers: Record<string, string>; body?: string | Fingerprint };
};

const longestAnswer = 8_192;
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

function keep(id: number, call: RecordedCall, images: ImageProperties | undefined): Kept {
  const { request, operation, application, answer, note } = call;
  const { path, query } = splitTarget(request.target);
  const body = requestBody(call, operation && images?.get(operation.key));
  return {
    id,
    time: call.time,
    method: request.method,
    // A path of the contract is a row of short segments, ids among them; any other is mere text.
    path: operation ? path.replaceAll(/[^/]+/g, (segment) => redactText(segment)) : redactText(path),
    ...(operation && { operation: operation.key }),
    ...(application !== undefined && { application }),
    status: answer.status,
    ms: call.ms,
    request: { query: queryNames(query), headers: headersOf(request), ...(body !== undefined && { body }) },
    answer: { headers: answer.headers, ...answerBody(answer) },
    ...(note !== undefined && { note: redactText(note, 2_000) }),
    faults: call.faults ?? [],
  };
}

function requestBody({ request, body }: RecordedCall, images: ReadonlySet<string> | undefined): unknown {
  if (request.body.length === 0) return undefined;
  const isRead = body !== undefined && typeof body !== "string";
  return isRead ? redact(body, images) : fingerprint(request.body);
}

function queryNames(query: string): string[] {
  if (query === "") return [];
  const names = new Set(new URLSearchParams(query).keys());
  return [...names].slice(0, 20).map((name) => redactText(name));
}

function headersOf({ rawHeaders }: RawRequest): Record<string, string> {
  const shown: Record<string, string> = {};
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!.toLowerCase();
    if (harmless.has(name)) shown[name] = redactText(rawHeaders[index + 1]!, 200);
  }
  return shown;
}

function answerBody({ body }: Answer): { body?: string | Fingerprint } {
  if (body === undefined || body.length === 0) return {};
  return { body: typeof body === "string" && body.length <= longestAnswer ? body : fingerprint(body) };
}

function matches(kept: Kept, { operationId, status }: JournalFilter): boolean {
  if (operationId !== undefined && kept.operation !== operationId) return false;
  return status === undefined || kept.status === status;
}

/** A copy of its own for each reader, in JSON types. */
function show(kept: Kept): JournalEntry {
  const { body } = kept.answer;
  if (typeof body !== "string") return structuredClone(kept);
  return {
    ...structuredClone(kept),
    answer: { headers: { ...kept.answer.headers }, body: redactAnswer(parsed(body)) },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

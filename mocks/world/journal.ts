import type { Operation } from "../../contracts/openapi/operations.ts";
import type { HttpRequest } from "../http/request.ts";
import type { HttpResponse } from "../http/response.ts";
import { afterResponse, type Note, readNote } from "./note.ts";
import { fingerprint, type ImageProperties, redact, redactResponse, redactText } from "./redact.ts";

/** One call and its response as the journal shows them: no key, no signature, no image. */
export type JournalEntry = {
  /** 1 for the first call after the start or the last `clear`, and so on. */
  id: number;
  /** ISO 8601, UTC, by the world's clock. */
  time: string;
  method: string;
  path: string;
  /** The operation's key; absent for a call that the contract does not know. */
  operation?: string;
  /** The name of the contract, where a server has several and this is not the first. */
  contract?: string;
  /** 1 or 2: the place of the API key. Absent where none was accepted. */
  application?: number;
  status: number;
  ms: number;
  /** The names of the query's parameters, harmless headers, and the body where one was sent. */
  request: { query: string[]; headers: Record<string, string>; body?: unknown };
  response: { headers: Record<string, string>; body?: unknown };
  /** Why the request was refused, where the mock can say it. */
  note?: string;
  /** The ids of the faults that were applied. */
  faults: string[];
};

/** A call with everything that belongs to it; only what an entry shows is kept. */
export type RecordedCall = {
  request: HttpRequest;
  /** When the response was ready, in milliseconds since the epoch, and how long it took, in milliseconds. */
  at: number;
  ms: number;
  operation?: Operation;
  contract?: string;
  application?: number;
  /** The request's body as it was read; anything but `undefined` or text came as JSON. */
  body?: unknown;
  response: HttpResponse;
  note?: Note;
  faults?: string[];
};

/** Which entries to list; all of them without a filter. */
export type JournalFilter = {
  operationId?: string;
  status?: number;
  /** Leaves out entries up to and including this id. */
  since?: number;
};

/**
 * The last 1000 calls of one world.
 *
 * @example
 * const [call] = world.journal.list({ operationId: "ApiSubjectsPost", status: 201 });
 */
export type Journal = {
  /** The entries that the filter lets through, oldest first: copies without keys, signatures and images. */
  list(filter?: JournalFilter): JournalEntry[];
  /** Removes every entry and numbers the next ones from 1. */
  clear(): void;
  /** How many calls are kept. */
  readonly size: number;
};

/** The journal as the server sees it. */
export type RecordingJournal = Journal & {
  record(call: RecordedCall): void;
  /** The calls as they came, oldest first. Their images are whole, so they must not be shown. */
  calls(): KeptCall[];
};

/** A call as it came. A long body is kept as `list` shows it. */
export type KeptCall = {
  operation: Operation | undefined;
  /** The name of the contract, where it is not the first one of the server. */
  contract: string | undefined;
  application: number | undefined;
  method: string;
  path: string;
  query: string;
  /** Whether the request had a `Prefer` header, which asks for a response of the contract. */
  isPreferred: boolean;
  /** The JSON value or the text that was sent; `undefined` without a body. */
  sent: unknown;
  status: number;
  headers: Record<string, string>;
  /** The JSON value or the text of the response; `undefined` without a body, and for a long one. */
  responded: unknown;
  isFaulty: boolean;
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
} = {}): RecordingJournal {
  const ring: Kept[] = [];
  let last = 0;
  return {
    record(call) {
      last += 1;
      const kept = keep(last, call, images);
      ring[last % limit] = kept;
      // A note that is not written yet holds the request, body included.
      if (typeof call.note === "function" && isLong(call.request.body))
        afterResponse(() => {
          kept.note = readNote(kept.note);
        });
    },
    list(filter = {}) {
      const first = Math.max(last - limit, filter.since ?? 0, 0) + 1;
      const listed: JournalEntry[] = [];
      for (let id = first; id <= last; id++) {
        const kept = ring[id % limit]!;
        if (matches(kept, filter)) listed.push(show(kept, images));
      }
      return listed;
    },
    calls() {
      const first = Math.max(last - limit, 0) + 1;
      return Array.from({ length: last + 1 - first }, (_, index) => asItCame(ring[(first + index) % limit]!));
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

/** What is kept of a call: few objects, because the garbage collector moves each of them. */
type Kept = {
  id: number;
  at: number;
  ms: number;
  method: string;
  path: string;
  query: string;
  rawHeaders: readonly string[];
  operation: Operation | undefined;
  contract: string | undefined;
  application: number | undefined;
  sent: Content;
  status: number;
  headers: Record<string, string>;
  responded: Content;
  note: Note | undefined;
  faults: string[] | undefined;
  /** Whether what was sent came as JSON. */
  isJson: boolean;
};

/** A body: none, as text of one character for each byte, or as it is shown. */
type Content = undefined | string | { shown: unknown };

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

function keep(id: number, call: RecordedCall, images: ImageProperties | undefined): Kept {
  const { request, at, ms, operation, contract, application, body, response, note, faults } = call;
  const { method, path, query, rawHeaders } = request;
  const isJson = body !== undefined && typeof body !== "string";
  return {
    id,
    at,
    ms,
    method,
    path,
    query,
    rawHeaders,
    operation,
    contract,
    application,
    sent: isLong(request.body) ? shownOfLong(call, isJson, images) : request.body.toString("latin1"),
    status: response.status,
    headers: response.headers,
    responded: keepResponse(response.body),
    note,
    faults,
    isJson,
  };
}

function isLong(body: HttpResponse["body"]): boolean {
  return body !== undefined && body.length > longestKept;
}

function keepResponse(body: HttpResponse["body"]): Content {
  if (body === undefined || body.length === 0) return undefined;
  return typeof body === "string" && !isLong(body) ? body : { shown: fingerprint(body) };
}

function shownOfLong({ request, body, operation }: RecordedCall, isJson: boolean, images?: ImageProperties) {
  if (!isJson) return { shown: fingerprint(request.body) };
  const decode = (text: string) => request.decodeBase64(text);
  return { shown: redact(body, operation && images?.get(operation.key), decode) };
}

function matches(kept: Kept, { operationId, status }: JournalFilter): boolean {
  if (operationId !== undefined && kept.operation?.key !== operationId) return false;
  return status === undefined || kept.status === status;
}

/** A copy of its own for each reader, in JSON types. */
function show(kept: Kept, images: ImageProperties | undefined): JournalEntry {
  const { id, at, ms, method, path, query, rawHeaders, operation, application, status, headers } = kept;
  const note = readNote(kept.note);
  const body = shownOf(kept.sent, (text) => {
    const bytes = Buffer.from(text, "latin1");
    return kept.isJson ? redact(parsed(bytes), operation && images?.get(operation.key)) : fingerprint(bytes);
  });
  const responded = shownOf(kept.responded, (text) => redactResponse(parsed(text)));
  return {
    id,
    time: new Date(at).toISOString(),
    method,
    // A path of the contract is a row of short segments, ids among them; any other is mere text.
    path: operation ? path.replaceAll(/[^/]+/g, (segment) => redactText(segment)) : redactText(path),
    ...(operation && { operation: operation.key }),
    ...(kept.contract !== undefined && { contract: kept.contract }),
    ...(application !== undefined && { application }),
    status,
    ms: hundredths(ms),
    request: {
      query: queryNames(query),
      headers: headersOf(rawHeaders),
      ...(body !== undefined && { body }),
    },
    response: { headers: { ...headers }, ...(responded !== undefined && { body: responded }) },
    ...(note !== undefined && { note: redactText(note, 2_000) }),
    faults: [...(kept.faults ?? [])],
  };
}

function asItCame(kept: Kept): KeptCall {
  const { operation, contract, application, method, path, query, rawHeaders, status, headers, faults } = kept;
  const { sent, responded } = kept;
  return {
    operation,
    contract,
    application,
    method,
    path,
    query,
    isPreferred: rawHeaders.some((name, index) => index % 2 === 0 && name.toLowerCase() === "prefer"),
    sent: typeof sent === "string" ? parsed(Buffer.from(sent, "latin1")) : sent?.shown,
    status,
    headers,
    responded: typeof responded === "string" ? parsed(responded) : undefined,
    isFaulty: (faults?.length ?? 0) > 0,
  };
}

function shownOf(content: Content, show: (text: string) => unknown): unknown {
  if (content === undefined || content === "") return undefined;
  return typeof content === "string" ? show(content) : structuredClone(content.shown);
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

function headersOf(rawHeaders: readonly string[]): Record<string, string> {
  const shown: Record<string, string> = {};
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!.toLowerCase();
    if (harmless.has(name)) shown[name] = redactText(rawHeaders[index + 1]!, 200);
  }
  return shown;
}

function parsed(content: Buffer | string): unknown {
  const text = typeof content === "string" ? content : new TextDecoder().decode(content);
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

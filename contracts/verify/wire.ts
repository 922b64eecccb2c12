import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";

/** A request as it goes on the wire: headers in order, body as final bytes. */
export type WireRequest = {
  method: string;
  url: string;
  headers: [name: string, value: string][];
  body: Buffer | undefined;
};

/** An answer as it came: nothing decoded. */
export type WireAnswer = {
  status: number;
  /** Names in lower case, repeated ones apart. */
  headers: [name: string, value: string][];
  body: Buffer;
};

/** No answer came, or only a part of one. */
export class WireError extends Error {
  /** The system's code, e.g. `ECONNREFUSED`, `ECONNRESET`, `TIMEOUT`, `CERT_HAS_EXPIRED`. */
  readonly code: string;

  constructor(code: string) {
    super(`No answer came (${code}).`);
    this.name = "WireError";
    this.code = code;
  }
}

/**
 * Sends a request exactly as given and reads the answer to the last byte; one connection a call, no
 * redirects, no decoding. `fetch` would set headers of its own and hide the raw bytes.
 *
 * @throws {WireError} when no whole answer came within `timeoutMs`.
 */
export function exchangeWire(
  request: WireRequest,
  { timeoutMs = 30_000, signal }: { timeoutMs?: number; signal?: AbortSignal } = {},
): Promise<WireAnswer> {
  const send = request.url.startsWith("https:") ? httpsRequest : httpRequest;
  const length: [string, string][] = request.body ? [["content-length", String(request.body.length)]] : [];
  const host: [string, string][] = request.headers.some(([name]) => name.toLowerCase() === "host")
    ? []
    : [["host", new URL(request.url).host]];
  return new Promise((resolve, reject) => {
    const fail = (code: string) => reject(new WireError(code));
    const outgoing = send(
      request.url,
      {
        method: request.method,
        // Given as a list, headers go out as they are, and nothing is added to them.
        headers: [...host, ...request.headers, ...length].flat() as never,
        agent: false,
        signal,
        timeout: timeoutMs,
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.on("error", (error: NodeJS.ErrnoException) => fail(error.code ?? "BROKEN_OFF"));
        incoming.on("end", () => {
          if (!incoming.complete) return fail("BROKEN_OFF");
          const raw = incoming.rawHeaders;
          const headers = raw.flatMap((name, at): [string, string][] =>
            at % 2 ? [] : [[name.toLowerCase(), raw[at + 1]!]],
          );
          resolve({ status: incoming.statusCode!, headers, body: Buffer.concat(chunks) });
        });
      },
    );
    outgoing.on("timeout", () => outgoing.destroy(Object.assign(new Error("timeout"), { code: "TIMEOUT" })));
    outgoing.on("error", (error: NodeJS.ErrnoException) => fail(error.code ?? "UNREACHABLE"));
    outgoing.end(request.body);
  });
}

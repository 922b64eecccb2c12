import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";

/** A request as it goes on the wire: headers in order, body as final bytes. */
export type SentRequest = {
  method: string;
  url: string;
  headers: [name: string, value: string][];
  body: Buffer | undefined;
};

/** A response as it came: nothing decoded. */
export type ReceivedResponse = {
  status: number;
  /** Names in lower case, repeated ones apart. */
  headers: [name: string, value: string][];
  body: Buffer;
};

/** No response came, or only a part of one. */
export class NoResponseError extends Error {
  /** The system's code, e.g. `ECONNREFUSED`, `ECONNRESET`, `TIMEOUT`, `CERT_HAS_EXPIRED`. */
  readonly code: string;

  constructor(code: string) {
    super(`No response came (${code}).`);
    this.name = "NoResponseError";
    this.code = code;
  }
}

/**
 * Sends a request exactly as given and reads the response to the last byte; one connection a call, no
 * redirects, no decoding. `fetch` would set headers of its own and hide the raw bytes.
 *
 * @throws {NoResponseError} when no whole response came within `timeoutMs`.
 */
export function sendRequest(
  request: SentRequest,
  { timeoutMs = 30_000, signal }: { timeoutMs?: number; signal?: AbortSignal } = {},
): Promise<ReceivedResponse> {
  const send = request.url.startsWith("https:") ? httpsRequest : httpRequest;
  const length: [string, string][] = request.body ? [["content-length", String(request.body.length)]] : [];
  const host: [string, string][] = request.headers.some(([name]) => name.toLowerCase() === "host")
    ? []
    : [["host", new URL(request.url).host]];
  // The whole response has to come in time: a socket that drips is never idle.
  const deadline = AbortSignal.timeout(timeoutMs);
  return new Promise((resolve, reject) => {
    const fail = ({ code }: NodeJS.ErrnoException, otherwise: string) =>
      reject(new NoResponseError(deadline.aborted ? "TIMEOUT" : (code ?? otherwise)));
    const outgoing = send(
      request.url,
      {
        method: request.method,
        // Given as a list, headers go out as they are, and nothing is added to them.
        headers: [...host, ...request.headers, ...length].flat() as never,
        agent: false,
        signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        let size = 0;
        incoming.on("data", (chunk: Buffer) => {
          size += chunk.length;
          if (size > longestBody) outgoing.destroy(Object.assign(new Error(), { code: "TOO_LARGE" }));
          else chunks.push(chunk);
        });
        incoming.on("error", (error) => fail(error, "BROKEN_OFF"));
        incoming.on("end", () => {
          if (!incoming.complete) return reject(new NoResponseError("BROKEN_OFF"));
          const raw = incoming.rawHeaders;
          const headers = raw.flatMap((name, at): [string, string][] =>
            at % 2 ? [] : [[name.toLowerCase(), raw[at + 1]!]],
          );
          resolve({ status: incoming.statusCode!, headers, body: Buffer.concat(chunks) });
        });
      },
    );
    outgoing.on("error", (error) => fail(error, "UNREACHABLE"));
    outgoing.end(request.body);
  });
}

/** More than any response of an API that does not send files. */
const longestBody = 32 * 1024 * 1024;

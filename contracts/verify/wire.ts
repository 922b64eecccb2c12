import { type ClientRequest, request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";

/** A request as it is sent: headers in order, the body's final bytes. */
export type SentRequest = {
  method: string;
  url: string;
  headers: [name: string, value: string][];
  body: Buffer | undefined;
};

/** A response as it was received. Nothing is decoded. */
export type ReceivedResponse = {
  status: number;
  /** Lower-case names; repeated headers are separate. */
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

/** The first value of a header, by its lower-case name. */
export function headerOf({ headers }: Pick<ReceivedResponse, "headers">, name: string): string | undefined {
  return headers.find(([key]) => key.toLowerCase() === name)?.[1];
}

/**
 * Sends a request exactly as given and reads the response to its last byte. Each request has its own connection;
 * no redirect is followed and nothing is decoded. `fetch` would add headers and hide the raw bytes.
 *
 * @param options.timeoutMs for the whole response, by default 30,000.
 * @throws {NoResponseError} if no complete response came in time.
 */
export async function sendRequest(
  request: SentRequest,
  { timeoutMs = 30_000, signal }: { timeoutMs?: number; signal?: AbortSignal } = {},
): Promise<ReceivedResponse> {
  // For the whole response: an idle timeout would never end a slow one.
  const deadline = AbortSignal.timeout(timeoutMs);
  for (let pauseMs = 10; ; pauseMs *= 4) {
    const sending: Sending = { deadline, signal, pauseMs, isWhole: false };
    try {
      return await sendOnce(request, sending);
    } catch (error) {
      // Nobody acts on a part of a request, so that it can be sent again.
      const isLost = !sending.isWhole && isClosed(error as NoResponseError);
      if (!isLost || pauseMs > longestPauseMs) throw error;
    }
  }
}

type Sending = {
  deadline: AbortSignal;
  signal: AbortSignal | undefined;
  /** Between two parts of a long body. */
  pauseMs: number;
  /** Whether the last part was written. */
  isWhole: boolean;
};

/** In milliseconds. */
const longestPauseMs = 100;

/** Whether the other side had closed the connection when something was written. */
function isClosed({ code }: NodeJS.ErrnoException): boolean {
  return code === "EPIPE" || code === "ECONNRESET";
}

function sendOnce(request: SentRequest, sending: Sending): Promise<ReceivedResponse> {
  const { deadline, signal } = sending;
  const send = request.url.startsWith("https:") ? httpsRequest : httpRequest;
  const length: [string, string][] = request.body ? [["content-length", String(request.body.length)]] : [];
  const host: [string, string][] =
    headerOf(request, "host") === undefined ? [["host", new URL(request.url).host]] : [];
  return new Promise((resolve, reject) => {
    const fail = ({ code }: NodeJS.ErrnoException, otherwise: string) =>
      reject(new NoResponseError(deadline.aborted ? "TIMEOUT" : (code ?? otherwise)));
    let isAnswered = false;
    const outgoing = send(
      request.url,
      {
        method: request.method,
        // Node sends a list of headers unchanged and adds none.
        headers: [...host, ...request.headers, ...length].flat() as never,
        agent: false,
        signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
      },
      (incoming) => {
        isAnswered = true;
        // One buffer that grows: a list of the chunks would take a hundred bytes for each chunk of one byte.
        let body = Buffer.alloc(0);
        let size = 0;
        incoming.on("data", (chunk: Buffer) => {
          const end = size + chunk.length;
          if (end > longestBody) {
            outgoing.destroy(Object.assign(new Error(), { code: "TOO_LARGE" }));
            return;
          }
          if (end > body.length) {
            const larger = Buffer.alloc(Math.max(end, 2 * body.length, 4_096));
            body.copy(larger, 0, 0, size);
            body = larger;
          }
          chunk.copy(body, size);
          size = end;
        });
        incoming.on("error", (error) => fail(error, "BROKEN_OFF"));
        incoming.on("close", () => fail({ name: "", message: "" }, "BROKEN_OFF"));
        incoming.on("end", () => {
          if (!incoming.complete) return reject(new NoResponseError("BROKEN_OFF"));
          resolve(received(incoming, body.subarray(0, size)));
          outgoing.destroy();
        });
      },
    );
    // Node gives 101 as an event of its own, without which the request would never end.
    outgoing.on("upgrade", (incoming, socket) => {
      socket.destroy();
      resolve(received(incoming, Buffer.alloc(0)));
    });
    // A server may answer before it has read a long body, and close. The rest cannot be sent then, and the response
    // stands.
    outgoing.on("error", (error) => {
      if (!isAnswered || !isClosed(error)) fail(error, "UNREACHABLE");
    });
    outgoing.on("close", () => {
      if (!isAnswered) fail({ name: "", message: "" }, "BROKEN_OFF");
    });
    writeBody(outgoing, request.body, sending);
  });
}

/**
 * A long body is written in parts. What arrives between two of them is read first, so that a response is not lost whose
 * server closes the connection.
 */
function writeBody(outgoing: ClientRequest, body: Buffer | undefined, sending: Sending, start = 0): void {
  if (outgoing.destroyed) return;
  const end = start + partOfBody;
  if (body && body.length > end) {
    const next = () => setTimeout(() => writeBody(outgoing, body, sending, end), sending.pauseMs);
    outgoing.write(body.subarray(start, end), next);
    return;
  }
  sending.isWhole = true;
  outgoing.end(body?.subarray(start));
}

/** In bytes. */
const partOfBody = 1_048_576;

function received({ statusCode, rawHeaders }: IncomingMessage, body: Buffer): ReceivedResponse {
  const headers = rawHeaders.flatMap((name, at): [string, string][] =>
    at % 2 ? [] : [[name.toLowerCase(), rawHeaders[at + 1]!]],
  );
  return { status: statusCode!, headers, body };
}

/** In bytes. More than any response of an API that does not send files. */
const longestBody = 32 * 1024 * 1024;

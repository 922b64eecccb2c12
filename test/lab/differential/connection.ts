import { Agent, request as openRequest } from "node:http";

/** A request as it goes to both servers; the target stands below the base path. */
export type Sent = {
  method: string;
  target: string;
  headers: [name: string, value: string][];
  body?: Buffer;
  /** How long a response may take. */
  timeoutMs?: number;
};

/** A response as it came; status 0 where none came. */
export type Received = {
  status: number;
  /** Names in lower case; several of one name are joined. */
  headers: Record<string, string>;
  body: Buffer;
};

/** The body of a response without status after the time limit. */
export const tooLong = "it takes too long";

/** Sends a request to a server; connections are kept for the next request. */
export type Send = (sent: Sent) => Promise<Received>;

/**
 * Opens connections to a server.
 *
 * @param origin without a path.
 * @param basePath what stands before every target there.
 */
export function connectTo(origin: string, basePath = ""): { send: Send; close(): void } {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const { hostname, port } = new URL(origin);
  return { send, close: () => agent.destroy() };

  async function send(sent: Sent): Promise<Received> {
    try {
      return await exchange(sent);
    } catch (error) {
      const { code, reused } = error as ConnectionError;
      // The server may close a connection while the next request is on its way.
      if (reused && code === "ECONNRESET") return send(sent);
      return { status: 0, headers: {}, body: Buffer.from(`no answer: ${code}`) };
    }
  }

  /** @throws {ConnectionError} when the connection ends without a response. */
  function exchange({ method, target, headers, body, timeoutMs = 30_000 }: Sent): Promise<Received> {
    return new Promise((resolve, reject) => {
      const chunked = headers.some(([name]) => /^transfer-encoding$/i.test(name));
      const outgoing = openRequest({
        agent,
        hostname,
        port,
        method,
        path: `${basePath}${target}`,
        headers: {
          ...byName(headers),
          ...(body !== undefined && !chunked && { "Content-Length": body.length }),
        },
        timeout: timeoutMs,
      });
      // Else Node would send an empty body where there is none.
      outgoing.useChunkedEncodingByDefault = chunked;
      const fail = (error: NodeJS.ErrnoException) =>
        reject(new ConnectionError(error.code ?? error.message, outgoing.reusedSocket));
      outgoing.on("timeout", () => outgoing.destroy(new Error(tooLong)));
      outgoing.on("error", fail);
      outgoing.on("response", (incoming) => {
        const parts: Buffer[] = [];
        incoming.on("data", (part: Buffer) => parts.push(part));
        incoming.on("error", fail);
        incoming.on("end", () => {
          const received = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]);
          resolve({
            status: incoming.statusCode!,
            headers: Object.fromEntries(received),
            body: Buffer.concat(parts),
          });
        });
      });
      outgoing.end(body);
    });
  }
}

/** A name may come twice. */
function byName(headers: Sent["headers"]): Record<string, string | string[]> {
  const groups = Map.groupBy(headers, ([name]) => name.toLowerCase());
  return Object.fromEntries(
    [...groups.values()].map((group) => {
      const values = group.map(([, value]) => value);
      return [group[0]![0], values.length === 1 ? values[0]! : values];
    }),
  );
}

class ConnectionError extends Error {
  readonly code: string;
  /** Whether other requests went over the connection before. */
  readonly reused: boolean;

  constructor(code: string, reused: boolean) {
    super(code);
    this.name = "ConnectionError";
    this.code = code;
    this.reused = reused;
  }
}

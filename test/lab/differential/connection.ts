import { Agent, request as send } from "node:http";

/** A request as it goes to both servers; the target stands below the base path. */
export type Sent = {
  method: string;
  target: string;
  headers: [name: string, value: string][];
  body?: Buffer;
  /** How long an answer may take. */
  patienceMs?: number;
};

/** An answer as it came; status 0 where none came. */
export type Got = {
  status: number;
  /** Names in lower case; several of one name are joined. */
  headers: Record<string, string>;
  body: Buffer;
};

/** What an answer without status says when patience ended. */
export const tooLong = "it takes too long";

/** Asks a server; connections are kept for the next request. */
export type Ask = (sent: Sent) => Promise<Got>;

/**
 * Makes the way to a server.
 *
 * @param origin without a path.
 * @param basePath what stands before every target there.
 */
export function wayTo(origin: string, basePath = ""): { ask: Ask; close(): void } {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const { hostname, port } = new URL(origin);
  return { ask, close: () => agent.destroy() };

  async function ask(sent: Sent): Promise<Got> {
    try {
      return await exchange(sent);
    } catch (error) {
      const { code, reused } = error as ConnectionError;
      // The server may close a connection while the next request is on its way.
      if (reused && code === "ECONNRESET") return ask(sent);
      return { status: 0, headers: {}, body: Buffer.from(`no answer: ${code}`) };
    }
  }

  /** @throws {ConnectionError} when the connection ends without an answer. */
  function exchange({ method, target, headers, body, patienceMs = 30_000 }: Sent): Promise<Got> {
    return new Promise((resolve, reject) => {
      const chunked = headers.some(([name]) => /^transfer-encoding$/i.test(name));
      const outgoing = send({
        agent,
        hostname,
        port,
        method,
        path: `${basePath}${target}`,
        headers: {
          ...byName(headers),
          ...(body !== undefined && !chunked && { "Content-Length": body.length }),
        },
        timeout: patienceMs,
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

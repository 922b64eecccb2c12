import { type Credentials, mockApiKeys, mockCredentials } from "./credentials.ts";
import type { RawRequest } from "./exchange.ts";
import { type AuthMode, createHandler, type Handled, type MockContract } from "./handle.ts";
import { loadNecIdContract } from "./necid/contract.ts";
import { listen } from "./server.ts";

export { type Credentials, mockApiKeys, mockCredentials };

export type MockOptions = {
  /** 0, the default, takes any free port. */
  port?: number;
  /** Loopback unless said otherwise. */
  host?: string;
  /** Another contract than NEC ID v1. */
  contract?: MockContract;
  auth?: AuthMode;
  credentials?: Credentials;
  /** One for each application. */
  apiKeys?: string[];
  /** Host names that clients may have signed for, besides the one they sent. */
  publicHosts?: string[];
  region?: string;
  service?: string;
  /** Makes `dynamic` answers repeatable. */
  seed?: string;
  /** Milliseconds since the epoch. */
  now?: () => number;
  /** A number from 0 up to 1. */
  random?: () => number;
  /** Called once for each answered request. */
  log?: (entry: LogEntry) => void;
};

/** One answered request: no header, no query, no body. */
export type LogEntry = {
  /** ISO 8601, UTC. */
  time: string;
  method: string;
  path: string;
  operation: string | undefined;
  status: number;
  ms: number;
  /** Why a request was refused, where that can be told. */
  note: string | undefined;
};

export type Mock = {
  /** The base URL, e.g. `http://127.0.0.1:4010/v1`. */
  url: string;
  port: number;
  credentials: Credentials;
  apiKeys: string[];
  operations: number;
  /** Ends every connection and frees the port. */
  close(): Promise<void>;
};

/**
 * Starts the mock server and answers once it listens.
 *
 * @throws {ListenError} when the address is in use or not allowed.
 */
export async function startMock(options: MockOptions = {}): Promise<Mock> {
  const {
    port = 0,
    host = "127.0.0.1",
    auth = "strict",
    credentials = mockCredentials,
    apiKeys = mockApiKeys,
    publicHosts = [],
    region = "ap-southeast-2",
    service = "execute-api",
    now = Date.now,
    random = Math.random,
    log,
  } = options;
  const contract = options.contract ?? (await loadNecIdContract({ seed: options.seed }));
  const handler = createHandler({
    contract,
    auth,
    credentials,
    apiKeys,
    publicHosts,
    region,
    service,
    now,
    random,
  });

  const server = await listen(
    {
      answer: (request) => logged(request, () => handler.handle(request)),
      tooLarge: (request) => logged(request, async () => handler.tooLarge()),
    },
    { host, port },
  );
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${server.port}${handler.basePath}`,
    port: server.port,
    credentials,
    apiKeys,
    operations: handler.operations.length,
    close: server.close,
  };

  async function logged(request: RawRequest, handle: () => Promise<Handled>) {
    const started = performance.now();
    const { answer, operation, note } = await handle().catch((error: Error) => handler.failed(error));
    log?.({
      time: new Date(now()).toISOString(),
      method: request.method,
      path: request.target.split("?")[0]!,
      operation: operation?.key,
      status: answer.status,
      ms: Math.round((performance.now() - started) * 100) / 100,
      note,
    });
    return answer;
  }
}

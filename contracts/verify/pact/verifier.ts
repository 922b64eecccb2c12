import { type ChildProcess, fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import type { ReceivedResponse } from "../wire.ts";
import type { InteractionDocument, PactDocument } from "./pact.ts";

/** A request of Pact's Verifier. */
export type VerifierRequest = {
  method: string;
  /** With the query. */
  path: string;
  headers: Record<string, string>;
  body: Buffer | undefined;
};

/** A mismatch as Pact's Verifier reports it. Its texts contain what the provider sent. */
export type VerifierMismatch = {
  type: string;
  /** A JSONPath into the body. */
  path?: string;
  /** The header's name. */
  key?: string;
  expected?: unknown;
  actual?: unknown;
  mismatch?: string;
};

export type PactVerifier = {
  /**
   * Verifies one interaction.
   *
   * @param options.values the values of the provider states, by name.
   * @param options.respond makes the call. Its error ends the verification and is rethrown.
   */
  verify(options: {
    pact: PactDocument;
    interaction: InteractionDocument;
    values: Record<string, string>;
    respond: (request: VerifierRequest) => Promise<ReceivedResponse>;
  }): Promise<VerifierMismatch[]>;
  /** Ends the process and frees the port. */
  close(): Promise<void>;
};

/** Thrown if Pact's Verifier itself fails. */
export class PactVerifierError extends Error {
  readonly code = "PACT_VERIFIER";
  /** Whether it could not read the pact. */
  readonly unreadable: boolean;

  constructor(reason: string, { unreadable = false } = {}) {
    super(`Pact's Verifier ${reason}. Run it again; if it stays, verify without the pact part.`);
    this.name = "PactVerifierError";
    this.unreadable = unreadable;
  }
}

/**
 * Creates a Verifier: Pact's native core in a child process, which starts with the first verification.
 *
 * The Verifier calls a server on loopback, and `respond` makes the call to the provider, which is signed,
 * counted and paced like any other. So the Verifier gets neither credentials nor our environment, requests may
 * have any size, and their final bytes are signed. Its output is discarded, because it contains what the
 * provider sent.
 */
export function openPactVerifier(): PactVerifier {
  let opened: Promise<Opened> | undefined;
  let queue: Promise<unknown> = Promise.resolve();
  return {
    verify(options) {
      opened ??= open();
      const verified = queue.then(async () => verifyOne(await opened!, options));
      queue = verified.catch(() => {});
      return verified;
    },
    async close() {
      if (!opened) return;
      const { server, child } = await opened;
      opened = undefined;
      server.closeAllConnections();
      await Promise.all([once(server.close(), "close"), kill(child)]);
    },
  };
}

type Opened = { server: ReturnType<typeof createServer>; child: ChildProcess; url: string; handler: Handler };
/** Handles the requests of the current verification; empty between verifications. */
type Handler = { handle?: (request: VerifierRequest, response: ServerResponse) => Promise<void> };
export type VerifierJob = { pactUrl: string; providerBaseUrl: string; statesUrl: string; provider: string };
export type VerifierResult = { mismatches: VerifierMismatch[] } | { failed: true };

async function open(): Promise<Opened> {
  const handler: Handler = {};
  // The path cannot be guessed: other users of the machine must not get calls signed.
  const root = `/${randomUUID()}`;
  const server = createServer((request, response) => {
    const { handle } = handler;
    if (!handle || !request.url!.startsWith(`${root}/`)) return void response.writeHead(404).end();
    read(request, root)
      .then((received) => handle(received, response))
      .catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const file = fileURLToPath(new URL(`./verifier-process${extname(import.meta.url)}`, import.meta.url));
  const child = fork(file, {
    execArgv: [],
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    env: { PACT_DO_NOT_TRACK: "true", LOG_LEVEL: "error", NO_PROXY: "127.0.0.1", ...platform(process.env) },
  });
  child.on("error", () => {});
  return { server, child, url: `http://127.0.0.1:${port}${root}`, handler };
}

/** Windows starts no process without it. */
function platform({ SystemRoot }: NodeJS.ProcessEnv): Record<string, string> {
  return SystemRoot ? { SystemRoot } : {};
}

async function verifyOne(
  { child, url, handler }: Opened,
  { pact, interaction, values, respond }: Parameters<PactVerifier["verify"]>[0],
): Promise<VerifierMismatch[]> {
  const { consumer, provider, metadata } = pact;
  // The Verifier reports no mismatches of a pending interaction.
  const interactions = [{ ...interaction, pending: false }];
  const document = { consumer, provider, interactions, metadata };
  let thrown: { error: unknown } | undefined;
  let calls = 0;
  handler.handle = async (request, response) => {
    if (request.path === paths.pact) return sendJson(response, document);
    if (request.path === paths.states) return sendJson(response, values);
    calls += 1;
    try {
      const { status, headers, body } = await respond({
        ...request,
        path: request.path.slice(paths.provider.length),
      });
      response.writeHead(status, headers.filter(([name]) => !connectionHeaders.has(name)).flat() as never);
      response.end(body);
    } catch (error) {
      thrown = { error };
      response.writeHead(502).end();
    }
  };
  try {
    const result = await runJob(child, {
      pactUrl: `${url}${paths.pact}`,
      providerBaseUrl: `${url}${paths.provider}`,
      statesUrl: `${url}${paths.states}`,
      provider: provider.name,
    });
    if (thrown) throw thrown.error;
    // Without a call nothing was verified.
    if ("failed" in result || calls === 0)
      throw new PactVerifierError("could not read the interaction", { unreadable: true });
    return result.mismatches;
  } finally {
    handler.handle = undefined;
  }
}

const paths = { pact: "/pact.json", states: "/states", provider: "/provider" };
const connectionHeaders = new Set(["connection", "keep-alive", "transfer-encoding", "content-length"]);

function runJob(child: ChildProcess, job: VerifierJob): Promise<VerifierResult> {
  return new Promise((resolve, reject) => {
    const gone = () => reject(new PactVerifierError("ended by itself"));
    if (!child.connected) return gone();
    child.once("disconnect", gone);
    child.once("message", (result: VerifierResult) => {
      child.off("disconnect", gone);
      resolve(result);
    });
    child.send(job);
  });
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  child.kill("SIGKILL");
  await exit;
}

async function read(request: IncomingMessage, root: string): Promise<VerifierRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
  return {
    method: request.method!,
    path: request.url!.slice(root.length),
    headers: Object.fromEntries(headers),
    body: chunks.length > 0 ? Buffer.concat(chunks) : undefined,
  };
}

function sendJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
}

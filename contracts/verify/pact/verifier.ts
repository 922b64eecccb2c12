import { type ChildProcess, fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import type { WireAnswer } from "../wire.ts";
import type { PactDocument, WrittenInteraction } from "./pact.ts";

/** A request as Pact's Verifier makes it. */
export type RelayedRequest = {
  method: string;
  /** With the query. */
  path: string;
  headers: Record<string, string>;
  body: Buffer | undefined;
};

/** What Pact's Verifier found wrong, in its own words; texts hold what the provider sent. */
export type Finding = {
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
   * @param options.values what the provider states give, by name.
   * @param options.answer makes the call; what it throws ends the verification and is thrown on.
   */
  verify(options: {
    pact: PactDocument;
    interaction: WrittenInteraction;
    values: Record<string, string>;
    answer: (request: RelayedRequest) => Promise<WireAnswer>;
  }): Promise<Finding[]>;
  /** Ends the process and frees the port. */
  close(): Promise<void>;
};

/** Pact's Verifier itself failed. */
export class PactVerifierError extends Error {
  readonly code = "PACT_VERIFIER";

  constructor(reason: string) {
    super(`Pact's Verifier ${reason}. Run it again; if it stays, verify without the pact part.`);
    this.name = "PactVerifierError";
  }
}

/**
 * Opens Pact's Verifier: its native core in a process of its own, which starts with the first verification
 * and ends with this one.
 *
 * The Verifier calls a server on loopback, and `answer` makes the call to the provider: signed, counted and
 * paced as every other. So no credentials and no environment reach it, a request has no limit of size and
 * its bytes are signed last, and what it prints reaches nobody: it prints what the provider sent.
 */
export function openPactVerifier(): PactVerifier {
  let opened: Promise<Opened> | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  return {
    verify(options) {
      opened ??= open();
      const verified = turn.then(async () => verifyOne(await opened!, options));
      turn = verified.catch(() => {});
      return verified;
    },
    async close() {
      if (!opened) return;
      const { server, child } = await opened;
      opened = undefined;
      server.closeAllConnections();
      await Promise.all([once(server.close(), "close"), ended(child)]);
    },
  };
}

type Opened = { server: ReturnType<typeof createServer>; child: ChildProcess; url: string; relay: Relay };
/** Who answers at the moment; between verifications nobody does. */
type Relay = { answer?: (request: RelayedRequest, response: ServerResponse) => Promise<void> };
export type VerifierJob = { pactUrl: string; providerBaseUrl: string; statesUrl: string; provider: string };
export type VerifierResult = { findings: Finding[] } | { failed: true };

async function open(): Promise<Opened> {
  const relay: Relay = {};
  // Whoever shares the machine must not have calls signed: the paths are not to be guessed.
  const root = `/${randomUUID()}`;
  const server = createServer((request, response) => {
    const { answer } = relay;
    if (!answer || !request.url!.startsWith(`${root}/`)) return void response.writeHead(404).end();
    read(request, root).then((relayed) => answer(relayed, response));
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
  return { server, child, url: `http://127.0.0.1:${port}${root}`, relay };
}

/** What a process cannot start without on Windows. */
function platform({ SystemRoot }: NodeJS.ProcessEnv): Record<string, string> {
  return SystemRoot ? { SystemRoot } : {};
}

async function verifyOne(
  { child, url, relay }: Opened,
  { pact, interaction, values, answer }: Parameters<PactVerifier["verify"]>[0],
): Promise<Finding[]> {
  const { consumer, provider, metadata } = pact;
  // The Verifier keeps to itself what is wrong with a pending one.
  const told = { ...interaction, pending: false };
  const document = { consumer, provider, interactions: [told], metadata };
  let thrown: { error: unknown } | undefined;
  let calls = 0;
  relay.answer = async (request, response) => {
    if (request.path === paths.pact) return sendJson(response, document);
    if (request.path === paths.states) return sendJson(response, values);
    calls += 1;
    try {
      const { status, headers, body } = await answer({
        ...request,
        path: request.path.slice(paths.provider.length),
      });
      response.writeHead(status, headers.filter(([name]) => !ofConnection.has(name)).flat() as never);
      response.end(body);
    } catch (error) {
      thrown = { error };
      response.writeHead(502).end();
    }
  };
  try {
    const result = await asked(child, {
      pactUrl: `${url}${paths.pact}`,
      providerBaseUrl: `${url}${paths.provider}`,
      statesUrl: `${url}${paths.states}`,
      provider: provider.name,
    });
    if (thrown) throw thrown.error;
    // Success without a call would be said of nothing.
    if ("failed" in result || calls === 0) throw new PactVerifierError("could not read the interaction");
    return result.findings;
  } finally {
    relay.answer = undefined;
  }
}

const paths = { pact: "/pact.json", states: "/states", provider: "/provider" };
const ofConnection = new Set(["connection", "keep-alive", "transfer-encoding", "content-length"]);

function asked(child: ChildProcess, job: VerifierJob): Promise<VerifierResult> {
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

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  child.kill("SIGKILL");
  await exit;
}

async function read(request: IncomingMessage, root: string): Promise<RelayedRequest> {
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

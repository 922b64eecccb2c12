import { spawn } from "node:child_process";
import { connect, createServer } from "node:net";
import { setTimeout as after } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { readResponse } from "../load/read-response.ts";
import { processorSeconds, residentSet } from "./process-cost.ts";
import { type Child, tieChild } from "./tie-child.ts";

export type RunningServer = {
  port: number;
  /** The first one. */
  response: FirstResponse;
  /** From the spawn of the process to the first correct response. */
  firstResponseMs: number;
  /** Resident set of the process in bytes; undefined where the system does not report it. */
  memory(): number | undefined;
  /** Processor time that the process has taken; undefined where the system does not report it. */
  processorSeconds(): number | undefined;
  /** Ends the process, at once unless by another signal; resolves when it is gone. */
  end(signal?: NodeJS.Signals): Promise<void>;
};

/** A server to be started, and how one knows that it works. */
export type Started = {
  name: string;
  command(port: number): { file: string; args: string[] };
  /** The bytes it is asked with until it answers. */
  request(port: number): string;
  /** Judges the first response. */
  isRight(response: FirstResponse): boolean;
  /** What `isRight` wants, in words: `201 with a Subject`. */
  wanted: string;
  tooLateMs?: number;
};

export type FirstResponse = { status: number; body: string };

/**
 * Starts a server in a process of its own on a free port and waits for its first correct response.
 *
 * @param options.env the child's whole environment.
 * @throws {ServerError} when it ends before that, answers something else, or takes too long (30 seconds).
 */
export async function startServer(
  { name, command, request, isRight, wanted, tooLateMs = 30_000 }: Started,
  options: { env: NodeJS.ProcessEnv },
): Promise<RunningServer> {
  const port = await freePort();
  const bytes = request(port);
  const { file, args } = command(port);

  const spawned = performance.now();
  const server = spawn(file, args, { cwd: root, env: options.env, stdio: ["ignore", "ignore", "pipe"] });
  const child = tieChild(server);
  let complaint = "";
  server.stderr.on("data", (text: Buffer) => {
    complaint = `${complaint}${text}`.slice(-2000);
  });
  const tooLate = setTimeout(child.end, tooLateMs);

  const received = await firstResponse(child, { port, request: bytes });
  const firstResponseMs = performance.now() - spawned;
  clearTimeout(tooLate);
  const response = received && parsed(received);
  if (response && isRight(response)) {
    return {
      port,
      response,
      firstResponseMs,
      memory: () => residentSet(server.pid!),
      processorSeconds: () => processorSeconds(server.pid!),
      end: child.end,
    };
  }
  const got = received
    ? `answered ${received.toString().slice(0, 400)}`
    : `gave no answer and ended (${child.ended()})`;
  await child.end();
  const shown = [file === process.execPath ? "node" : file, ...args].join(" ");
  throw new ServerError(
    `${name} should answer ${wanted}, and ${got}. Look into it with: ${shown}\n${complaint}`,
  );
}

/** A contender did not do its work. */
export class ServerError extends Error {
  readonly code = "SERVER";

  constructor(message: string) {
    super(message.trim());
    this.name = "ServerError";
  }
}

const root = fileURLToPath(new URL("../../../../", import.meta.url));

/** A port of 127.0.0.1 that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Knocks until somebody opens; undefined when the process ended first. */
async function firstResponse(
  child: Child,
  { port, request }: { port: number; request: string },
): Promise<Buffer | undefined> {
  while (!child.ended()) {
    const response = await exchange(port, request);
    if (response.length > 0) return response;
    await after(2);
  }
  return undefined;
}

/** The bytes of one response, or as many as came before the connection ended. */
function exchange(port: number, request: string): Promise<Buffer> {
  const socket = connect(port, "127.0.0.1", () => socket.write(request, "latin1"));
  let received = Buffer.alloc(0);
  return new Promise((resolve) => {
    socket.on("data", (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (isWhole(received)) socket.destroy();
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve(received));
  });
}

/** A response that cannot be counted is judged as it stands. */
function isWhole(received: Buffer): boolean {
  try {
    return readResponse(received) !== undefined;
  } catch {
    return true;
  }
}

/** Undefined for what is no response that can be counted. */
function parsed(received: Buffer): FirstResponse | undefined {
  try {
    const body = received.subarray(received.indexOf("\r\n\r\n") + 4).toString();
    return { status: readResponse(received)!.status, body };
  } catch {
    return undefined;
  }
}

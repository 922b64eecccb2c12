import { execFileSync, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { setTimeout as after } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { responseBody } from "#generated/necid-v1/validators.js";
import type { Contender } from "./contenders.ts";
import { readAnswer } from "./read-answer.ts";
import { registration } from "./registration.ts";
import { type Child, tieChild } from "./tie-child.ts";

export type RunningServer = {
  port: number;
  /** From the spawn of the process to the first correct answer. */
  firstAnswerMs: number;
  /** Time of a processor that the process had used by then; undefined where the system does not tell. */
  firstAnswerCpuMs: number | undefined;
  /** Resident set of the process in bytes; undefined where the system does not tell. */
  memory(): number | undefined;
  end(signal?: NodeJS.Signals): Promise<void>;
};

/**
 * Starts a contender in a process of its own on a free port and waits for its first correct answer: a 201
 * whose body keeps the contract.
 *
 * @param options.env the child's whole environment.
 * @throws {ServerError} when it ends before that, answers something else, or takes over 30 seconds.
 */
export async function startServer(
  contender: Contender,
  options: { env: NodeJS.ProcessEnv },
): Promise<RunningServer> {
  const port = await freePort();
  const request = registration({ port, path: contender.path, now: Date.now() });

  const spawned = performance.now();
  const server = spawn(process.execPath, contender.args(port), {
    cwd: root,
    env: options.env,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const child = tieChild(server);
  let complaint = "";
  server.stderr.on("data", (text: Buffer) => {
    complaint = `${complaint}${text}`.slice(-2000);
  });
  const tooLate = setTimeout(() => child.end(), 30_000);

  const answer = await firstAnswer(child, { port, request });
  const firstAnswerMs = performance.now() - spawned;
  const firstAnswerCpuMs = processorTime(server.pid!);
  clearTimeout(tooLate);
  if (answer && isRegistered(answer)) {
    return { port, firstAnswerMs, firstAnswerCpuMs, memory: () => residentSet(server.pid!), end: child.end };
  }
  const got = answer
    ? `answered ${answer.toString().slice(0, 400)}`
    : `gave no answer and ended (${child.ended()})`;
  await child.end();
  throw new ServerError(
    `${contender.name} should answer 201 with a Subject, and ${got}. Look into it with: node ${contender.args(port).join(" ")}\n${complaint}`,
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

const isSubject = responseBody.ApiSubjectsPost!["201"]!["application/json"]!;
const root = fileURLToPath(new URL("../../", import.meta.url));

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Knocks until somebody opens; undefined when the process ended first. */
async function firstAnswer(
  child: Child,
  { port, request }: { port: number; request: string },
): Promise<Buffer | undefined> {
  while (!child.ended()) {
    const answer = await exchange(port, request);
    if (answer.length > 0) return answer;
    await after(2);
  }
  return undefined;
}

/** The bytes of one answer, or as many as came before the connection ended. */
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

/** An answer that cannot be counted is judged as it stands. */
function isWhole(received: Buffer): boolean {
  try {
    return readAnswer(received) !== undefined;
  } catch {
    return true;
  }
}

function isRegistered(answer: Buffer): boolean {
  try {
    const body = answer.subarray(answer.indexOf("\r\n\r\n")).toString();
    return readAnswer(answer)?.status === 201 && isSubject(JSON.parse(body));
  } catch {
    return false;
  }
}

/** Of all its threads, in milliseconds. */
function processorTime(pid: number): number | undefined {
  try {
    const nanoseconds = readdirSync(`/proc/${pid}/task`).map((thread) =>
      Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ")[0]),
    );
    return nanoseconds.reduce((sum, each) => sum + each, 0) / 1e6;
  } catch {
    return undefined;
  }
}

function residentSet(pid: number): number | undefined {
  try {
    const kibibytes =
      process.platform === "linux"
        ? /^VmRSS:\s*(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]
        : execFileSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" });
    return Number(kibibytes) * 1024 || undefined;
  } catch {
    return undefined;
  }
}

import { type ChildProcess, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { setTimeout as after } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { tieChild } from "../bench/servers/tie-child.ts";
import { connectTo, type Send } from "./connection.ts";

/** A server that answers for a contract, in a process of its own. */
export type Server = {
  origin: string;
  send: Send;
  /** Its process ended by itself. */
  isDead(): boolean;
  close(): Promise<void>;
};

/** A server did not come up. */
export class ServerStartError extends Error {
  readonly code = "SERVER_START";

  constructor(command: string[], ending: string, complaint: string) {
    super(`${ending}. Look into it with: node ${command.join(" ")}\n${complaint}`.trim());
    this.name = "ServerStartError";
  }
}

/**
 * Starts our mock as a user does: by the contract's examples, wanting no more of a signature than that it
 * is there, as Prism.
 *
 * @param file the effective contract; left out, the mock serves NEC ID.
 */
export async function startOurs({ file, basePath }: { file?: string; basePath: string }): Promise<Server> {
  const given = file === undefined ? [] : ["--spec", file];
  const command = [necid, "mock", ...given, "--port", "0", "--auth", "presence", "--stateless", "--quiet"];
  const { child, close, isDead } = start(command);
  const origin = await saying(child, command, /^(http:\/\/[^/\s]+)\S* answers for/m);
  const way = connectTo(origin, basePath);
  return { origin, send: way.send, isDead, close: () => closing(way, close) };
}

/** Starts stock Prism. It knows no base path. */
export async function startPrism({ file }: { file: string }): Promise<Server> {
  const port = await freePort();
  const command = [prism, "mock", file, "--port", String(port), "--verboseLevel", "silent"];
  const { child, close, isDead } = start(command);
  const origin = `http://127.0.0.1:${port}`;
  const way = connectTo(origin);
  await answering(child, command, way.send);
  return { origin, send: way.send, isDead, close: () => closing(way, close) };
}

const necid = fileURLToPath(new URL("../../../tools/commands/necid.ts", import.meta.url));
const prism = createRequire(import.meta.url).resolve("@stoplight/prism-cli/dist/index.js");
/** Neither may find a way out of this machine, nor a colour or a key in the environment. */
const environment = { PATH: process.env.PATH };

function start(command: string[]) {
  const child = spawn(process.execPath, command, { env: environment, stdio: ["ignore", "pipe", "pipe"] });
  const { end, ended } = tieChild(child);
  return { child, close: end, isDead: () => ended() !== undefined };
}

async function closing(way: { close(): void }, end: () => Promise<void>): Promise<void> {
  way.close();
  await end();
}

/** What a server says of itself once it listens. */
function saying(child: ChildProcess, command: string[], said: RegExp): Promise<string> {
  let text = "";
  return new Promise((resolve, reject) => {
    const heard = (bytes: Buffer) => {
      text += bytes;
      const found = said.exec(text);
      if (found) resolve(found[1]!);
    };
    child.stdout!.on("data", heard);
    child.stderr!.on("data", heard);
    child.once("exit", (code) => reject(new ServerStartError(command, `It ended with ${code}`, text)));
  });
}

async function answering(child: ChildProcess, command: string[], send: Send): Promise<void> {
  let complaint = "";
  const heard = (bytes: Buffer) => {
    complaint = `${complaint}${bytes}`.slice(-2000);
  };
  child.stdout!.on("data", heard);
  child.stderr!.on("data", heard);
  for (let waited = 0; waited < 30_000; waited += 20) {
    if (child.exitCode !== null) break;
    const { status } = await send({ method: "GET", target: "/", headers: [], timeoutMs: 5000 });
    if (status !== 0) return;
    await after(20);
  }
  child.kill("SIGKILL");
  throw new ServerStartError(command, "It gives no answer", complaint);
}

/**
 * A free port below those that systems give to outgoing connections: whoever knocks at one of those before
 * its server listens may be connected to itself, for ever.
 */
async function freePort(): Promise<number> {
  const port = randomInt(20_000, 32_000);
  const server = createServer();
  const isFree = await new Promise<boolean>((resolve) => {
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => resolve(true));
  });
  if (!isFree) return freePort();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

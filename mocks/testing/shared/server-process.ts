import { rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { keepCompiledCode } from "../../../contracts/trust/cache-folder.ts";
import type { Mock, MockWorld } from "../../mock.ts";
import { toSent } from "./errors.ts";
import {
  type Call,
  type ClosedView,
  type Greeting,
  type OpenedView,
  onMessages,
  writeMessage,
} from "./messages.ts";

/**
 * The program of the server that all workers of a test run share.
 *
 *     node server-process.js FOLDER ADDRESS PID
 *
 * FOLDER is its lock and is removed at the end, ADDRESS is where workers connect, PID is the process of the run. It
 * ends within moments after that process, however that ends, and when no worker was connected for some time.
 */
const [folder = "", address = "", runner = ""] = process.argv.slice(2);
const lookEveryMs = 10;
const idleMs = 10_000;

type OwnedWorld = MockWorld & { delete(): void };
/** A world that a test has open: which calls came before it, and the world of its worker. */
type OpenWorld = { world: OwnedWorld; of: OwnedWorld; before: { ofWorker: number; first: number } };

const open = new Map<string, OpenWorld>();
const connected = new Set<Socket>();
let idleSince = performance.now();

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, end);
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
setInterval(() => {
  const isIdle = connected.size === 0 && performance.now() - idleSince > idleMs;
  if (isIdle || !isAlive(Number(runner))) end();
}, lookEveryMs);

keepCompiledCode(process.env);
const { startMock } = await import("../../mock.ts");
const mock = await startMock();
const lastOfFirst = createLastId(mock);
createServer(serve).listen(address);

function serve(socket: Socket): void {
  const ofWorker = mock.world();
  const lastOfWorker = createLastId(ofWorker);
  const opened = new Set<string>();
  connected.add(socket);
  socket.on("error", () => socket.destroy());
  socket.once("close", () => {
    for (const id of opened) free(id);
    ofWorker.delete();
    connected.delete(socket);
    idleSince = performance.now();
  });
  const greeting: Greeting = { url: mock.url, world: ofWorker.id };
  writeMessage(socket, greeting);
  onMessages(socket, (message) => {
    const { id, ...call } = message as Call;
    void respond(call).then(
      (value) => writeMessage(socket, { id, value }),
      (error) => writeMessage(socket, { id, error: toSent(error) }),
    );
  });

  async function respond({ world: id, member, args }: Omit<Call, "id">): Promise<unknown> {
    if (member[0] === "open") return openWorld(args[0] as { seed?: string });
    if (member[0] === "close") return closeWorld(id);
    const found = open.get(id);
    if (!found) throw new Error("The world of this test is closed.");
    return callMember(found.world, member, args);
  }

  function openWorld(options: { seed?: string }): OpenedView {
    const world = mock.world(options);
    open.set(world.id, { world, of: ofWorker, before: { ofWorker: lastOfWorker(), first: lastOfFirst() } });
    opened.add(world.id);
    const { id, url, urls, credentials, apiKeys } = world;
    return { id, url, urls, credentials, apiKeys };
  }

  function closeWorld(id: string): ClosedView {
    const { world, before } = open.get(id)!;
    const journal = world.journal.list();
    const covered = world.coverage.report().filter(({ calls }) => calls > 0);
    const all = [
      ...journal,
      ...ofWorker.journal.list({ since: before.ofWorker }),
      ...mock.journal.list({ since: before.first }),
    ];
    opened.delete(id);
    free(id);
    return { journal, covered, unhandled: all.filter(({ operation }) => operation === undefined) };
  }
}

/** Calls `faults.add` of a world, or reads `journal.size`. */
function callMember(world: object, member: string[], args: unknown[]): unknown {
  const name = member.at(-1)!;
  const owner = member.slice(0, -1).reduce((value, key) => own(value, key) as object, world);
  const value = own(owner, name);
  return typeof value === "function" ? value.apply(owner, args) : value;
}

function own(value: object, key: string): unknown {
  if (!Object.hasOwn(value, key)) throw new Error(`A world has no ${key}.`);
  return (value as Record<string, unknown>)[key];
}

function free(id: string): void {
  open.get(id)?.world.delete();
  open.delete(id);
}

/** Says the id of a journal's last call. Entries are made when they are listed, so it lists each only once. */
function createLastId({ journal }: Pick<Mock, "journal">): () => number {
  let last = 0;
  return () => {
    if (journal.size > 0) last = journal.list({ since: last }).at(-1)?.id ?? last;
    return last;
  };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function end(): void {
  process.exit(0);
}

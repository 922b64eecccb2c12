import { type ChildProcess, fork } from "node:child_process";
import { hash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import { mockApiKeys } from "../../../mocks/mock.ts";
import { signByHand } from "../../sign-by-hand.ts";

/**
 * Registrations with pictures beside a bare `node:http` server and beside the passes that nobody can leave out, in
 * turns of one run: `node test/lab/bench/pictures.ts`. Six different pictures of random bytes, four connections.
 * Processor time says more than time on the clock where other programs run too.
 */
const rounds = 7;
const sizes = [200_000, 2_000_000, 8_000_000];

type Server = { name: string; child: ChildProcess; port: number };
type Cost = { cpu: number; clock: number };

const servers = [await start("bare"), await start("mock")];
for (const size of sizes) {
  const count = Math.max(16, Math.round(80_000_000 / size));
  const requests = servers.map(({ port }) => Array.from({ length: 6 }, () => registration(port, size)));
  const costs: Cost[][] = servers.map(() => []);
  for (let round = 0; round <= rounds; round++) {
    for (const [index, server] of servers.entries()) {
      const cost = await load(server, { requests: requests[index]!, count });
      // The first round warms up.
      if (round > 0) costs[index]!.push(cost);
    }
  }
  const [bare, mock] = costs as [Cost[], Cost[]];
  const ratio = (key: keyof Cost) => median(bare.map((cost, round) => cost[key] / mock[round]![key]));
  const passes = median(Array.from({ length: rounds }, () => unavoidable(size)));
  const cpu = median(mock.map((cost) => cost.cpu));
  const beyond = cpu / (median(bare.map((cost) => cost.cpu)) + passes);
  console.log(
    `${size} bytes: ${cpu.toFixed(2)} ms of processor time, ${ratio("cpu").toFixed(2)} of bare (by the clock ${ratio("clock").toFixed(2)}), ${beyond.toFixed(2)} times bare and the unavoidable passes`,
  );
}
for (const { child } of servers) child.disconnect();

async function start(name: string): Promise<Server> {
  const child = fork(new URL("picture-server.ts", import.meta.url), [name]);
  const [{ port }] = await once(child, "message");
  return { name, child, port };
}

function registration(port: number, size: number): Buffer {
  const face = randomBytes(Math.floor((size * 3) / 4)).toString("base64");
  const headers: [string, string][] = [
    ["Host", `127.0.0.1:${port}`],
    ["Content-Type", "application/json"],
    ["x-api-key", mockApiKeys[0]!],
  ];
  const date = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, "");
  const body = JSON.stringify({ face });
  return Buffer.from(signByHand({ method: "POST", target: "/v1/subjects", headers, body, date }).bytes);
}

/** Sends requests over four connections. @returns what each cost the server, in milliseconds. */
async function load(
  server: Server,
  { requests, count }: { requests: Buffer[]; count: number },
): Promise<Cost> {
  const before = await cpuOf(server);
  const began = performance.now();
  let left = count;
  const talk = async () => {
    const socket = connect(server.port, "127.0.0.1");
    while (left-- > 0) {
      socket.write(requests[left % requests.length]!);
      const [chunk] = (await once(socket, "data")) as [Buffer];
      if (!chunk.toString("latin1").startsWith("HTTP/1.1 201"))
        throw new Error(`${server.name}: ${chunk.toString().slice(0, 200)}`);
    }
    socket.destroy();
  };
  await Promise.all([talk(), talk(), talk(), talk()]);
  const clock = performance.now() - began;
  return { cpu: ((await cpuOf(server)) - before) / count, clock: clock / count };
}

async function cpuOf({ child }: Server): Promise<number> {
  child.send("cpu");
  const [{ user, system }] = await once(child, "message");
  return (user + system) / 1000;
}

/** The processor time of two hashes and one decoding, in milliseconds. */
function unavoidable(size: number): number {
  const text = randomBytes(Math.floor((size * 3) / 4)).toString("base64");
  const body = Buffer.from(text);
  const before = process.cpuUsage();
  for (let time = 0; time < 5; time++) {
    hash("sha256", body);
    hash("sha256", Buffer.from(text, "base64"));
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 5_000;
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

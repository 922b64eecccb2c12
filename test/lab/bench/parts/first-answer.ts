import { existsSync, globSync, readFileSync, rmSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { startable } from "../load/measure.ts";
import { register } from "../load/scenarios.ts";
import { type Contender, contenders, type Place, stockPrism } from "../servers/contenders.ts";
import { runNode } from "../servers/run-node.ts";
import { type Started, startServer } from "../servers/start-server.ts";

/** From the spawn of the process to its first correct response, a registration, in milliseconds. */
export type FirstResponseTimes = { name: string; ms: number[] };

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const manifest = JSON.parse(readFileSync(`${root}/package.json`, "utf8"));
const binary: string = manifest.bin.necid;

const mock = contenders.find(({ name }) => name === "mock, signed, strict")!;
const compiled: Contender = {
  ...mock,
  name: "mock, compiled package",
  start: (port, place) => {
    const { file, args } = mock.start!(port, place);
    return { file, args: [binary, ...args.slice(1)] };
  },
};
const started: Contender[] = [
  compiled,
  // Both versions are served; v1.1 is loaded with its first request.
  { ...compiled, name: "mock, compiled package, of v1.1", basePath: "/v1.1" },
  { ...mock, name: "mock, from source" },
  contenders.find(({ name }) => name === stockPrism)!,
];

/** Starts each some times, in turns, after compiling the package where it is older than its sources. */
export async function measureFirstResponses(options: {
  rounds: number;
  place: Place;
  env: NodeJS.ProcessEnv;
}): Promise<FirstResponseTimes[]> {
  const { rounds, place, env } = options;
  if (isStale()) await compile(env);
  const times: FirstResponseTimes[] = started.map(({ name }) => ({ name, ms: [] }));
  for (let round = 0; round < rounds; round++) {
    for (const [index, contender] of started.entries()) {
      const server = await startServer(startedOf(contender, place), { env });
      times[index]!.ms.push(server.firstResponseMs);
      // As whoever starts it does: a process that ends in order keeps its compiled code for the next start.
      await server.end("SIGTERM");
    }
  }
  return times;
}

/** A registration with v1.1 has an id of its event too, which the validators of v1 do not know. */
function startedOf(contender: Contender, place: Place): Started {
  const started = startable(contender, register, { place, subject: "" });
  if (contender.basePath !== "/v1.1") return started;
  return { ...started, isRight: ({ status, body }) => status === 201 && String(body).includes("eventId") };
}

function isStale(): boolean {
  const sources = globSync(["{contracts,mocks,tools,generated}/**/*.{ts,js,json}", "tsconfig*.json"], {
    cwd: root,
  });
  if (!existsSync(`${root}/${binary}`)) return true;
  const changed = (file: string) => statSync(`${root}/${file}`).mtimeMs;
  return sources.some((file) => changed(file) > changed(binary));
}

/** As `npm run build` does. Declarations that are there already would be input, and not be overwritten. */
async function compile(env: NodeJS.ProcessEnv): Promise<void> {
  rmSync(`${root}/dist`, { recursive: true, force: true });
  await runNode(["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"], { env });
}

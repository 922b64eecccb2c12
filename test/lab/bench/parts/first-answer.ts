import { existsSync, globSync, readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { startable } from "../load/measure.ts";
import { register } from "../load/scenarios.ts";
import { type Contender, contenders, type Place, stockPrism } from "../servers/contenders.ts";
import { runNode } from "../servers/run-node.ts";
import { startServer } from "../servers/start-server.ts";

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
      const server = await startServer(startable(contender, register, { place, subject: "" }), { env });
      times[index]!.ms.push(server.firstResponseMs);
      await server.end();
    }
  }
  return times;
}

function isStale(): boolean {
  const sources = globSync(["{contracts,mocks,tools,generated}/**/*.{ts,js,json}", "tsconfig*.json"], {
    cwd: root,
  });
  if (!existsSync(`${root}/${binary}`)) return true;
  const changed = (file: string) => statSync(`${root}/${file}`).mtimeMs;
  return sources.some((file) => changed(file) > changed(binary));
}

/** As `npm run build` does, without removing what is there: what a build leaves behind is not loaded. */
async function compile(env: NodeJS.ProcessEnv): Promise<void> {
  await runNode(["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"], { env });
}

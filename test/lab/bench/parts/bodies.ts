import { startable } from "../load/measure.ts";
import { requestBytes } from "../load/request-bytes.ts";
import { runLoad } from "../load/run-load.ts";
import { register, type Scenario } from "../load/scenarios.ts";
import { type Contender, contenders, type Place } from "../servers/contenders.ts";
import { startServer } from "../servers/start-server.ts";

/** How fast bodies of 8 MB are taken, one figure for each round. */
export type BodyTimes = {
  name: string;
  bodyBytes: number;
  megabytesPerSecond: number[];
  /** Resident set after the load; undefined where the system does not report it. */
  memoryBytes: (number | undefined)[];
};

const face = Buffer.alloc(6_000_000, "a picture of eight million letters; ").toString("base64");
const large: Scenario = { ...register, body: () => ({ face }) };
const measured: Contender[] = contenders.filter(({ name }) => /^bare|^mock, signed/.test(name));
const connections = 4;

/** Registers pictures of 8 MB of Base64, signed, over four connections: bare `node:http` and the mock in turns. */
export async function measureBodies(options: {
  rounds: number;
  warmUpMs: number;
  measuredMs: number;
  place: Place;
  env: NodeJS.ProcessEnv;
}): Promise<BodyTimes[]> {
  const { rounds, warmUpMs, measuredMs, place, env } = options;
  const body = JSON.stringify(large.body!(""));
  const times = measured.map(({ name }): BodyTimes => {
    return { name, bodyBytes: body.length, megabytesPerSecond: [], memoryBytes: [] };
  });
  for (let round = 0; round < rounds; round++) {
    for (const [index, contender] of measured.entries()) {
      const server = await startServer(startable(contender, large, { place, subject: "" }), { env });
      try {
        const { port } = server;
        const sent = { method: "POST", path: "/v1/subjects", body, signed: true };
        const request = requestBytes(sent, { port, now: Date.now() });
        const result = await runLoad({ port, request, status: 201, connections, warmUpMs, measuredMs });
        times[index]!.megabytesPerSecond.push((result.requestsPerSecond * body.length) / 1e6);
        times[index]!.memoryBytes.push(server.memory());
      } finally {
        await server.end();
      }
    }
  }
  return times;
}

import { setTimeout as after } from "node:timers/promises";
import { startable } from "../load/measure.ts";
import { requestBytes } from "../load/request-bytes.ts";
import { runLoad } from "../load/run-load.ts";
import { register } from "../load/scenarios.ts";
import { startServer } from "../servers/start-server.ts";
import { measured, type PictureOptions, pictureJob, runPictures } from "./pictures.ts";

/** How long small calls wait while large uploads are under way, one figure for each round. */
export type UploadTimes = {
  name: string;
  uploads: number;
  letters: number;
  uploadsPerSecond: number[];
  /** Of the small calls. */
  p50Ms: number[];
  p99Ms: number[];
  memoryBytes: (number | undefined)[];
};

const uploads = 32;
const letters = 5_000_000;
const smallConnections = 2;

/** Small registrations over two connections while 32 others upload pictures of 5 MB, one after the other. */
export async function measureUploads(options: PictureOptions): Promise<UploadTimes[]> {
  const { rounds, warmUpMs, measuredMs, place, env } = options;
  const times = measured.map(({ name }): UploadTimes => {
    return { name, uploads, letters, uploadsPerSecond: [], p50Ms: [], p99Ms: [], memoryBytes: [] };
  });
  for (let round = 0; round < rounds; round++) {
    for (const [index, contender] of measured.entries()) {
      const server = await startServer(startable(contender, register, { place, subject: "" }), { env });
      try {
        const { port } = server;
        const call = { path: "/subjects", property: "face", status: 201, letters };
        const job = pictureJob(call, contender, { port, connections: uploads });
        // The uploads begin before the small calls and end after them.
        const large = runPictures({ ...job, warmUpMs: 0, measuredMs: warmUpMs + measuredMs + 4000 });
        await after(2000);
        const body = JSON.stringify(register.body!(""));
        const request = requestBytes(
          { method: "POST", path: "/v1/subjects", body, signed: true },
          { port, now: Date.now() },
        );
        const load = { port, request, status: 201, connections: smallConnections };
        const small = await runLoad({ ...load, warmUpMs, measuredMs });
        const time = times[index]!;
        time.memoryBytes.push(server.memory());
        time.p50Ms.push(small.p50Ms);
        time.p99Ms.push(small.p99Ms);
        time.uploadsPerSecond.push((await large).requestsPerSecond);
      } finally {
        await server.end();
      }
    }
  }
  return times;
}

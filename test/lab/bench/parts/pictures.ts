import { hash, randomBytes } from "node:crypto";
import { callProcess } from "../load/call-process.ts";
import { LoadError, type LoadResult } from "../load/load.ts";
import { startable } from "../load/measure.ts";
import type { PictureJob } from "../load/picture-process.ts";
import { register } from "../load/scenarios.ts";
import { bare, type Contender, contenders, type Place } from "../servers/contenders.ts";
import { startServer } from "../servers/start-server.ts";

/** One kind of request with pictures of one size, at one contender; one figure for each round. */
export type PictureTimes = {
  call: string;
  /** Of the picture's Base64. */
  letters: number;
  name: string;
  requestsPerSecond: number[];
  p99Ms: number[];
  /** Of the server for each request; undefined where the system does not report it. */
  processorMs: (number | undefined)[];
  /** The passes over the same bytes that nobody can leave out, measured in the same round. */
  passesMs: number[];
  /** Resident set after the load, in bytes. */
  memoryBytes: (number | undefined)[];
  /** Why there are no figures. */
  refused?: string;
};

export type PictureOptions = {
  rounds: number;
  warmUpMs: number;
  measuredMs: number;
  place: Place;
  env: NodeJS.ProcessEnv;
};

type Call = { name: string; path: string; property: string; status: number; letters: number };

const connections = 4;
/** Search and verify find nobody: the pictures are of strangers. */
const calls: Call[] = [
  ...[200_000, 2_000_000, 8_000_000].map((letters) => ({
    ...{ name: "register", path: "/subjects", property: "face", status: 201, letters },
  })),
  { name: "extract", path: "/face/extract", property: "faces", status: 200, letters: 200_000 },
  { name: "search", path: "/face/search", property: "probe", status: 404, letters: 200_000 },
  { name: "verify", path: "/face/verify", property: "probe", status: 404, letters: 200_000 },
];

/** Prism and WireMock take registrations only: they keep no subject that could be found. */
const others = contenders.filter(({ name }) => name === "Prism CLI, silent" || name === "WireMock");
/** Who is measured with every call that has a picture. */
export const measured = contenders.filter(({ name }) => name === bare || name === "mock, signed, strict");

/**
 * Measures requests with photographs, signed, over four connections, each server in turns: six different pictures
 * of random bytes. `bare` reads and joins each body.
 */
export async function measurePictures({ rounds, ...options }: PictureOptions): Promise<PictureTimes[]> {
  const { java, wiremock } = options.place.peers;
  const present = others.filter(({ name }) => name !== "WireMock" || (java && wiremock));
  const turns = calls.flatMap((call) =>
    [...measured, ...(call.name === "register" ? present : [])].map((contender) => ({ call, contender })),
  );
  const times = turns.map(({ call, contender }): PictureTimes => {
    const figures = { requestsPerSecond: [], p99Ms: [], processorMs: [], passesMs: [], memoryBytes: [] };
    return { call: call.name, letters: call.letters, name: contender.name, ...figures };
  });
  for (let round = 0; round < rounds; round++) {
    for (const [index, { call, contender }] of turns.entries()) {
      const time = times[index]!;
      if (time.refused) continue;
      const passesMs = unavoidable(call.letters);
      try {
        const result = await measureCall(call, contender, options);
        time.passesMs.push(passesMs);
        time.requestsPerSecond.push(result.requestsPerSecond);
        time.p99Ms.push(result.p99Ms);
        time.processorMs.push(result.processorMs);
        time.memoryBytes.push(result.memoryBytes);
      } catch (error) {
        if (!others.includes(contender)) throw error;
        time.refused = (error as Error).message.split("\n")[0]!.slice(0, 120);
      }
    }
  }
  return times;
}

async function measureCall(call: Call, contender: Contender, options: Omit<PictureOptions, "rounds">) {
  const { place, env, warmUpMs, measuredMs } = options;
  const server = await startServer(startable(contender, register, { place, subject: "" }), { env });
  try {
    const { id } = JSON.parse(server.response.body) as { id: string };
    const job = pictureJob(call, contender, { port: server.port, connections, subject: id });
    await runPictures({ ...job, warmUpMs: 0, measuredMs: warmUpMs });
    const before = server.processorSeconds();
    const result = await runPictures({ ...job, warmUpMs: 0, measuredMs });
    const after = server.processorSeconds();
    const processorMs =
      before === undefined || after === undefined ? undefined : (1000 * (after - before)) / result.responses;
    return { ...result, processorMs, memoryBytes: server.memory() };
  } finally {
    await server.end();
  }
}

/** The job of one call. `subject` is the id that a verification names. */
export function pictureJob(
  { path, property, status, letters }: Omit<Call, "name">,
  { basePath, signed, name }: Contender,
  { port, connections, subject }: { port: number; connections: number; subject?: string },
): Omit<PictureJob, "warmUpMs" | "measuredMs"> {
  return {
    port,
    path: `${basePath}${path}`,
    signed,
    property,
    rest: path === "/face/verify" ? { id: subject } : {},
    letters,
    status: name === bare ? register.status : status,
    connections,
  };
}

/** Puts a server under load from a process of its own. */
export async function runPictures(job: PictureJob): Promise<LoadResult> {
  try {
    return await callProcess(new URL("../load/picture-process.ts", import.meta.url), job);
  } catch (error) {
    throw new LoadError((error as Error).message);
  }
}

/**
 * Processor time in milliseconds of what every server of this API must do with a body: hash it for the signature,
 * decode its UTF-8, parse its JSON, decode the picture's Base64, hash the picture.
 */
function unavoidable(letters: number): number {
  const picture = randomBytes(Math.floor((letters * 3) / 4)).toString("base64");
  const body = Buffer.from(JSON.stringify({ face: picture }));
  const times = Math.max(5, Math.round(20_000_000 / letters));
  const before = process.cpuUsage();
  for (let time = 0; time < times; time++) {
    hash("sha256", body);
    const { face } = JSON.parse(body.toString()) as { face: string };
    hash("sha256", Buffer.from(face, "base64"));
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / times;
}

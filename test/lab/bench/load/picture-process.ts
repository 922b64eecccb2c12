import { randomBytes } from "node:crypto";
import { serveProcess } from "./call-process.ts";
import { type LoadResult, load } from "./load.ts";
import { requestBytes } from "./request-bytes.ts";

/** Requests with a picture, over and over. */
export type PictureJob = {
  port: number;
  path: string;
  signed: boolean;
  /** The name of the property that holds the picture, and further properties. */
  property: string;
  rest: Record<string, unknown>;
  /** Of the picture's Base64. */
  letters: number;
  status: number;
  connections: number;
  warmUpMs: number;
  measuredMs: number;
};

const pictures = 6;

/** Six pictures of random bytes, in turns, so that no cache of anybody has them all the same. */
serveProcess<PictureJob, LoadResult>(async (job) => {
  const { port, path, signed, property, rest, letters } = job;
  const request = Array.from({ length: pictures }, () => {
    const picture = randomBytes(Math.floor((letters * 3) / 4)).toString("base64");
    const body = JSON.stringify({ [property]: picture, ...rest });
    const sent = { method: "POST", path, body, signed };
    return Buffer.from(requestBytes(sent, { port, now: Date.now() }), "latin1");
  });
  return load({ ...job, request });
});

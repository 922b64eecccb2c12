import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createSignedClient, type SignedClientOptions } from "../../contracts/client/client.ts";
import { createSignatureVerifier } from "../../mocks/gateway/signature.ts";
import { HttpRequest } from "../../mocks/http/request.ts";

/** Marked, so that a search for them in a message finds every leak. */
export const secrets = {
  accessKeyId: "AKIDCANARYKEYID",
  secretAccessKey: "canary/secret+access=key",
  sessionToken: "canary-session-token",
  apiKey: "canary-api-key",
};
export const now = Date.parse("2026-11-23T03:00:00Z");

type Unknown = { [name: string]: unknown };

/** A small API with every kind of response that the tests need. */
export type Paths = {
  "/subjects": {
    parameters: { path?: never };
    post: {
      parameters: { path?: never };
      requestBody: { content: { "application/json": { face: string } } };
      responses: {
        201: { headers: Unknown; content: { "application/json": { id: string } } };
        400: { headers: Unknown; content: { "application/json": { message: string; errorCode: number } } };
        403: { headers: Unknown; content: { "application/json": { message: string } } };
        404: { headers: Unknown; content?: never };
        413: { headers: Unknown; content: { "text/plain": string } };
      };
    };
  };
  "/subjects/{id}": {
    parameters: { path?: never };
    get: {
      parameters: { path: { id: string }; query?: Record<string, string | string[]> };
      responses: { 200: { headers: Unknown; content: { "application/json": { id: string } } } };
    };
    put: {
      parameters: { path: { id: string } };
      requestBody: { content: { "application/json": { face: string } } };
      responses: { 200: { headers: Unknown; content: { "application/json": { id: string } } } };
    };
    delete: {
      parameters: { path: { id: string } };
      responses: { 204: { headers: Unknown; content?: never } };
    };
  };
  "/face/search": {
    parameters: { path?: never };
    post: {
      parameters: { path?: never };
      requestBody: { content: { "application/json": { probe: string } } };
      responses: { 200: { headers: Unknown; content: { "application/json": { candidates: string[] } } } };
    };
  };
  "/health": {
    parameters: { path?: never };
    get: {
      parameters: { path?: never };
      responses: { 200: { headers: Unknown; content: { "application/json": { status: string } } } };
    };
  };
};

/** The result of a try: a response, a failure, or a function that decides. */
export type Step = Response | Error | ((request: Request) => Response | Promise<Response>);

/**
 * A client over a transport that takes `steps` in turn; the last one stays. `requests` and `waits` grow as
 * it is used, and the clock moves only with the waits.
 */
export function clientOver(steps: Step[], options: Partial<SignedClientOptions> = {}) {
  const requests: Request[] = [];
  const waits: number[] = [];
  let time = now;
  const client = createSignedClient<Paths>({
    ...secrets,
    baseUrl: "https://api.example.test/v1",
    clock: () => time,
    random: () => 0.5,
    sleep: async (ms) => {
      waits.push(ms);
      time += ms;
    },
    fetch: async (request) => {
      requests.push(request.clone());
      const step = steps[Math.min(requests.length, steps.length) - 1]!;
      if (step instanceof Error) throw step;
      return typeof step === "function" ? step(request) : step.clone();
    },
    ...options,
  });
  return { client, requests, waits };
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json", ...headers },
  });
}

/** As fetch rejects when a connection breaks. */
export function broken(code: string): Error {
  return new TypeError("fetch failed", { cause: Object.assign(new Error(code), { code }) });
}

/** A server on a free port of 127.0.0.1. */
export async function serve(
  handle: (request: IncomingMessage, response: ServerResponse, body: Buffer) => void,
) {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    handle(request, response, Buffer.concat(chunks));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

/** The independent verifier, on what arrived at a server. */
export function verifierAt(time: () => number) {
  const { accessKeyId, secretAccessKey, sessionToken } = secrets;
  const verify = createSignatureVerifier({
    region: "ap-southeast-2",
    service: "execute-api",
    credentials: (id) => (id === accessKeyId ? { secretAccessKey, sessionToken } : undefined),
    now: time,
  });
  return ({ method, url, rawHeaders }: IncomingMessage, body: Buffer) =>
    verify(new HttpRequest({ method: method!, target: url!, rawHeaders, body }));
}

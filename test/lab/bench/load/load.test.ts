import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { startMock } from "../../../../mocks/mock.ts";
import { exchangeRaw } from "../../../raw-http.ts";
import { load } from "./load.ts";
import { requestBytes } from "./request-bytes.ts";
import { runLoad } from "./run-load.ts";
import { register } from "./scenarios.ts";

const response = "HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}";
const servers: Server[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

test("counts each answer once, also when it comes in pieces", async () => {
  let served = 0;
  const port = await answering((socket) => {
    served++;
    socket.write(response.slice(0, 20));
    setImmediate(() => socket.write(response.slice(20)));
  });
  const { responses, requestsPerSecond, p50Ms, p99Ms } = await load({
    ...options(port),
    connections: 3,
    measuredMs: 1000,
  });
  expect(responses).toBeGreaterThan(0);
  expect(served - responses).toBeGreaterThanOrEqual(0);
  expect(served - responses).toBeLessThanOrEqual(3);
  expect(requestsPerSecond).toBeGreaterThan(0);
  expect(p99Ms).toBeGreaterThanOrEqual(p50Ms);
});

test.each<[string, { reply: (socket: Socket) => void; message: (port: number) => string }]>([
  [
    "another status",
    {
      reply: (socket) => socket.write("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\n{}"),
      message: (port) =>
        `Port ${port} should answer 201 and nothing after it, and sent: HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\n{}`,
    },
  ],
  [
    "more than the answer",
    {
      reply: (socket) => socket.write(`${response}!`),
      message: (port) => `Port ${port} should answer 201 and nothing after it, and sent: ${response}!`,
    },
  ],
  [
    "a closed connection",
    { reply: (socket) => socket.end(), message: (port) => `Port ${port} closed a connection under load.` },
  ],
  [
    "an answer without a length",
    {
      reply: (socket) => socket.write("HTTP/1.1 201 Created\r\n\r\n"),
      message: () =>
        'The answer "HTTP/1.1 201 Created" is not HTTP/1.1 with a Content-Length. Make the server send one.',
    },
  ],
])("fails at once on %s", async (_, { reply, message }) => {
  const port = await answering(reply);
  await expect(load(options(port))).rejects.toThrow(expect.objectContaining({ message: message(port) }));
});

test("a failure comes back from the process of its own", async () => {
  const port = await answering((socket) => socket.end());
  await expect(runLoad(options(port))).rejects.toThrow(`Port ${port} closed a connection under load.`);
});

test("the mock registers the same signed bytes more than once", async () => {
  const mock = await startMock();
  const body = JSON.stringify(register.body!(""));
  const sent = { method: "POST", path: "/v1/subjects", body, signed: true };
  const request = requestBytes(sent, { port: mock.port, now: Date.now() });
  const responses = [await exchangeRaw(mock.port, request), await exchangeRaw(mock.port, request)];
  await mock.close();
  expect(responses.map(({ status }) => status)).toEqual([201, 201]);
});

function options(port: number) {
  return {
    port,
    request: "GET / HTTP/1.1\r\n\r\n",
    status: 201,
    connections: 1,
    warmUpMs: 0,
    measuredMs: 50,
  };
}

/** A server that replies by hand to each chunk, which on loopback is a whole request. */
async function answering(reply: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.on("data", () => reply(socket));
  });
  servers.push(server);
  await once(server.listen(0, "127.0.0.1"), "listening");
  return (server.address() as AddressInfo).port;
}

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { sendRequest } from "../../../contracts/verify/wire.ts";

const running = new Set<ChildProcess>();
const open = new Set<TcpServer>();
afterEach(async () => {
  for (const child of running) child.kill("SIGKILL");
  for (const server of open) server.close();
  running.clear();
  open.clear();
});

async function listening(server: Server | TcpServer): Promise<number> {
  open.add(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

/** The port of a server that answers at once and closes, in a process of its own. */
async function otherProcess(): Promise<number> {
  const program = `require("http").createServer((request, response) => {
    response.writeHead(413, { connection: "close" });
    response.end("too large");
  }).listen(0, "127.0.0.1", function () { process.stdout.write(String(this.address().port)); });`;
  const child = spawn(process.execPath, ["-e", program], { stdio: ["ignore", "pipe", "inherit"] });
  running.add(child);
  const [port] = await once(child.stdout, "data");
  return Number(String(port));
}

const early: [who: string, port: () => Promise<number>][] = [
  ["another process", otherProcess],
  [
    "this process",
    () => listening(createServer((_, response) => void response.writeHead(413).end("too large"))),
  ],
  [
    "a server that resets the connection",
    () =>
      listening(
        createTcpServer((socket) => {
          socket.on("error", () => {});
          const answer = "HTTP/1.1 413 Too Large\r\nconnection: close\r\ncontent-length: 9\r\n\r\ntoo large";
          socket.once("data", () => socket.write(answer, () => socket.destroy()));
        }),
      ),
  ],
];

describe("a response that comes before a long body is sent, whose connection is closed", () => {
  test.each(early)("by %s, is read", async (_, start) => {
    const url = `http://127.0.0.1:${await start()}/v1/subjects`;
    const body = Buffer.alloc(10_500_000, "a");
    for (let time = 0; time < 10; time++) {
      const { status, body: text } = await sendRequest({ method: "POST", url, headers: [], body });
      expect([status, String(text)]).toEqual([413, "too large"]);
    }
  });
});

test("a connection that is closed without a response is an error, after some tries for a long body", async () => {
  let connections = 0;
  const port = await listening(
    createTcpServer((socket) => {
      connections++;
      socket.on("error", () => {});
      socket.once("data", () => socket.destroy());
    }),
  );
  const url = `http://127.0.0.1:${port}/`;
  const lost = (length: number) =>
    sendRequest({ method: "POST", url, headers: [], body: Buffer.alloc(length, "a") });
  const closed = { name: "NoResponseError", code: expect.stringMatching(/^(EPIPE|ECONNRESET)$/) };
  await expect(lost(10)).rejects.toMatchObject(closed);
  expect(connections).toBe(1);
  await expect(lost(30_000_000)).rejects.toMatchObject(closed);
  expect(connections).toBeGreaterThan(1);
});

test("a long body arrives whole", async () => {
  const received: Buffer[] = [];
  const port = await listening(
    createServer((request, response) => {
      request.on("data", (chunk: Buffer) => received.push(chunk)).on("end", () => response.end("done"));
    }),
  );
  const body = Buffer.from(Array.from({ length: 2_500_000 }, (_, at) => at % 251));
  const url = `http://127.0.0.1:${port}/`;
  const response = await sendRequest({ method: "POST", url, headers: [], body });
  expect([String(response.body), Buffer.concat(received).equals(body)]).toEqual(["done", true]);
});

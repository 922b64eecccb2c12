import { expect, test } from "vitest";
import { type Started, startServer } from "./start-server.ts";

const env = {};

test("starts a server, asks until it answers right, and ends it", async () => {
  const server = await startServer(answering("HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}"), { env });
  expect(server.response).toEqual({ status: 201, body: "{}" });
  expect(server.memory()).toBeGreaterThan(0);
  await server.end();
  await expect(fetch(`http://127.0.0.1:${server.port}/`)).rejects.toThrow("fetch failed");
});

test.each([
  ["another status", "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\n{}"],
  ["another body", "HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n[]"],
  ["a chunked answer", "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n"],
])("refuses %s", async (_, response) => {
  await expect(startServer(answering(response), { env })).rejects.toThrow(
    expect.objectContaining({
      code: "SERVER",
      message: expect.stringContaining(
        `X should answer 201 with {}, and answered ${response}. Look into it with: node -e`,
      ),
    }),
  );
});

test("names the exit code and the last words of a server that ends", async () => {
  const args = ["-e", "console.error('no port'); process.exit(3)"];
  const started = { ...answering(""), command: () => ({ file: process.execPath, args }) };
  await expect(startServer(started, { env })).rejects.toThrow(
    expect.objectContaining({
      code: "SERVER",
      message: `X should answer 201 with {}, and gave no answer and ended (exit code 3). Look into it with: node ${args.join(" ")}\nno port`,
    }),
  );
});

test("names a program that is not there", async () => {
  const started = { ...answering(""), command: () => ({ file: "no-such-program", args: ["-x"] }) };
  await expect(startServer(started, { env })).rejects.toThrow(
    "X should answer 201 with {}, and gave no answer and ended (spawn no-such-program ENOENT). Look into it with: no-such-program -x",
  );
});

test("ends a server that takes too long", async () => {
  const args = ["-e", "setInterval(() => {}, 1000)"];
  const started = { ...answering(""), command: () => ({ file: process.execPath, args }), tooLateMs: 300 };
  await expect(startServer(started, { env })).rejects.toThrow("gave no answer and ended (SIGKILL)");
});

/** A server that gives the same bytes to whatever is asked. */
function answering(response: string): Started {
  const reply = `socket.on('data', () => socket.write(${JSON.stringify(response)}))`;
  const source = `require('net').createServer((socket) => { ${reply} }).listen(process.argv[1], '127.0.0.1')`;
  return {
    name: "X",
    command: (port) => ({ file: process.execPath, args: ["-e", source, String(port)] }),
    request: () => "GET / HTTP/1.1\r\n\r\n",
    isRight: ({ status, body }) => status === 201 && body === "{}",
    wanted: "201 with {}",
  };
}

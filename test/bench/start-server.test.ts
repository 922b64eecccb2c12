import { expect, test } from "vitest";
import { startServer } from "./start-server.ts";

const path = "/v1/subjects";
const env = {};

test("starts a server, asks until it answers right, and ends it", async () => {
  const args = (port: number) => ["test/bench/bare.ts", String(port)];
  const server = await startServer({ name: "bare", path, args }, { env });
  expect(server.memory()).toBeGreaterThan(0);
  await server.end();
  await expect(fetch(`http://127.0.0.1:${server.port}/`)).rejects.toThrow("fetch failed");
});

test.each([
  ["another status", "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\n{}"],
  ["a body that breaks the contract", "HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}"],
  ["a body that is not JSON", "HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n<>"],
  ["a chunked answer", "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n"],
])("refuses %s", async (_, answer) => {
  const reply = `socket.on('data', () => socket.write(${JSON.stringify(answer)}))`;
  const source = `require('net').createServer((socket) => { ${reply} }).listen(process.argv[1], '127.0.0.1')`;
  await expect(
    startServer({ name: "X", path, args: (port) => ["-e", source, String(port)] }, { env }),
  ).rejects.toThrow(
    expect.objectContaining({
      code: "SERVER",
      message: expect.stringContaining(
        `X should answer 201 with a Subject, and answered ${answer}. Look into it`,
      ),
    }),
  );
});

test("names the exit code and the last words of a server that ends", async () => {
  const args = () => ["-e", "console.error('no port'); process.exit(3)"];
  await expect(startServer({ name: "X", path, args }, { env })).rejects.toThrow(
    expect.objectContaining({
      code: "SERVER",
      message: `X should answer 201 with a Subject, and gave no answer and ended (exit code 3). Look into it with: node ${args().join(" ")}\nno port`,
    }),
  );
});

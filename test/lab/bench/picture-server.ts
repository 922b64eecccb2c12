import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { startMock } from "../../../mocks/mock.ts";

/** A server of `pictures.ts`: `bare` reads and joins each body and responds, `mock` is the mock. */
const port = process.argv[2] === "bare" ? await startBare() : (await startMock()).port;
process.send!({ port });
process.on("message", () => process.send!(process.cpuUsage()));
process.on("disconnect", () => process.exit());

async function startBare(): Promise<number> {
  const body = Buffer.alloc(700, "x");
  const headers = { "Content-Type": "application/json", "Content-Length": body.length };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      Buffer.concat(chunks);
      response.writeHead(201, headers).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

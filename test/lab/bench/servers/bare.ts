import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { RecordedResponses } from "./record-responses.ts";

/**
 * The least that an HTTP server in Node can do: `node test/lab/bench/servers/bare.ts PORT FILE SCENARIO` reads each
 * request to its end, joins its body, and gives the response that FILE has for that scenario, whatever was asked.
 * What the mock takes beyond this is its own cost.
 */
const [port, file, scenario] = process.argv.slice(2);
const { responses } = JSON.parse(readFileSync(file!, "utf8")) as RecordedResponses;
const { status, body } = responses[scenario!]!;
const bytes = Buffer.from(body);
const headers = { "Content-Type": "application/json", "Content-Length": bytes.length };

createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.once("end", () => {
    if (chunks.length > 1) Buffer.concat(chunks);
    response.writeHead(status, headers);
    response.end(bytes);
  });
}).listen(Number(port), "127.0.0.1");

import { createServer } from "node:http";
import answers from "#generated/necid-v1/answers.json" with { type: "json" };

/**
 * The least that an HTTP server in Node can do: `node test/bench/bare.ts PORT` reads each request to its
 * end and answers 201 with the Subject of the contract. What the mock takes beyond this is its own cost.
 */
const subject = Buffer.from(JSON.stringify(answers.ApiSubjectsPost.statuses["201"][0]!.body));

createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.once("end", () => {
    response.writeHead(201, { "Content-Type": "application/json", "Content-Length": subject.length });
    response.end(subject);
  });
}).listen(Number(process.argv[2]), "127.0.0.1");

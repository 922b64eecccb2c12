import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { requestBytes } from "../load/request-bytes.ts";
import { runLoad } from "../load/run-load.ts";
import { type Started, startServer } from "../servers/start-server.ts";
import { largeContract, order, orderPath } from "./large-contract.ts";

/** What `necid mock --spec FILE` makes of a contract of one size, one figure for each round. */
export type ContractTimes = {
  operations: number;
  fileBytes: number;
  firstResponseMs: number[];
  /** Of one operation, the same one in every size. */
  requestsPerSecond: number[];
  /** Resident set after the load; undefined where the system does not report it. */
  memoryBytes: (number | undefined)[];
};

/** Serves generated contracts of several sizes, in turns, and places orders with the last resource of each. */
export async function measureContracts(
  sizes: number[],
  options: {
    rounds: number;
    connections: number;
    warmUpMs: number;
    measuredMs: number;
    folder: string;
    env: NodeJS.ProcessEnv;
  },
): Promise<ContractTimes[]> {
  const { rounds, connections, warmUpMs, measuredMs, folder, env } = options;
  const times = sizes.map((operations): ContractTimes => {
    const text = JSON.stringify(largeContract(operations), null, 2);
    writeFileSync(fileOf(operations), text);
    const fileBytes = Buffer.byteLength(text);
    return { operations, fileBytes, firstResponseMs: [], requestsPerSecond: [], memoryBytes: [] };
  });
  for (let round = 0; round < rounds; round++) {
    for (const time of times) {
      const started = serving(time.operations);
      const server = await startServer(started, { env });
      try {
        const { port } = server;
        const request = started.request(port);
        const result = await runLoad({ port, request, status: 201, connections, warmUpMs, measuredMs });
        time.firstResponseMs.push(server.firstResponseMs);
        time.requestsPerSecond.push(result.requestsPerSecond);
        time.memoryBytes.push(server.memory());
      } finally {
        await server.end();
      }
    }
  }
  return times;

  function fileOf(operations: number): string {
    return join(folder, `contract-${operations}.json`);
  }

  function serving(operations: number): Started {
    const sent = { method: "POST", path: orderPath(operations), body: JSON.stringify(order), signed: false };
    const mock = ["tools/commands/necid.ts", "mock", "--spec", fileOf(operations), "--quiet", "--port"];
    return {
      name: `A contract of ${operations} operations`,
      command: (port) => ({ file: process.execPath, args: [...mock, String(port)] }),
      request: (port) => requestBytes(sent, { port, now: 0 }),
      isRight: ({ status, body }) => status === 201 && body.includes(order.reference),
      wanted: "201 with the order",
      tooLateMs: 120_000,
    };
  }
}

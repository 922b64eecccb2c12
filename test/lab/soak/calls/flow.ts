import { createRandom } from "../../../../mocks/random/random.ts";
import { mockApiKeys } from "../../../../mocks/world/credentials.ts";
import { type Connection, ConnectionError, openConnection, type ReceivedResponse } from "../connection.ts";
import { ControlError, readControl } from "../control.ts";
import { createKnownSubjects, type KnownSubjects } from "../known-subjects.ts";
import { createTally, type Tally } from "../tally.ts";
import { createWriter } from "../write-request.ts";
import { type Client, newPicture, oneOf } from "./call.ts";
import { controlReads } from "./control-reads.ts";
import { planCall } from "./plan-call.ts";
import { register } from "./subject-calls.ts";

export type FlowOptions = {
  /** On 127.0.0.1. */
  port: number;
  /** How many are sent to the service, leg by leg; those to the control API come on top. */
  legs: number[];
  connections: number;
  /** The same seed, the same requests of each client; only which of them comes first differs. */
  seed: string;
  /** About how many are registered once the galleries are full. */
  subjects: number;
  /** 0 to 1: how many new pictures are photographs of 500 kB. */
  photographs: number;
  /** Called for each response: how long it took, and whether the request was a small one. */
  onResponse(ms: number, isSmall: boolean): void;
  /** Called after each leg, when every connection is closed; the next one waits for it. */
  onRest(): Promise<void>;
};

/**
 * Sends a mixed flow over keep-alive connections, each a client with subjects of its own, and checks every
 * answer by the clients' own model. A connection waits for its response before it asks again.
 *
 * @throws {ConnectionError} when the server cannot be reached any more.
 */
export async function runFlow(options: FlowOptions): Promise<{ tally: Tally; knownSubjects: KnownSubjects }> {
  const { port, legs, connections, onResponse, onRest } = options;
  const tally = createTally();
  const knownSubjects = createKnownSubjects();
  const write = createWriter(port);
  const clients = createClients(options, knownSubjects);
  for (const requests of legs) {
    const quota = (place: number) =>
      Math.floor(requests / connections) + Number(place < requests % connections);
    await Promise.all(clients.map((client, place) => live(client, quota(place))));
    await onRest();
  }
  return { tally, knownSubjects };

  async function live(client: Client, calls: number): Promise<void> {
    let connection = await openConnection(port);
    for (let made = 0; made < calls; made++) {
      if (client.random() < chances.control) await look(client, connection);
      if (client.random() < chances.breakOff) await breakOff(client);
      const leaves = client.random() < chances.leave;
      await ask(client, connection, leaves ? "close" : "keep-alive");
      if (client.random() < chances.hangUp) connection.close();
      if (connection.isOpen()) continue;
      connection = await openConnection(port);
      tally.aside.reopened++;
    }
    connection.close();
  }

  async function ask(client: Client, connection: Connection, after: "keep-alive" | "close"): Promise<void> {
    const { kind, call } = planCall(client);
    const request = write(client, call, after);
    const name = `${call.method} ${call.path}`;
    tally.sent(kind, request.length > largestSmall);
    const started = performance.now();
    try {
      const response = await connection.ask(request);
      onResponse(performance.now() - started, request.length <= largestSmall);
      tally.answered(kind, response, call.operation);
      const complaint = call.check(response) ?? (await endComplaint(response, connection, after));
      if (complaint !== undefined) tally.wrong(kind, `${name} answered with ${complaint}`);
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      tally.lost(kind, `${name}: ${error.message}`);
    }
  }

  async function look(client: Client, connection: Connection): Promise<void> {
    const { path, complaint } = oneOf(client, controlReads)!;
    tally.aside.controlCalls++;
    try {
      const found = complaint(await readControl(connection, path), client);
      if (found !== undefined) tally.wrong("control", `GET /__necid${path} reported ${found}`);
    } catch (error) {
      if (!(error instanceof ConnectionError || error instanceof ControlError)) throw error;
      tally.wrong("control", error.message);
    }
  }

  /** Half an upload on a connection of its own: nobody answers it, and nothing of it may stay. */
  async function breakOff(client: Client): Promise<void> {
    const call = register(client, newPicture(client, { form: "large" }));
    const request = write(client, call, "keep-alive");
    const connection = await openConnection(port);
    await connection.abandon(request.slice(0, request.length / 2));
    tally.aside.brokenOff++;
  }
}

/** For each request. */
const chances = { control: 1 / 4000, breakOff: 1 / 5000, leave: 1 / 1000, hangUp: 1 / 1000 };

/** Bytes of a request with its headers; those above carry a large picture. */
const largestSmall = 8192;

function createClients(
  { connections, seed, subjects, photographs }: FlowOptions,
  knownSubjects: KnownSubjects,
): Client[] {
  return Array.from({ length: connections }, (_, place) => {
    let serial = place;
    return {
      name: `soak-${place}`,
      application: 1 + (place % 2),
      apiKey: mockApiKeys[place % 2]!,
      otherApiKey: mockApiKeys[1 - (place % 2)]!,
      random: createRandom(`${seed} ${place}`),
      own: [],
      gone: [],
      enough: Math.ceil(subjects / connections),
      photographs,
      nextSerial: () => (serial += connections),
      knownSubjects,
    };
  });
}

/** Who asked for the connection's end gets it announced; for everybody else it goes on. */
async function endComplaint(
  { headers }: ReceivedResponse,
  connection: Connection,
  wanted: "keep-alive" | "close",
): Promise<string | undefined> {
  if (headers.get("connection") !== wanted) return `Connection: ${headers.get("connection")}`;
  if (wanted === "close") await connection.closed;
  return undefined;
}

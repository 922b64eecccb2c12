import { once } from "node:events";
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

type Passing = {
  target: string;
  /** From 1, for each request that is altered. */
  number: number;
  /** What the server answered. */
  status: number;
  rawHeaders: string[];
  body: string;
};

export type Alteration = {
  /** Which requests, by method and target: `POST /v1/face/verify`. */
  of: RegExp;
  /** Every how many-th of them. */
  every: number;
  /** What the client gets instead; `nothing` breaks the connection. */
  alter(passing: Passing): { status?: number; body?: string } | "nothing";
  /** Alters only what was answered with this status. */
  status?: number;
};

/** A server in front of the mock that answers wrongly now and then; `altered` counts how often. */
export async function openAlteringProxy(
  port: number,
  alteration: Alteration,
): Promise<{ port: number; altered(): number; close(): Promise<void> }> {
  const agent = new Agent({ keepAlive: true });
  let seen = 0;
  let altered = 0;
  const server = createServer((incoming, outgoing) => void pass(incoming, outgoing));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    altered: () => altered,
    async close() {
      agent.destroy();
      server.closeAllConnections();
      await once(server.close(), "close");
    },
  };

  async function pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method, url: target = "", rawHeaders } = incoming;
    try {
      const upload = await bytesOf(incoming);
      const upstream = request({ port, host: "127.0.0.1", method, path: target, headers: rawHeaders, agent });
      upstream.end(upload);
      const [response] = (await once(upstream, "response")) as [IncomingMessage];
      const body = (await bytesOf(response)).toString();
      const status = response.statusCode!;
      const matches = alteration.of.test(`${method} ${target}`) && status === (alteration.status ?? status);
      const isAltered = matches && ++seen % alteration.every === 0;
      const given = isAltered
        ? alteration.alter({ target, number: ++altered, status, rawHeaders: response.rawHeaders, body })
        : {};
      if (given === "nothing") return void incoming.socket.destroy();
      write(outgoing, response, { status, body, ...given });
    } catch {
      incoming.socket.destroy();
    }
  }
}

function write(
  outgoing: ServerResponse,
  { rawHeaders }: IncomingMessage,
  { status, body }: { status: number; body: string },
): void {
  const headers = rawHeaders.flatMap((name, place) =>
    place % 2 || /^(connection|keep-alive|date|content-length)$/i.test(name)
      ? []
      : [[name, rawHeaders[place + 1]!]],
  );
  const length = status === 204 ? [] : [["Content-Length", String(Buffer.byteLength(body))]];
  outgoing.writeHead(status, [...headers, ...length].flat());
  outgoing.end(body);
}

async function bytesOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk);
  return Buffer.concat(chunks);
}

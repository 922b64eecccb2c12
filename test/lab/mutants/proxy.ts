import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { PlannedCall } from "../../../contracts/verify/check.ts";
import type { Send } from "../../../contracts/verify/run/caller.ts";
import { buildRequest, type Target } from "../../../contracts/verify/run/target.ts";
import { type ReceivedResponse, sendRequest } from "../../../contracts/verify/wire.ts";

/** A call that passes the proxy. */
export type Passage = {
  planned: PlannedCall;
  /** Sends it on byte by byte, or another call in its place, signed anew. */
  send(other?: Partial<PlannedCall>): Promise<ReceivedResponse>;
};

/** Gives the response to a call: the one that came, another, or one of its own. */
export type Alter = (passage: Passage) => Promise<ReceivedResponse>;

/** Makes the way to a target on which every call is altered. */
export function proxy(target: Target, alter: Alter): Send {
  return (request, { planned, timeoutMs, signal }) =>
    alter({
      planned,
      send: (other) =>
        sendRequest(other ? buildRequest({ ...planned, ...other }, { target, now: Date.now() }) : request, {
          timeoutMs,
          signal,
        }),
    });
}

/** How a response is written on the wire: nothing of it is left once the response has been read. */
export type Writing = { headerCase?: "upper"; chunked?: boolean };

/** Opens a server in front of another that writes its responses in another way. */
export async function openRelay(
  upstream: string,
  { headerCase, chunked }: Writing,
): Promise<{ origin: string; close(): Promise<void> }> {
  const server = createServer(async (request, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { rawHeaders: raw } = request;
    const headers = raw.flatMap((name, at): [string, string][] => (at % 2 ? [] : [[name, raw[at + 1]!]]));
    const sent = headers.filter(([name]) => name.toLowerCase() !== "content-length");
    const body = chunks.length > 0 ? Buffer.concat(chunks) : undefined;
    const response = await sendRequest({
      method: request.method!,
      url: `${upstream}${request.url}`,
      headers: sent,
      body,
    });
    const ofConnection = ["connection", "keep-alive", ...(chunked ? ["content-length"] : [])];
    const kept = response.headers.filter(([name]) => !ofConnection.includes(name));
    outgoing.writeHead(
      response.status,
      kept.flatMap(([name, value]) => [headerCase ? name.toUpperCase() : name, value]),
    );
    outgoing.end(response.body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections();
      await once(server.close(), "close");
    },
  };
}

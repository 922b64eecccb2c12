import { mockCredentials } from "../../../mocks/world/credentials.ts";
import type { Call, Client } from "./calls/call.ts";
import { createSigner } from "./signer.ts";

/** Writes a call as the bytes of HTTP/1.1, one character for each, signed for now. */
export type WriteRequest = (client: Client, call: Call, connection: "keep-alive" | "close") => string;

export function createWriter(port: number): WriteRequest {
  const host = `127.0.0.1:${port}`;
  const sign = createSigner({ host, ...mockCredentials, now: Date.now });

  return (client, { method, path: below, body, prefer, forgery, ...call }, connection) => {
    const path = `/v1${below}`;
    const apiKey = call.apiKey === null ? undefined : (call.apiKey ?? client.apiKey);
    const contentType = body === undefined ? undefined : (call.contentType ?? "application/json");
    return [
      `${method} ${path} HTTP/1.1\r\nHost: ${host}\r\nAccept: application/json\r\n`,
      contentType === undefined ? "" : `Content-Type: ${contentType}\r\nContent-Length: ${body!.length}\r\n`,
      apiKey === undefined ? "" : `X-Api-Key: ${apiKey}\r\n`,
      prefer === undefined ? "" : `Prefer: ${prefer}\r\n`,
      connection === "close" ? "Connection: close\r\n" : "",
      sign({ method, path, body: body ?? "", contentType, apiKey, forgery }),
      `\r\n${body ?? ""}`,
    ].join("");
  };
}

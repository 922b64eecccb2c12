import { sign } from "../../../../contracts/signing.ts";
import { mockApiKeys, mockCredentials } from "../../../../mocks/world/credentials.ts";
import { wire } from "../../../sign-by-hand.ts";

/** What a request needs besides where it goes. */
export type Sent = { method: string; path: string; body?: string; signed: boolean };

/**
 * A request as the bytes of HTTP/1.1. The gateway knows no nonce: signed bytes are good for five minutes,
 * however often they are sent.
 *
 * @param options.now Unix time in milliseconds to sign for.
 */
export function requestBytes(
  { method, path, body, signed }: Sent,
  options: { port: number; now: number },
): string {
  const host = `127.0.0.1:${options.port}`;
  const headers = new Headers(body === undefined ? {} : { "content-type": "application/json" });
  const given = { method, url: `http://${host}${path}`, headers, body: Buffer.from(body ?? "") };
  const signature = signed
    ? sign(given, { ...mockCredentials, apiKey: mockApiKeys[0], now: options.now })
    : {};
  return wire({
    method,
    target: path,
    headers: [["host", host], ["accept", "application/json"], ...headers, ...Object.entries(signature)],
    body,
  });
}

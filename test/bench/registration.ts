import { sign } from "../../contracts/signing.ts";
import { mockApiKeys, mockCredentials } from "../../mocks/credentials.ts";
import { wire } from "../sign-by-hand.ts";

/**
 * A signed POST /subjects as the bytes of HTTP/1.1; its body has 199 bytes. The gateway knows no nonce:
 * the same bytes are good for five minutes.
 *
 * @param options.now Unix time in milliseconds to sign for.
 */
export function registration(options: { port: number; path: string; now: number }): string {
  const { port, path, now } = options;
  const host = `127.0.0.1:${port}`;
  const headers = new Headers({ "content-type": "application/json" });
  const signed = sign(
    { method: "POST", url: `http://${host}${path}`, headers, body: Buffer.from(body) },
    { ...mockCredentials, apiKey: mockApiKeys[0], now },
  );
  return wire({
    method: "POST",
    target: path,
    headers: [["host", host], ["accept", "application/json"], ...headers, ...Object.entries(signed)],
    body,
  });
}

/** What every contender is sent. */
export const body = JSON.stringify({
  face: Buffer.alloc(141, "necid-face:alice ").toString("base64"),
});

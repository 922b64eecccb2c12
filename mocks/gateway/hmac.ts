import { hash } from "node:crypto";

/** A key padded for `hmac`. It holds the secret. */
export type HmacKey = { readonly inner: Buffer; readonly outer: Buffer };

/** SHA-256 works on blocks of 64 bytes and gives 32. */
const block = 64;

/** Pads a key for the inner hash and for the outer one. */
export function hmacKey(secret: Buffer): HmacKey {
  const key = Buffer.alloc(block);
  (secret.length > block ? hash("sha256", secret, "buffer") : secret).copy(key);
  return {
    inner: Buffer.from(key.map((byte) => byte ^ 0x36)),
    outer: Buffer.concat([key.map((byte) => byte ^ 0x5c), Buffer.alloc(32)]),
  };
}

/**
 * HMAC-SHA-256 of a text in UTF-8, as hexadecimal, from two one-shot hashes.
 *
 * @see docs/decisions/0004-one-shot-hmac.md
 * @see https://www.rfc-editor.org/rfc/rfc2104#section-2
 */
export function hmac({ inner, outer }: HmacKey, text: string): string {
  const message = Buffer.allocUnsafe(block + Buffer.byteLength(text));
  inner.copy(message);
  message.write(text, block);
  // Bytes as latin1 text: a Buffer would cost more than the hash.
  outer.write(hash("sha256", message, "binary"), block, "latin1");
  return hash("sha256", outer, "hex");
}

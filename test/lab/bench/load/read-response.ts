/**
 * Reads the response at the start of what a connection has received so far: its status, and the number of
 * bytes it takes. Undefined while it is not whole.
 *
 * @throws {UncountableResponseError} when its length is not given by a Content-Length.
 * @see https://www.rfc-editor.org/rfc/rfc9112#section-6.3
 */
export function readResponse(received: Buffer): { status: number; length: number } | undefined {
  const headLength = received.indexOf("\r\n\r\n");
  if (headLength < 0) return undefined;
  const head = received.toString("latin1", 0, headLength);
  const status = Number(/^HTTP\/1\.1 ([2-5]\d\d)/.exec(head)?.[1]);
  const bodyLength = status === 204 ? 0 : Number(/\r\ncontent-length:[ \t]*(\d+)/i.exec(head)?.[1]);
  const length = headLength + 4 + bodyLength;
  if (Number.isNaN(status + length)) throw new UncountableResponseError(head.split("\r\n")[0]!);
  return received.length < length ? undefined : { status, length };
}

/** The load generator counts answers by their Content-Length and reads no other framing. */
export class UncountableResponseError extends Error {
  readonly code = "UNCOUNTABLE_ANSWER";
  readonly startLine: string;

  constructor(startLine: string) {
    super(
      `The answer "${startLine.slice(0, 80)}" is not HTTP/1.1 with a Content-Length. Make the server send one.`,
    );
    this.name = "UncountableResponseError";
    this.startLine = startLine;
  }
}

/** A request as it came from the wire: nothing decoded, nothing joined. */
export type RawRequest = {
  method: string;
  /** The request target as received, e.g. `/v1/subjects/a%20b?x=1`. */
  target: string;
  /** Names and values alternating, as in `IncomingMessage.rawHeaders` (each char is one byte, latin1). */
  rawHeaders: string[];
  body: Buffer;
};

/** An answer ready to be written: the body's bytes are final. */
export type Answer = { status: number; headers: Record<string, string>; body: Buffer | string | undefined };

/** A request as it came from the wire: nothing decoded, nothing joined. */
export type RawRequest = {
  method: string;
  /** The request target as received, e.g. `/v1/subjects/a%20b?x=1`. */
  target: string;
  /** Names and values alternating, as in `IncomingMessage.rawHeaders` (each char is one byte, latin1). */
  rawHeaders: string[];
  body: Buffer;
  /** Whether it came from this machine; the control API asks. Absent means yes (in process). */
  fromLoopback?: boolean;
};

/** How an answer travels, where that is not at once and whole. */
export type Delivery = {
  /** Wait this long before the first byte, in milliseconds. */
  delayMs?: number;
  /** Reset the connection instead: before the first byte, or in the middle of the body. */
  reset?: "before headers" | "in body";
  /** Send the body slowly, this many bytes a second. */
  bytesPerSecond?: number;
};

/** An answer ready to be written: the body's bytes are final. */
export type Answer = {
  status: number;
  headers: Record<string, string>;
  body: Buffer | string | undefined;
  delivery?: Delivery;
};

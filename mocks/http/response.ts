/** A response ready to be written: the body's bytes are final. */
export type HttpResponse = {
  status: number;
  headers: Record<string, string>;
  body: Buffer | string | undefined;
  delivery?: Delivery;
};

/** How a response is sent, where that is not at once and whole. */
export type Delivery = {
  /** Wait this long before the first byte, in milliseconds. */
  delayMs?: number;
  /** Reset the connection instead: before the first byte, or in the middle of the body. */
  reset?: "before headers" | "in body";
  /** Send the body slowly, this many bytes a second. */
  bytesPerSecond?: number;
};

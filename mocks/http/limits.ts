/** What one client may cost the server. Sizes in bytes, times in milliseconds. */
export type Limits = {
  /** The largest body; API Gateway's own limit. */
  body: number;
  /** The largest body below `/__necid/`, where a saved state may be sent. */
  controlBody: number;
  /** All bodies together that have begun and not ended. Beyond it, the one that began first is cut off. */
  unfinishedBodies: number;
  /** Request line and headers together. */
  headers: number;
  /** From the connection to the end of the headers. */
  headersMs: number;
  /** To the end of the whole request. */
  requestMs: number;
  /** How often the two above are checked. */
  checkMs: number;
  /** A connection without a byte: between two requests, or while the client reads no response. */
  idleMs: number;
  /** How long the rest of a refused upload is read and thrown away, so that the client sees the response. */
  lingerMs: number;
  /** How many requests of one connection wait for an earlier one before the server stops reading from it. */
  pipelined: number;
  /** Open ones, and as many that wait to be accepted, as far as the system allows it. */
  connections: number;
  /** A body from this size on is handled in a turn of its own, so that small requests wait for one of them only. */
  largeBody: number;
};

/** The largest body that API Gateway takes, in bytes. */
export const bodyLimit = 10_485_760;

export const defaultLimits: Limits = {
  body: bodyLimit,
  controlBody: 64 * 1024 * 1024,
  unfinishedBodies: 256 * 1024 * 1024,
  headers: 16 * 1024,
  headersMs: 20_000,
  requestMs: 60_000,
  checkMs: 2_000,
  idleMs: 65_000,
  lingerMs: 2_000,
  pipelined: 16,
  connections: 16_000,
  largeBody: 256 * 1024,
};

/** What one client may cost the server. Sizes in bytes, times in milliseconds. */
export type Limits = {
  /** The largest body; API Gateway's own limit. */
  body: number;
  /** The largest body below `/__necid/`, where a saved state may be sent. */
  controlBody: number;
  /** All bodies together that have begun and not ended; beyond it, the one begun first is cut off. */
  unfinishedBodies: number;
  /** Request line and headers together. */
  headers: number;
  /** Until the headers have come, counted from the connection on. */
  headersMs: number;
  /** Until the whole request has come. */
  requestMs: number;
  /** How often the two above are looked at. */
  checkMs: number;
  /** A connection on which nothing moves: between two requests, or while the client takes no answer. */
  idleMs: number;
  /** How long the rest of a refused upload is read and thrown away, so that the client sees the answer. */
  lingerMs: number;
  /** Requests that wait on one connection for the answer to an earlier one before reading from it pauses. */
  pipelined: number;
  connections: number;
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
};

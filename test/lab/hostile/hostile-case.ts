import type { Piece } from "./converse.ts";

/** One attack: what is sent and what may come back. */
export type HostileCase = {
  pieces: Piece[];
  /** Whole answers that are wanted; fewer are a fault unless the connection may end instead. */
  responses: number;
  /** Statuses that make sense; the body of each is held against its place as well. */
  statuses: number[];
  /** The contract's operation that the request reaches, where it reaches one. */
  operation?: string;
  /** After the last response, or instead of any, the server must end the connection. */
  closes?: boolean;
  /** The request may never be whole: the client goes after so many quiet milliseconds. */
  leavesAfterMs?: number;
  methods?: string[];
};

/** What a family of attacks draws from. */
export type HostileValues = {
  /** From 0 up to 1. */
  random: () => number;
  /** A whole number from `low` to `high`, both included. */
  between: (low: number, high: number) => number;
  pick: <T>(list: readonly T[]) => T;
  bytes: (length: number) => Buffer;
  /** A request that the gateway lets through to validation. */
  signed: (request: SignedRequest) => Signed;
};

export type SignedRequest = {
  method?: string;
  /** Below the base path. */
  path?: string;
  body?: Buffer | string;
  headers?: [string, string][];
  /** Leaves the framing of the body to the caller: no Content-Length is written. */
  unframed?: boolean;
};

export type Signed = { head: string; body: Buffer };

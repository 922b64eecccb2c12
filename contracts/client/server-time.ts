/**
 * Reads the gateway's time from a response that refuses the date of a signature: from its message,
 * `… (20180816T040829Z - 5 min.)`, or else from its `Date` header.
 *
 * @returns Unix time in milliseconds, or `undefined` for any other response.
 */
export function serverTime(response: { status: number; headers: Headers; body: string }): number | undefined {
  if (response.status !== 403 || response.body.length > longestRefusal) return undefined;
  const [refused, stamp] = refusedDate.exec(response.body) ?? [];
  if (refused === undefined) return undefined;
  const iso = stamp?.replace(/(....)(..)(..)T(..)(..)(..)Z/, "$1-$2-$3T$4:$5:$6Z");
  const time = Date.parse(iso ?? response.headers.get("date") ?? "");
  return Number.isNaN(time) ? undefined : time;
}

/** In characters. A refusal of the gateway has fewer than 500. */
const longestRefusal = 65_536;

const refusedDate = /"Signature (?:expired|not yet current): [^"(]*(?:\((\d{8}T\d{6}Z) [+-])?/;

/**
 * Reads the gateway's time (Unix milliseconds) from an answer that refuses a signature for its date;
 * `undefined` for every other answer.
 *
 * The time stands in the message, `… (20180816T040829Z - 5 min.)`, else in the `Date` header.
 *
 * @see the gateway's texts `Signature expired: …` and `Signature not yet current: …`
 */
export function serverTime(answer: { status: number; headers: Headers; body: string }): number | undefined {
  if (answer.status !== 403) return undefined;
  const [refused, stamp] = refusedDate.exec(answer.body) ?? [];
  if (refused === undefined) return undefined;
  const iso = stamp?.replace(/(....)(..)(..)T(..)(..)(..)Z/, "$1-$2-$3T$4:$5:$6Z");
  const time = Date.parse(iso ?? answer.headers.get("date") ?? "");
  return Number.isNaN(time) ? undefined : time;
}

const refusedDate = /"Signature (?:expired|not yet current): [^"(]*(?:\((\d{8}T\d{6}Z) [+-])?/;

import { type Latency, longestMs } from "./schemas.ts";

/** Draws no number for a fixed latency, one for a uniform one, two for a log-normal one. */
export function sampleLatency(latency: Latency, random: () => number): number {
  if ("ms" in latency) return latency.ms;
  if ("uniform" in latency) {
    const [from, to] = latency.uniform;
    return from + random() * (to - from);
  }
  const { median, sigma } = latency.logNormal;
  return Math.min(median * Math.exp(sigma * normal(random)), longestMs);
}

/** @see Box and Muller, A Note on the Generation of Random Normal Deviates, 1958 */
function normal(random: () => number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random()));
  return radius * Math.cos(2 * Math.PI * random());
}

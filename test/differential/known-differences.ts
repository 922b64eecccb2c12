import type { Case } from "./cases.ts";
import type { Answer, Aspect } from "./compare.ts";

/** Both answers to one request. */
export type Pair = Case & { gateway: boolean; ours: Answer; prism: Answer };

/** A difference that is meant. */
export type KnownDifference = {
  id: string;
  reason: string;
  aspects: Aspect[];
  /** As narrow as can be told from outside. */
  holds(pair: Pair): boolean;
};

/** All of them; whatever else differs is a fault of ours. */
export const knownDifferences: KnownDifference[] = [];

import { createRandom } from "../../../../mocks/random/random.ts";

/** Chance that can be repeated. */
export type Draw = {
  /** From 0 up to, not including, `count`. */
  below(count: number): number;
  of<Item>(items: readonly Item[]): Item;
  /** True so often, from 0 to 1. */
  chance(share: number): boolean;
  shuffled<Item>(items: readonly Item[]): Item[];
};

/** The same seed draws the same. */
export function createDraw(seed: string): Draw {
  const random = createRandom(seed);
  const below = (count: number) => Math.floor(random() * count);
  return {
    below,
    of: (items) => items[below(items.length)]!,
    chance: (share) => random() < share,
    shuffled(items) {
      const left = [...items];
      for (let last = left.length - 1; last > 0; last--) {
        const other = below(last + 1);
        [left[last], left[other]] = [left[other]!, left[last]!];
      }
      return left;
    },
  };
}

import { createMemory } from "./cache.ts";

/**
 * Keeps what a pure function answered to the latest texts. For work that many requests ask for with the same
 * text: one look into a map takes its place.
 *
 * @param options.most,options.longest how many texts are kept, and of how many characters.
 */
export function remembered<Answer>(
  of: (text: string) => Answer,
  { most = 1_000, longest = 500 } = {},
): (text: string) => Answer {
  const memory = createMemory<Answer>({ most, longest });
  return (text) => {
    const known = memory.get(text);
    if (known !== undefined) return known;
    const made = of(text);
    memory.set(text, made);
    return made;
  };
}

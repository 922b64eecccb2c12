/**
 * Keeps what a pure function answered, for as many texts as `limit` says; then it starts anew. For work that
 * many requests ask for with the same text: one look into a map takes its place.
 *
 * @param options.longest texts of more characters are not kept.
 */
export function remembered<Answer>(
  of: (text: string) => Answer,
  { limit = 1_000, longest = 500 } = {},
): (text: string) => Answer {
  const known = new Map<string, Answer>();
  return (text) => {
    if (text.length > longest) return of(text);
    const answer = known.get(text);
    if (answer !== undefined) return answer;
    const made = of(text);
    if (known.size >= limit) known.clear();
    known.set(text, made);
    return made;
  };
}

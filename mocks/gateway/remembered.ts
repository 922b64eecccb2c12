/**
 * Keeps what a pure function answered, for as many short texts as `limit` says; then it starts anew. For
 * work that many requests ask for with the same text: one look into a map takes its place.
 */
export function remembered<Answer>(of: (text: string) => Answer, limit = 1_000): (text: string) => Answer {
  const known = new Map<string, Answer>();
  return (text) => {
    const answer = known.get(text);
    if (answer !== undefined) return answer;
    const made = of(text);
    if (known.size >= limit) known.clear();
    if (text.length <= longest) known.set(text, made);
    return made;
  };
}

/** Nobody's large headers are kept. */
const longest = 500;

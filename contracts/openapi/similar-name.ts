/**
 * The known name that is closest to a given one, which was probably mistyped.
 *
 * Dashes at the start are no part of a name.
 *
 * @returns `undefined` where no name is close.
 * @example similarName("serch", ["search", "verify"]); // "search"
 */
export function similarName(given: string, known: readonly string[]): string | undefined {
  const [closest] = known
    .map((name) => ({ name, distance: editDistance(bare(given), bare(name)) }))
    .filter(
      ({ name, distance }) =>
        distance <= 3 && distance < 0.6 * Math.max(bare(given).length, bare(name).length),
    )
    .sort((a, b) => a.distance - b.distance);
  return closest?.name;
}

function bare(name: string): string {
  return name.replace(/^--?/, "");
}

/** How many letters must be changed, added or left out to make one text of the other. */
function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...one].entries()) {
    const next = [i + 1];
    for (const [j, otherLetter] of [...other].entries()) {
      next.push(Math.min(next[j]! + 1, row[j + 1]! + 1, row[j]! + Number(letter !== otherLetter)));
    }
    row = next;
  }
  return row.at(-1)!;
}

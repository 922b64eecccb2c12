import type { Face } from "./face.ts";
import { faceKey, highestStrangerScore, scoreOf, strangerScore } from "./score.ts";

/** What is kept of a face, enough to score it: neither the image nor what was measured in it. */
export type KnownFace = Pick<Face, "identity" | "photo" | "digest">;

/** A registered face. */
export type Subject = Readonly<KnownFace & { id: string }>;

/** A subject and how much it resembles the probe. */
type Candidate = { id: string; score: number };

/** The subjects of one application. */
export type Gallery = {
  readonly size: number;
  /** The id must be a new one. */
  add(id: string, face: KnownFace): Subject;
  get(id: string): Subject | undefined;
  /** Gives a subject another face and leaves it its place; `false` for an unknown id. */
  replace(id: string, face: KnownFace): boolean;
  /** `false` for an unknown id. */
  remove(id: string): boolean;
  /** Who scores at or above the threshold, best first, equals as they were registered; at most `limit`. */
  search(probe: KnownFace, options: { threshold: number; limit: number }): Candidate[];
  /** As they were registered. */
  list(): Iterable<Subject>;
  clear(): void;
};

/**
 * Makes an empty gallery. Nothing costs more in a large one, but for a search at a threshold that strangers
 * can reach: that looks at every subject once.
 */
export function createGallery(): Gallery {
  const entries = new Map<string, Entry>();
  /** The first entry of each identity, which leads to the others. */
  const people = new Map<string, Entry>();
  let registered = 0;

  return {
    get size() {
      return entries.size;
    },
    add(id, { identity, photo, digest }) {
      const order = registered++;
      const key = faceKey({ digest });
      const entry: Entry = { id, identity, photo, digest, key, order, previous: undefined, next: undefined };
      entries.set(id, entry);
      join(entry);
      return entry;
    },
    get: (id) => entries.get(id),
    replace(id, { identity, photo, digest }) {
      const entry = entries.get(id);
      if (!entry) return false;
      leave(entry);
      Object.assign(entry, { identity, photo, digest, key: faceKey({ digest }) });
      join(entry);
      return true;
    },
    remove(id) {
      const entry = entries.get(id);
      if (!entry) return false;
      leave(entry);
      return entries.delete(id);
    },
    search(probe, { threshold, limit }) {
      const key = faceKey(probe);
      const reachable = threshold > highestStrangerScore ? picturesOf(probe.identity) : entries.values();
      const best: Scored[] = [];
      for (const entry of reachable) {
        const samePerson = entry.identity === probe.identity;
        const score = samePerson ? scoreOf(probe, entry) : strangerScore(key, entry.key);
        if (score >= threshold) offer(best, { entry, score, limit });
      }
      return best.map(({ entry, score }) => ({ id: entry.id, score }));
    },
    list: () => entries.values(),
    clear() {
      entries.clear();
      people.clear();
    },
  };

  function* picturesOf(identity: string): Generator<Entry> {
    for (let entry = people.get(identity); entry; entry = entry.next) yield entry;
  }

  function join(entry: Entry): void {
    const next = people.get(entry.identity);
    if (next) next.previous = entry;
    entry.next = next;
    entry.previous = undefined;
    people.set(entry.identity, entry);
  }

  function leave({ identity, previous, next }: Entry): void {
    if (next) next.previous = previous;
    if (previous) previous.next = next;
    else if (next) people.set(identity, next);
    else people.delete(identity);
  }
}

type Entry = KnownFace & {
  id: string;
  key: number;
  order: number;
  /** Other entries of the same identity: a list in each entry is smaller than a set for each identity. */
  previous: Entry | undefined;
  next: Entry | undefined;
};
type Scored = { entry: Entry; score: number };

/** Keeps the best few in order; most of many are turned away by one comparison with the last. */
function offer(best: Scored[], { entry, score, limit }: Scored & { limit: number }): void {
  let place = best.length;
  while (place > 0 && precedes(entry, score, best[place - 1]!)) place--;
  if (place >= limit) return;
  best.splice(place, 0, { entry, score });
  if (best.length > limit) best.pop();
}

function precedes(entry: Entry, score: number, other: Scored): boolean {
  return score > other.score || (score === other.score && entry.order < other.entry.order);
}

import { hash } from "node:crypto";
import type { Face } from "./face.ts";
import { faceKey, fixedScore, highestStrangerScore, scoreOf, strangerScore } from "./score.ts";
import { createTags, type Tag, type Tags } from "./tags.ts";

/** What is kept of a face, enough to score it: neither the image nor what was measured in it. */
export type KnownFace = Pick<Face, "identity" | "photo" | "digest" | "like">;

/** A registered face. A subject has one or more of them, each an event; v1 knows only the first. */
export type Subject = Readonly<
  KnownFace & {
    /** The subject's id. */
    id: string;
    /** 1 for the first face of the subject, and so on. No number is given twice. */
    number: number;
    /** When the event was last changed, in seconds since the epoch. */
    updated: number;
    tags: ReadonlySet<Tag>;
    /** Its place among all events of the gallery. */
    order: number;
  }
>;

/** A subject and how much its best event resembles the probe. */
type Candidate = { id: string; score: number };

/** What to search for. `limit` counts subjects. With `tags`, only events with one of these count. */
type SearchOptions = { threshold: number; limit: number; tags?: ReadonlySet<Tag> };

/** A row of the list. */
export type ListedEvent = { id: string; eventId: string; deleted: boolean; updated: number };

/** An event that was deleted. */
type DeletedEvent = { id: string; number: number; updated: number; order: number };

/** What may be given with a face. `tags` that are left out stay as they are, and are none for a new event. */
export type EventOptions = { updated?: number; tags?: ReadonlySet<Tag> };

/** The subjects of one application. */
export type Gallery = {
  /** How many subjects there are. */
  readonly size: number;
  readonly tags: Tags;
  /** Adds a subject. The id must be a new one. */
  add(id: string, face: KnownFace, options?: EventOptions & { number?: number }): Subject;
  /** Adds an event to a subject; `undefined` for an unknown id. */
  addEvent(id: string, face: KnownFace, options?: EventOptions & { number?: number }): Subject | undefined;
  /** The first event of a subject. */
  get(id: string): Subject | undefined;
  /** The events of a subject, as they were registered. */
  eventsOf(id: string): readonly Subject[];
  /** Gives the first event of a subject another face and leaves it its place; `false` for an unknown id. */
  replace(id: string, face: KnownFace, options?: EventOptions): boolean;
  /** The same for an event of the subject; `undefined` where there is none. */
  replaceEvent(id: string, eventId: string, face: KnownFace, options?: EventOptions): Subject | undefined;
  /** Removes a subject with its events; `false` for an unknown id. */
  remove(id: string, updated?: number): boolean;
  /** Removes an event, and the subject with its last one; `false` where there is none. */
  removeEvent(id: string, eventId: string, updated?: number): boolean;
  /** Who scores at or above the threshold, best first, equals as they were registered; at most `limit`. */
  search(probe: KnownFace, options: SearchOptions): Candidate[];
  /** The same with the events at or above the threshold, best first. */
  searchEvents(probe: KnownFace, options: SearchOptions): (Candidate & { events: Candidate[] })[];
  /** The last number that an event of the subject got; 0 for an unknown id. */
  lastNumber(id: string): number;
  /** Lets the next event of a subject have a number above this one. */
  numberFrom(id: string, last: number): void;
  /** The best score of a subject; `undefined` for an unknown id. */
  score(id: string, probe: KnownFace): number | undefined;
  /** The first events of the subjects, as they were registered. */
  list(): Iterable<Subject>;
  /** All events, deleted ones included, as they were registered. */
  listEvents(): ListedEvent[];
  readonly deleted: readonly DeletedEvent[];
  /** Lists the subjects in this order from now on. It differs from that of their events where a first one is gone. */
  sortSubjects(ids: readonly string[]): void;
  /** Puts an event into the list that was deleted before. */
  addDeleted(event: Omit<DeletedEvent, "order">): void;
  clear(): void;
};

/** The id of an event follows from its subject, so that v1, which does not show it, need not keep it. */
export function eventIdOf({ id, number }: Pick<Subject, "id" | "number">): string {
  const digits = hash("sha256", `${id} ${number}`);
  return `eventguid-${digits.slice(0, 4)}-${digits.slice(4, 8)}-${digits.slice(8, 12)}-${digits.slice(12, 24)}`;
}

/**
 * Makes an empty gallery. Nothing costs more in a large one, but for the list, and for a search at a threshold
 * that strangers can reach: these look at every event once.
 */
export function createGallery(): Gallery {
  /** The first event of each subject. */
  const entries = new Map<string, Entry>();
  /** The first entry of each identity, which leads to the others. */
  const people = new Map<string, Entry>();
  /** Those whose card fixes a score. */
  const lookAlikes = new Set<Entry>();
  /** Most galleries never have any. */
  let tags: Tags | undefined;
  let deleted: DeletedEvent[] = [];
  let registered = 0;
  /** How many subjects have several events. While it is 0, a subject is its only event. */
  let several = 0;

  return {
    get size() {
      return entries.size;
    },
    get tags() {
      tags ??= createTags();
      return tags;
    },
    add(id, face, { number = 1, ...options } = {}) {
      const entry = open(id, face, { number, ...options });
      entries.set(id, entry);
      join(entry);
      return entry;
    },
    addEvent(id, face, options = {}) {
      const first = entries.get(id);
      if (!first) return undefined;
      const number = options.number ?? lastNumber(first) + 1;
      const entry = open(id, face, { ...options, number });
      const others = othersOf(first);
      others.events.push(entry);
      others.last = Math.max(others.last, number);
      join(entry);
      return entry;
    },
    get: (id) => entries.get(id),
    eventsOf,
    replace(id, face, options) {
      const entry = entries.get(id);
      if (entry) change(entry, face, options);
      return entry !== undefined;
    },
    replaceEvent(id, eventId, face, options) {
      const entry = eventOf(id, eventId);
      if (entry) change(entry, face, options);
      return entry;
    },
    remove(id, updated) {
      const events = eventsOf(id);
      if (events.length === 0) return false;
      for (const entry of events) {
        leave(entry);
        keepDeleted(entry, updated);
      }
      if (events[0]!.others) several -= 1;
      return entries.delete(id);
    },
    removeEvent(id, eventId, updated) {
      const first = entries.get(id);
      const entry = eventOf(id, eventId);
      if (!first || !entry) return false;
      leave(entry);
      keepDeleted(entry, updated);
      const others = first.others;
      if (entry !== first) others!.events.splice(others!.events.indexOf(entry), 1);
      else if (others?.events.length) replaceFirst(first, others);
      else {
        if (others) several -= 1;
        entries.delete(id);
      }
      return true;
    },
    search: (probe, options) => searchBest(probe, options).map(candidateOf),
    searchEvents: (probe, options) =>
      searchBest(probe, options).map((scored) => ({ ...candidateOf(scored), events: eventsIn(scored) })),
    lastNumber(id) {
      const first = entries.get(id);
      return first ? lastNumber(first) : 0;
    },
    numberFrom(id, last) {
      const first = entries.get(id);
      if (first && last > lastNumber(first)) othersOf(first).last = last;
    },
    score(id, probe) {
      let best: number | undefined;
      for (const entry of eventsOf(id)) best = Math.max(best ?? 0, scoreOf(probe, entry));
      return best;
    },
    list: () => entries.values(),
    listEvents() {
      const rows = Array.from(allEvents(), (entry) => ({ ...rowOf(entry), deleted: false }));
      const gone = deleted.map((entry) => ({ ...rowOf(entry), deleted: true }));
      return [...rows, ...gone]
        .sort((one, other) => one.order - other.order)
        .map(({ order: _, ...row }) => row);
    },
    get deleted() {
      return deleted;
    },
    addDeleted(event) {
      deleted.push({ ...event, order: registered++ });
    },
    sortSubjects(ids) {
      for (const id of ids) {
        const entry = entries.get(id);
        if (!entry) continue;
        entries.delete(id);
        entries.set(id, entry);
      }
    },
    clear() {
      entries.clear();
      people.clear();
      lookAlikes.clear();
      tags?.clear();
      deleted = [];
      several = 0;
    },
  };

  function open(
    id: string,
    { identity, photo, digest, like }: KnownFace,
    { number, updated = 0, tags = noTags }: EventOptions & { number: number },
  ): Entry {
    const order = registered++;
    const key = faceKey({ digest });
    const links = { previous: undefined, next: undefined, others: undefined };
    return {
      id,
      identity,
      photo,
      digest,
      ...(like && { like }),
      key,
      order,
      number,
      updated,
      tags,
      ...links,
    };
  }

  function othersOf(first: Entry): NonNullable<Entry["others"]> {
    if (!first.others) {
      first.others = { events: [], last: first.number };
      several += 1;
    }
    return first.others;
  }

  function change(
    entry: Entry,
    { identity, photo, digest, like }: KnownFace,
    { updated, tags }: EventOptions = {},
  ): void {
    leave(entry);
    Object.assign(entry, { identity, photo, digest, like, key: faceKey({ digest }) });
    if (updated !== undefined) entry.updated = updated;
    if (tags) entry.tags = tags;
    join(entry);
  }

  function searchBest(probe: KnownFace, { threshold, limit, tags }: SearchOptions): Scored[] {
    const key = faceKey(probe);
    const reachable =
      threshold > highestStrangerScore ? alike(probe) : several === 0 ? entries.values() : allEvents();
    const best: Scored[] = [];
    const grouped = new Map<string, Scored>();
    for (const entry of reachable) {
      if (tags && !sharesTag(entry.tags, tags)) continue;
      const samePerson = entry.identity === probe.identity;
      const isFixed = probe.like || entry.like;
      const score = samePerson || isFixed ? scoreOf(probe, entry) : strangerScore(key, entry.key);
      if (score < threshold) continue;
      if (several === 0) offer(best, { entry, score }, limit);
      else group(grouped, entry, score);
    }
    for (const candidate of grouped.values()) offer(best, candidate, limit);
    return best;
  }

  function eventsOf(id: string): Entry[] {
    const first = entries.get(id);
    if (!first) return [];
    return first.others ? [first, ...first.others.events] : [first];
  }

  function eventOf(id: string, eventId: string): Entry | undefined {
    return eventsOf(id).find((entry) => eventIdOf(entry) === eventId);
  }

  /** The next event takes the place of the first one, in the list of subjects too. */
  function replaceFirst(first: Entry, { events, last }: NonNullable<Entry["others"]>): void {
    const [next, ...rest] = events;
    next!.others = { events: rest, last };
    entries.set(first.id, next!);
  }

  function keepDeleted({ id, number, updated, order }: Entry, at: number | undefined): void {
    deleted.push({ id, number, updated: at ?? updated, order });
    // Not one by one: that would move all the others each time.
    if (deleted.length >= 2 * mostDeleted) deleted = deleted.slice(-mostDeleted);
  }

  /** The best event makes the score of a subject, the first one its place among equals. */
  function group(grouped: Map<string, Scored>, entry: Entry, score: number): void {
    const known = grouped.get(entry.id);
    const event = { entry, score };
    if (!known) grouped.set(entry.id, { entry: entries.get(entry.id)!, score, events: [event] });
    else {
      known.score = Math.max(known.score, score);
      known.events!.push(event);
    }
  }

  function* allEvents(): Generator<Entry> {
    for (const entry of entries.values()) {
      yield entry;
      if (entry.others) yield* entry.others.events;
    }
  }

  /** Who can score more than a stranger. */
  function alike(probe: KnownFace): Iterable<Entry> {
    if (!probe.like && lookAlikes.size === 0) return picturesOf(probe.identity);
    const resembled = probe.like ? picturesOf(probe.like.identity) : [];
    const resembling = [...lookAlikes].filter((entry) => fixedScore(entry, probe) !== undefined);
    return new Set([...picturesOf(probe.identity), ...resembled, ...resembling]);
  }

  function* picturesOf(identity: string): Generator<Entry> {
    for (let entry = people.get(identity); entry; entry = entry.next) yield entry;
  }

  function join(entry: Entry): void {
    const next = people.get(entry.identity);
    if (next) next.previous = entry;
    entry.next = next;
    entry.previous = undefined;
    people.set(entry.identity, entry);
    if (entry.like) lookAlikes.add(entry);
  }

  function leave(entry: Entry): void {
    const { identity, previous, next } = entry;
    lookAlikes.delete(entry);
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
  number: number;
  updated: number;
  tags: ReadonlySet<Tag>;
  /** Other entries of the same identity: a list in each entry is smaller than a set for each identity. */
  previous: Entry | undefined;
  next: Entry | undefined;
  /** The further events of a subject, at its first one, and the last number that was given. */
  others: { events: Entry[]; last: number } | undefined;
};
/** A subject, by its first event. Without `events` it is its only one. */
type Scored = { entry: Entry; score: number; events?: { entry: Entry; score: number }[] };

const noTags: ReadonlySet<Tag> = new Set();
/** So that a long run does not fill the memory. At times twice as many are kept. */
const mostDeleted = 2_000;

function lastNumber({ number, others }: Entry): number {
  return others?.last ?? number;
}

function sharesTag(one: ReadonlySet<Tag>, other: ReadonlySet<Tag>): boolean {
  for (const tag of one) if (other.has(tag)) return true;
  return false;
}

function rowOf({ id, number, updated, order }: DeletedEvent) {
  return { id, eventId: eventIdOf({ id, number }), updated, order };
}

function candidateOf({ entry, score }: Scored): Candidate {
  return { id: entry.id, score };
}

function eventsIn({ entry, score, events = [{ entry, score }] }: Scored): Candidate[] {
  return events
    .toSorted((one, other) => other.score - one.score || one.entry.order - other.entry.order)
    .map((event) => ({ id: eventIdOf(event.entry), score: event.score }));
}

/** Keeps the best few in order; most of many are turned away by one comparison with the last. */
function offer(best: Scored[], candidate: Scored, limit: number): void {
  const { entry, score } = candidate;
  let place = best.length;
  while (place > 0 && precedes(entry, score, best[place - 1]!)) place--;
  if (place >= limit) return;
  best.splice(place, 0, candidate);
  if (best.length > limit) best.pop();
}

function precedes(entry: Entry, score: number, other: Scored): boolean {
  return score > other.score || (score === other.score && entry.order < other.entry.order);
}

import { hexDigits } from "../random/random.ts";
import { type BulkJob, type BulkJobs, createBulkJobs } from "./bulk-jobs.ts";
import { createGallery, type EventOptions, type Gallery, type KnownFace, type Subject } from "./gallery.ts";

/** The galleries of one world, by API key. An id is in no more than one of them. */
export type Galleries = {
  /** The gallery of an API key; an empty one when nobody was registered with it. */
  of(apiKey: string): Gallery;
  /** The gallery of an API key, kept from now on. */
  open(apiKey: string): Gallery;
  /** Adds a face under a new id. */
  register(apiKey: string, face: KnownFace, options?: EventOptions): Subject;
  /** Adds a face under an id that was not drawn here, to one of the world's own galleries. */
  put(own: number, id: string, face: KnownFace, options?: EventOptions & { number?: number }): void;
  /** The bulk registrations of all galleries. */
  readonly jobs: BulkJobs;
  /** Registers what bulk registrations have due at this time. @returns whether anything was. */
  advance(now: number): boolean;
  /** Those of one of the world's own galleries. */
  jobsOf(own: number): BulkJob[];
  /** Continues a bulk registration that was saved. */
  putJob(own: number, job: Omit<BulkJob, "application" | "processed">): void;
  /** Those of the world's own API keys, in their order. */
  readonly own: readonly Gallery[];
  isTaken(id: string): boolean;
  /** An id that nobody has, and that is none of those reserved. */
  newId(reserved?: ReadonlySet<string>): string;
  clear(): void;
};

/**
 * Makes an empty gallery for each API key. Other keys get here when authentication is not strict: each has
 * a gallery from its first registration on, and of more than a thousand the oldest is dropped.
 */
export function createGalleries(options: { apiKeys: string[]; random: () => number }): Galleries {
  /** Those of the world's own API keys that were used. Most tests use one. */
  const own = new Map<string, Gallery>();
  const others = new Map<string, Gallery>();
  /** Those that `put` brought. Ids that are drawn differ from each other by their 96 bits. */
  const given = new Set<string>();
  /** Most worlds never have any. */
  let jobs: BulkJobs | undefined;

  return {
    of,
    open,
    register,
    put(place, id, face, event) {
      given.add(id);
      of(options.apiKeys[place]!).add(id, face, event);
    },
    get jobs() {
      return openJobs();
    },
    advance: (now) => jobs?.advance(now) ?? false,
    jobsOf: (place) => jobs?.list().filter(({ application }) => application === options.apiKeys[place]) ?? [],
    putJob(place, job) {
      const waiting = job.records.findIndex(({ result }) => result === undefined);
      const processed = waiting < 0 ? job.records.length : waiting;
      openJobs().put({ ...job, application: options.apiKeys[place]!, processed });
    },
    get own() {
      return options.apiKeys.map(of);
    },
    isTaken,
    newId,
    clear() {
      for (const gallery of own.values()) gallery.clear();
      others.clear();
      given.clear();
      jobs?.clear();
    },
  };

  function openJobs(): BulkJobs {
    jobs ??= createBulkJobs({ random: options.random, register });
    return jobs;
  }

  function register(apiKey: string, face: KnownFace, event?: EventOptions): Subject {
    return open(apiKey).add(newId(), face, event);
  }

  function open(apiKey: string): Gallery {
    const gallery = of(apiKey);
    if (!options.apiKeys.includes(apiKey)) keep(apiKey, gallery);
    return gallery;
  }

  function of(apiKey: string): Gallery {
    const known = own.get(apiKey) ?? others.get(apiKey);
    if (known) return known;
    const gallery = createGallery();
    if (options.apiKeys.includes(apiKey)) own.set(apiKey, gallery);
    return gallery;
  }

  function keep(apiKey: string, gallery: Gallery): void {
    others.set(apiKey, gallery);
    if (others.size > mostOthers) others.delete(others.keys().next().value!);
  }

  function isTaken(id: string): boolean {
    for (const gallery of own.values()) if (gallery.get(id)) return true;
    for (const gallery of others.values()) if (gallery.get(id)) return true;
    return false;
  }

  /** A state saved by an earlier run with the same seed holds just what the sequence gives again. */
  function newId(reserved?: ReadonlySet<string>): string {
    let id = drawId(options.random);
    while (given.has(id) || reserved?.has(id)) id = drawId(options.random);
    return id;
  }
}

/** An id as the service gives it. */
export function drawId(random: () => number): string {
  const digits = hexDigits(random, 24);
  return `necidguid-${digits.slice(0, 4)}-${digits.slice(4, 8)}-${digits.slice(8, 12)}-${digits.slice(12)}`;
}

const mostOthers = 1000;

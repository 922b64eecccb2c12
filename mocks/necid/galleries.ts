import { hexDigits } from "../random/random.ts";
import { createGallery, type Gallery, type KnownFace, type Subject } from "./gallery.ts";

/** The galleries of one world, by API key. An id is in no more than one of them. */
export type Galleries = {
  /** The gallery of an API key; an empty one when nobody was registered with it. */
  of(apiKey: string): Gallery;
  /** Adds a face under a new id. */
  register(apiKey: string, face: KnownFace): Subject;
  /** Adds a face under an id that was not drawn here, to one of the world's own galleries. */
  put(own: number, id: string, face: KnownFace): void;
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
  const own = new Map(options.apiKeys.map((apiKey) => [apiKey, createGallery()]));
  const galleries = [...own.values()];
  const others = new Map<string, Gallery>();
  /** Those that `put` brought. Ids that are drawn differ from each other by their 96 bits. */
  const given = new Set<string>();

  return {
    of,
    register(apiKey, face) {
      const gallery = of(apiKey);
      if (!own.has(apiKey)) keep(apiKey, gallery);
      return gallery.add(newId(), face);
    },
    put(place, id, face) {
      given.add(id);
      galleries[place]!.add(id, face);
    },
    own: galleries,
    isTaken,
    newId,
    clear() {
      for (const gallery of own.values()) gallery.clear();
      others.clear();
      given.clear();
    },
  };

  function of(apiKey: string): Gallery {
    return own.get(apiKey) ?? others.get(apiKey) ?? createGallery();
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

function drawId(random: () => number): string {
  const digits = hexDigits(random, 24);
  return `necidguid-${digits.slice(0, 4)}-${digits.slice(4, 8)}-${digits.slice(8, 12)}-${digits.slice(12)}`;
}

const mostOthers = 1000;

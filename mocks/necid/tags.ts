/** A tag of a gallery. Events refer to it, so that a new name is theirs too. `undefined` is the name of a deleted one. */
export type Tag = { name: string | undefined };

/** The tags of one gallery. */
export type Tags = {
  /** The names, in the order in which the tags were created. */
  names(): string[];
  /** The tags of these names, or the first name that no tag has. */
  find(names: readonly string[]): { tags: ReadonlySet<Tag> } | { unknown: string };
  has(name: string): boolean;
  readonly isFull: boolean;
  /** The name must be a new one, and the gallery not full. */
  create(name: string): void;
  /** The new name must be a new one; `false` for an unknown tag. */
  rename(name: string, newName: string): boolean;
  /** `false` for an unknown tag. */
  remove(name: string): boolean;
  clear(): void;
};

/** The documented limit of a gallery. */
export const mostTags = 64;

/** Makes a gallery's empty list of tags. */
export function createTags(): Tags {
  let tags: Tag[] = [];
  const named = (name: string) => tags.find((tag) => tag.name === name);
  return {
    names: () => tags.map((tag) => tag.name!),
    find(names) {
      const found = new Set<Tag>();
      for (const name of names) {
        const tag = named(name);
        if (!tag) return { unknown: name };
        found.add(tag);
      }
      return { tags: found };
    },
    has: (name) => named(name) !== undefined,
    get isFull() {
      return tags.length >= mostTags;
    },
    create(name) {
      tags.push({ name });
    },
    rename(name, newName) {
      const tag = named(name);
      if (tag) tag.name = newName;
      return tag !== undefined;
    },
    remove(name) {
      const tag = named(name);
      if (!tag) return false;
      tags = tags.filter((other) => other !== tag);
      tag.name = undefined;
      return true;
    },
    clear() {
      tags = [];
    },
  };
}

/** The names of an event's tags, without those that were deleted. */
export function namesOf(tags: ReadonlySet<Tag>): string[] {
  return Array.from(tags, ({ name }) => name).filter((name) => name !== undefined);
}

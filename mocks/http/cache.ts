import { LRUCache } from "lru-cache";

/** Values by key. */
export type Cache<Key, Value> = { get(key: Key): Value | undefined; set(key: Key, value: Value): void };

/**
 * Creates a cache of bounded size: in a full one, the key that was not used for longest makes room. A key can
 * hold what a client sent, so text that is longer than any honest client sends is not kept.
 *
 * @param options.max how many keys are kept. @default 1000
 * @param options.maxKeyLength of a text, in characters. @default 1000
 * @see docs/decisions/0005-lru-cache.md
 */
export function createCache<Key extends string | object, Value extends NonNullable<unknown>>({
  max = 1_000,
  maxKeyLength = 1_000,
} = {}): Cache<Key, Value> {
  let cache: LRUCache<Key, Value> | undefined;
  return {
    get: (key) => cache?.get(key),
    set(key, value) {
      if (typeof key === "string" && key.length > maxKeyLength) return;
      // Created late, because it allocates all of its room at once.
      cache ??= new LRUCache({ max });
      cache.set(key, value);
    },
  };
}

/**
 * Caches what a pure function returns for a text. For work that many requests repeat with the same text: a
 * lookup takes its place.
 *
 * @param options see `createCache`.
 */
export function cached<Value>(
  compute: (text: string) => Value,
  options?: { max?: number; maxKeyLength?: number },
): (text: string) => Value {
  const cache = createCache<string, NonNullable<Value>>(options);
  return (text) => {
    const known = cache.get(text);
    if (known !== undefined) return known;
    const value = compute(text);
    if (value !== undefined && value !== null) cache.set(text, value);
    return value;
  };
}

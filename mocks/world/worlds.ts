import { createRandom, hexDigits } from "../random/random.ts";
import { createWorld, type World, type WorldOptions } from "./world.ts";

/** The worlds of one server: the first one, which is always there, and those that tests made. */
export type Worlds = {
  readonly first: World;
  /** Whether there is only the first. */
  readonly alone: boolean;
  /** A fresh world with credentials, API keys and galleries of its own. */
  create(options?: { seed?: string }): World;
  get(id: string): World | undefined;
  list(): World[];
  /** Frees a world. @returns `false` for an unknown one and for the first. */
  delete(id: string): boolean;
  /** The world that an access key or an API key belongs to; the first world for any other key. */
  of(caller: { accessKeyId?: string; apiKey?: string }): World;
};

/** The options of the first world. The others share its contract. */
export type WorldsOptions = Omit<WorldOptions, "id">;

/** Makes the first world. Ids, keys and secrets of later worlds follow from the seed, so a run can be repeated. */
export function createWorlds(options: WorldsOptions): Worlds {
  const first = createWorld({ ...options, id: "first" });
  const worlds = new Map([[first.id, first]]);
  const byAccessKey = new Map([[first.credentials.accessKeyId, first]]);
  const byApiKey = new Map(first.apiKeys.map((key) => [key, first]));
  const random = createRandom(`${options.seed} worlds`);

  return {
    first,
    get alone() {
      return worlds.size === 1;
    },
    create({ seed } = {}) {
      const name = hexDigits(random, 12);
      const world = createWorld({
        ...options,
        id: `world-${name}`,
        seed: seed ?? `${options.seed} ${name}`,
        credentials: {
          accessKeyId: `AKIA${hexDigits(random, 16).toUpperCase()}`,
          secretAccessKey: hexDigits(random, 40),
        },
        apiKeys: [1, 2].map((place) => `necid-mock-${hexDigits(random, 12)}-000${place}`),
      });
      worlds.set(world.id, world);
      byAccessKey.set(world.credentials.accessKeyId, world);
      for (const key of world.apiKeys) byApiKey.set(key, world);
      return world;
    },
    get: (id) => worlds.get(id),
    list: () => [...worlds.values()],
    delete(id) {
      const world = worlds.get(id);
      if (!world || world === first) return false;
      worlds.delete(id);
      byAccessKey.delete(world.credentials.accessKeyId);
      for (const key of world.apiKeys) byApiKey.delete(key);
      return true;
    },
    of: ({ accessKeyId = "", apiKey = "" }) => byAccessKey.get(accessKeyId) ?? byApiKey.get(apiKey) ?? first,
  };
}

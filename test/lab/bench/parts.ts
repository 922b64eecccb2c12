import type { Command, partNames } from "./command.ts";
import type { World } from "./load/rounds.ts";
import { register } from "./load/scenarios.ts";
import { measureBodies } from "./parts/bodies.ts";
import { measureContracts } from "./parts/contract-sizes.ts";
import { measureFirstResponses } from "./parts/first-answer.ts";
import { measureGalleries } from "./parts/galleries.ts";
import { measureGeneration } from "./parts/generation.ts";
import { measureVerification } from "./parts/verification.ts";
import type { Figures } from "./report/figures.ts";

/** Measures what the command names besides requests under load. */
export async function measureParts(command: Command, world: World): Promise<Partial<Figures>> {
  const figures: Partial<Figures> = {};
  for (const [name, part] of Object.entries(parts)) {
    if (!command.only.includes(name)) continue;
    world.progress(name);
    Object.assign(figures, await part(command, world));
  }
  return figures;
}

type Part = (command: Command, world: World) => Promise<Partial<Figures>>;

const parts: Record<(typeof partNames)[number], Part> = {
  "first-answer": async ({ rounds }, { env, ...world }) => ({
    firstResponses: await measureFirstResponses({ rounds: Math.max(5, rounds), place: placeOf(world), env }),
  }),
  generation: async ({ rounds }, { env }) => ({ generation: await measureGeneration({ rounds, env }) }),
  verification: async ({ rounds }, { folder, env }) => ({
    verification: await measureVerification({ rounds, folder, env }),
  }),
  bodies: async ({ rounds, ...command }, { env, ...world }) => ({
    bodies: await measureBodies({
      rounds,
      warmUpMs: command.warmUpSeconds * 1000,
      measuredMs: command.seconds * 2000,
      place: placeOf(world),
      env,
    }),
  }),
  galleries: async (_, { env }) => ({ galleries: await measureGalleries([100, 10_000, 100_000], { env }) }),
  contracts: async ({ rounds, ...command }, { connections, folder, env }) => ({
    contracts: await measureContracts([10, 100, 1000], {
      rounds,
      connections,
      warmUpMs: command.warmUpSeconds * 1000,
      measuredMs: command.seconds * 1000,
      folder,
      env,
    }),
  }),
};

function placeOf({ folder, peers }: Pick<World, "folder" | "peers">) {
  return { folder, scenario: register.name, peers };
}

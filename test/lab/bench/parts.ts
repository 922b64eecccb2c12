import type { Command, partNames } from "./command.ts";
import type { World } from "./load/rounds.ts";
import { register } from "./load/scenarios.ts";
import { measureContracts } from "./parts/contract-sizes.ts";
import { measureFirstResponses } from "./parts/first-answer.ts";
import { measureGalleries } from "./parts/galleries.ts";
import { measureGeneration } from "./parts/generation.ts";
import { measurePictures } from "./parts/pictures.ts";
import { measureSigning } from "./parts/signing.ts";
import { measureUploads } from "./parts/uploads.ts";
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
  pictures: async (command, world) => ({ pictures: await measurePictures(pictureOptions(command, world)) }),
  uploads: async (command, world) => ({ uploads: await measureUploads(pictureOptions(command, world)) }),
  signing: async ({ seconds }, { env }) => ({ signing: await measureSigning({ ms: seconds * 300, env }) }),
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

function pictureOptions({ rounds, seconds, warmUpSeconds }: Command, { env, ...world }: World) {
  return { rounds, warmUpMs: warmUpSeconds * 1000, measuredMs: seconds * 2000, place: placeOf(world), env };
}

function placeOf({ folder, peers }: Pick<World, "folder" | "peers">) {
  return { folder, scenario: register.name, peers };
}

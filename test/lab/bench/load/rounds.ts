import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "../command.ts";
import { othersBusy, othersDoubt } from "../others-busy.ts";
import type { Figures } from "../report/figures.ts";
import { summarise } from "../report/summarise.ts";
import { bare, contenders, stockPrism, wiremock } from "../servers/contenders.ts";
import { mockoonEnvironment } from "../servers/mockoon-environment.ts";
import type { Peers } from "../servers/peers.ts";
import { type RecordedResponses, recordResponses } from "../servers/record-responses.ts";
import { wiremockStubs } from "../servers/wiremock-stubs.ts";
import { measure } from "./measure.ts";
import { register, scenarios } from "./scenarios.ts";

export type World = {
  /** For the files of this run. */
  folder: string;
  peers: Peers;
  env: NodeJS.ProcessEnv;
  connections: number;
  /** Told what is being measured. */
  progress(text: string): void;
};

type Load = Pick<Figures, "rows" | "doubts" | "measurements" | "skipped" | "othersBusy">;

/** Measures every contender at every scenario that the command names, in turns, some rounds long. */
export async function measureRounds(command: Command, world: World): Promise<Load> {
  const { folder, peers, env, connections, progress } = world;
  const recorded = await recordResponses(scenarios);
  writeResponses(recorded, folder);
  const { measured, skipped } = present(command, peers);
  const asked = scenarios.filter(({ name }) => command.only.includes(name));
  const turns = asked.flatMap((scenario) =>
    measured
      .filter(({ only = scenario.name }) => only === scenario.name)
      .map((contender) => ({ scenario, contender })),
  );

  const measurements: Load["measurements"] = [];
  const busy: number[] = [];
  for (let round = 1; round <= command.rounds; round++) {
    busy.push(await othersBusy());
    for (const { scenario, contender } of turns) {
      progress(`round ${round} of ${command.rounds}: ${scenario.name}, ${contender.name}`);
      const times = scenario === register ? 2 : 1;
      const result = await measure(contender, scenario, {
        place: { folder, scenario: scenario.name, peers },
        subject: recorded.subject,
        env,
        connections,
        warmUpMs: times * command.warmUpSeconds * 1000,
        measuredMs: times * command.seconds * 1000,
      });
      measurements.push({ name: contender.name, scenario: scenario.name, round, ...result });
    }
  }
  busy.push(await othersBusy());

  const summary = summarise(measurements, { bare, prism: stockPrism, wiremock });
  const doubts = [othersDoubt(busy), ...summary.doubts].filter((doubt) => doubt !== undefined);
  return { rows: summary.rows, doubts, measurements, skipped, othersBusy: busy };
}

/** What bare `node:http`, WireMock and Mockoon answer. */
function writeResponses(recorded: RecordedResponses, folder: string): void {
  mkdirSync(join(folder, "mappings"));
  writeFileSync(join(folder, "answers.json"), JSON.stringify(recorded));
  writeFileSync(join(folder, "mappings/necid.json"), JSON.stringify(wiremockStubs(recorded)));
  writeFileSync(join(folder, "mockoon.json"), JSON.stringify(mockoonEnvironment(recorded)));
}

function present(command: Command, peers: Peers) {
  const wanted = contenders.filter(({ key }) => command.contenders.includes(key));
  const skipped = wanted.flatMap(({ name, missing }) => {
    const reason = missing?.(peers);
    return reason ? [{ name, reason }] : [];
  });
  return { measured: wanted.filter(({ missing }) => !missing?.(peers)), skipped };
}

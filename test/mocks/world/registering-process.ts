import { writeSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import openapi from "#generated/necid-v1/openapi.json" with { type: "json" };
import { readOperations } from "../../../contracts/openapi/operations.ts";
import { decodeBase64 } from "../../../mocks/http/base64.ts";
import { necIdService } from "../../../mocks/necid/service.ts";
import { createRandom } from "../../../mocks/random/random.ts";
import { createStateFile } from "../../../mocks/world/state-file.ts";

/**
 * Registers faces until it is killed: `node registering-process.ts FILE DELAY SEED`. Prints the id of each
 * and the time of the answer, in milliseconds since the epoch; `started` comes first.
 */
const [path = "", delay = "", seed = ""] = process.argv.slice(2);
const state = necIdService.open({ apiKeys: ["key"], random: createRandom(seed), now: Date.now });
const file = createStateFile(path, {
  save: state.save,
  onError(error) {
    throw error;
  },
  ...(delay !== "default" && { delayMs: Number(delay), maxDelayMs: Number(delay) }),
});
const saved = await file.load();
if (saved !== undefined) state.load(saved);
state.onChange(file.changed);

const operation = readOperations(openapi).find(({ key }) => key === "ApiSubjectsPost")!;
const face = Buffer.from("necid-face:alice").toString("base64");
writeSync(1, "started\n");
for (;;) {
  const answer = state.respond({
    operation,
    application: "key",
    body: { face },
    pathParameters: {},
    decodeBase64,
  })!;
  writeSync(1, `${(answer.body as { id: string }).id} ${Date.now()}\n`);
  // About what a client takes to ask again.
  await setTimeout(1);
}

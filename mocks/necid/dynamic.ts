import type { Preference } from "../http/preference.ts";
import type { PrismResponse } from "../prism/prism.ts";
import type { OperationResponses } from "../prism/responses.ts";
import { createRandom, hexDigits } from "../random/random.ts";
import { attributesOf } from "./attributes.ts";
import { drawId } from "./galleries.ts";
import { eventIdOf } from "./gallery.ts";
import { defaultThreshold } from "./score.ts";

type MadeUp = Omit<PrismResponse, "violations">;

/**
 * Makes up responses of NEC ID for `Prefer: dynamic=true`: successes with values that the service could measure, and
 * for every other status one of its documented examples. Nothing is registered. The same seed and operation give the
 * same response.
 *
 * @param documented the responses that were collected when the contract was generated, by operation key.
 * @param options.seed of requests that give none; without both, each response is another one.
 * @returns `undefined` for a status that is not documented.
 */
export function createDynamicResponses(
  documented: Record<string, OperationResponses>,
  { version, seed }: { version: keyof typeof successes; seed?: string | undefined },
) {
  return (key: string, { code, example, seed: own }: Preference): MadeUp | undefined => {
    const known = documented[key];
    if (!known) return undefined;
    const status = code ?? known.defaultStatus;
    const given = own ?? seed;
    const random = given === undefined ? Math.random : createRandom(`${given} ${key}`);
    const bodyOf = status === known.defaultStatus ? successes[version].get(key) : undefined;
    if (bodyOf && example === undefined)
      return { status, headers: {}, mediaType: "application/json", body: bodyOf(random) };
    const all = known.statuses[status] ?? [];
    const named = all.filter((each) => each.example !== undefined);
    const wanted =
      example === undefined && named.length > 0 ? named : all.filter((each) => each.example === example);
    if (wanted.length === 0) return undefined;
    const { headers, mediaType, body } = pick(random, wanted);
    return { status, headers, mediaType, body };
  };
}

type Make = (random: () => number) => unknown;

/** The bodies of successes that vary, by operationId. */
const successes = {
  v1: new Map<string, Make>([
    ["ApiSubjectsPost", subject],
    ["ApiSubjectsByIdPut", subject],
    ["ApiFaceExtractPost", extraction],
    ["ApiFaceSearchPost", (random) => ({ candidates: candidates(random), attributes: attributes(random) })],
    ["ApiFaceVerifyPost", candidate],
  ]),
  "v1.1": new Map<string, Make>([
    ["ApiSubjectsGet", subjectList],
    ["ApiSubjectsPost", event],
    ["ApiSubjectsByIdPut", event],
    ["ApiSubjectsByIdEventsGet", (random) => ({ id: drawId(random), events: several(random, eventIdItem) })],
    ["ApiSubjectsByIdEventsPost", event],
    ["ApiSubjectsByIdEventByIdPut", event],
    ["Get", (random) => tagNames.filter(() => random() < 0.5)],
    ["BulkRegister", (random) => ({ batchId: batchId(random) })],
    ["GetBulkRegisterProgress", (random) => progress(random, 1)],
    ["GetBulkRegisterProgressPaged", (random) => progress(random, 1001)],
    ["ApiFaceExtractPost", extraction],
    ["ApiFaceSearchPost", searchOfEvents],
    ["ApiFaceVerifyPost", candidate],
  ]),
};

function subject(random: () => number) {
  return { id: drawId(random), attributes: attributes(random) };
}

function event(random: () => number) {
  return { id: drawId(random), eventId: eventId(random), attributes: attributes(random) };
}

function extraction(random: () => number) {
  return { faces: several(random, () => ({ attributes: attributes(random) })) };
}

/** From the default threshold to the score of the same picture. */
function candidate(random: () => number) {
  return { id: drawId(random), score: defaultThreshold + whole(random, 10_000 - defaultThreshold) };
}

function candidates(random: () => number) {
  return several(random, candidate).sort((a, b) => b.score - a.score);
}

function searchOfEvents(random: () => number) {
  const found = candidates(random).map(({ id, score }) => ({
    id,
    score,
    events: [{ id: eventId(random), score }],
  }));
  return { candidates: found, attributes: attributes(random) };
}

function subjectList(random: () => number) {
  const subjects = several(random, () => {
    const lastUpdated = new Date(firstDay + whole(random, 365 * 86_400) * 1000).toISOString();
    return {
      id: drawId(random),
      eventId: eventId(random),
      status: random() < 0.8 ? "A" : "D",
      lastUpdated: lastUpdated.replace(/\.000Z$/, "+00:00"),
    };
  });
  return { subjects, total: subjects.length };
}

const firstDay = Date.UTC(2025, 0, 1);
const tagNames = ["visitor", "staff", "contractor", "student"];

function progress(random: () => number, first: number) {
  let number = first;
  const processed = several(random, () => {
    const record = { id: String(number++), filename: `${pick(random, fileNames)}.jpg` };
    const chance = random();
    if (chance < 0.2) return { ...record, attempts: "0", status: "New" };
    const outcome =
      chance < 0.4
        ? { registerStatus: "Failed", reason: pick(random, reasons) }
        : { subjectId: drawId(random), eventId: eventId(random), registerStatus: "Success" };
    return { ...record, attempts: "1", ...outcome, status: "Processed" };
  });
  return { batchId: batchId(random), processed };
}

const fileNames = ["alice", "bob", "carol", "dave"];
const reasons = ["NoFace", "MultipleFaces", "PoorQuality"];

function attributes(random: () => number) {
  const digest = hexDigits(random, 64);
  const picture = { width: 640, height: 480 };
  return attributesOf({
    identity: digest,
    photo: 1,
    digest,
    given: {},
    picture,
    place: { index: 0, of: 1 },
  });
}

function eventId(random: () => number): string {
  return eventIdOf({ id: drawId(random), number: 1 });
}

function eventIdItem(random: () => number) {
  return { id: eventId(random) };
}

function batchId(random: () => number): string {
  return drawId(random).replace("necid", "batch");
}

function several<Item>(random: () => number, make: (random: () => number) => Item): Item[] {
  return Array.from({ length: 1 + whole(random, 3) }, () => make(random));
}

function pick<Item>(random: () => number, items: readonly Item[]): Item {
  return items[whole(random, items.length)]!;
}

function whole(random: () => number, below: number): number {
  return Math.floor(random() * below);
}

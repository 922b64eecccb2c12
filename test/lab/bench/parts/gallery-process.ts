import { face } from "../../../../contracts/necid/faces/faces.ts";
import { readOperations } from "../../../../contracts/openapi/operations.ts";
import openapi from "../../../../generated/necid-v1/openapi.json" with { type: "json" };
import { decodeBase64 } from "../../../../mocks/http/base64.ts";
import { necIdService } from "../../../../mocks/necid/service.ts";
import { createRandom } from "../../../../mocks/random/random.ts";
import { serveProcess } from "../load/call-process.ts";

/** Milliseconds, medians, at one size of a gallery. */
export type GalleryTimes = {
  subjects: number;
  register: number;
  update: number;
  verify: number;
  search: number;
  /** At threshold 0, where every subject is a candidate. */
  searchAll: number;
  unregister: number;
  save: number;
  load: number;
  /** What each subject adds to the heap. */
  bytesPerSubject: number | undefined;
};

/** Measures the service in process, without HTTP, signature and validation. */
function measureGallery(subjects: number): GalleryTimes {
  const before = heap();
  const state = necIdService.open({ apiKeys: ["key"], random: createRandom("bench"), now: Date.now });
  const call = (operation: string, body: unknown, id = "") =>
    state.respond({
      operation: operations.get(operation)!,
      application: "key",
      body,
      pathParameters: { id },
      decodeBase64,
    })!;
  const register = (person: string) =>
    (call("ApiSubjectsPost", { face: plainCard(person) }).body as { id: string }).id;

  const ids = Array.from({ length: subjects }, (_, index) => register(`person ${index}`));
  const after = heap();
  // A prime number of steps, so that neighbours in time are none in the gallery.
  const someone = (round: number) => (round * 7919) % subjects;
  const picture = face("person 42", { photo: 2 });
  const newcomers: string[] = [];
  const times = {
    subjects,
    register: median(rounds, (round) => newcomers.push(register(`newcomer ${round}`))),
    update: median(rounds, (round) => call("ApiSubjectsByIdPut", { face: picture }, ids[someone(round)])),
    verify: median(rounds, (round) => call("ApiFaceVerifyPost", { probe: picture, id: ids[someone(round)] })),
    search: median(rounds, () => call("ApiFaceSearchPost", { probe: plainCard("person 43") })),
    searchAll: median(25, () => call("ApiFaceSearchPost", { probe: picture, threshold: 0, limit: 50 })),
    unregister: median(rounds, (round) => call("ApiSubjectsByIdDelete", undefined, newcomers[round])),
  };
  let saved = "";
  const save = median(5, () => {
    saved = JSON.stringify(state.save());
  });
  const load = median(5, () => state.load(JSON.parse(saved)));
  const bytesPerSubject =
    before === undefined || after === undefined ? undefined : (after - before) / subjects;
  return { ...times, save, load, bytesPerSubject };
}

const rounds = 500;
const operations = new Map(readOperations(openapi).map((operation) => [operation.key, operation]));

function plainCard(list: string): string {
  return Buffer.from(`necid-face:${encodeURIComponent(list)}`).toString("base64");
}

function median(times: number, run: (round: number) => void): number {
  const taken = Array.from({ length: times }, (_, round) => {
    const started = performance.now();
    run(round);
    return performance.now() - started;
  });
  return taken.toSorted((a, b) => a - b)[Math.floor(times / 2)]!;
}

/** Known only with `--expose-gc`. */
function heap(): number | undefined {
  if (!globalThis.gc) return undefined;
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}

serveProcess(async (sizes: number[]) => sizes.map(measureGallery));

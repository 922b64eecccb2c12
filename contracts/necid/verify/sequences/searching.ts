import { type Candidate, readStep } from "./read-step.ts";
import type { Sequence, Stage, Step } from "./sequence.ts";

/** Who is found, in which order, and within which bounds. */
export const searching: Sequence[] = [
  {
    id: "search-finds-who-was-registered",
    operation: "ApiFaceSearchPost",
    title: "search finds who was registered, once, and nobody else",
    images: ["alice-1", "alice-2", "bob", "stranger"],
    async run(stage) {
      const alice = await stage.register("alice-1");
      const bob = await stage.register("bob");
      const verified = await stage.verify("alice-1", alice.id);
      const forAlice = await stage.search("alice-2", { limit: 50 });
      const forBob = await stage.search("bob", { limit: 50 });
      const forStranger = await stage.search("stranger", { limit: 50 });

      const registered = stage.claim(alice, {
        instancePath: "status",
        holds: verified.status === 200 || has(forAlice, alice.id),
        expected: "201 with a subject that is verified or found afterwards",
        actual: "201, and yet it is neither verified nor found",
      });
      if (registered) claimFound(stage, forAlice, { alice: alice.id });
      claimFound(stage, forBob, { bob: bob.id });
      claimNotFound(stage, forAlice, { bob: bob.id });
      claimNotFound(stage, forBob, { alice: alice.id });
      claimNotFound(stage, forStranger, { alice: alice.id, bob: bob.id });
    },
  },
  {
    id: "search-is-sorted-and-keeps-the-limit",
    operation: "ApiFaceSearchPost",
    title: "search lists the best first, nobody twice, and no more than the limit",
    images: ["alice-1", "alice-2"],
    async run(stage) {
      const ids = {
        "the first picture": (await stage.register("alice-1")).id,
        "the second picture": (await stage.register("alice-2")).id,
        "the first picture again": (await stage.register("alice-1", { note: "again" })).id,
      };
      const all = await stage.search("alice-2", { limit: 50, note: "without much of a limit" });
      const one = await stage.search("alice-2", { limit: 1, note: "with limit 1" });
      const two = await stage.search("alice-2", { limit: 2, note: "with limit 2" });

      claimFound(stage, all, ids);
      claimOrder(stage, all);
      const best = readStep(all).candidates.map(({ score }) => score);
      for (const [step, limit] of [
        [one, 1],
        [two, 2],
      ] as const) {
        if (!stage.claimStatus(step, 200)) continue;
        const scores = readStep(step).candidates.map(({ score }) => score);
        const right = best.slice(0, limit);
        claimList(stage, step, {
          right,
          got: scores,
          words: "the best of the search without much of a limit",
        });
      }
    },
  },
  {
    id: "search-keeps-the-threshold",
    operation: "ApiFaceSearchPost",
    title: "a threshold leaves exactly those who score at or above it; without one it is 7000",
    images: ["alice-1", "alice-2", "bob"],
    async run(stage) {
      const alice = [(await stage.register("alice-1")).id, (await stage.register("alice-2")).id];
      await stage.register("bob");
      const all = await stage.search("alice-2", { threshold: 0, limit: 50, note: "with threshold 0" });
      const { candidates } = readStep(all);
      const seen = candidates.filter(({ id }) => alice.includes(id)).map(({ score }) => score);
      const least = seen.length > 0 ? Math.min(...seen) : usualThreshold;
      const above = Math.min(least + 1, highestScore);
      const usual = await stage.search("alice-2", { limit: 50, note: "without a threshold" });
      const at = await stage.search("alice-2", {
        threshold: least,
        limit: 50,
        note: "with a score that was seen as the threshold",
      });
      const beyond = await stage.search("alice-2", {
        threshold: above,
        limit: 50,
        note: "with a threshold above a score that was seen",
      });

      if (!stage.claimStatus(all, 200)) return;
      claimOrder(stage, all);
      for (const [step, threshold] of [
        [usual, usualThreshold],
        [at, least],
        [beyond, above],
      ] as const) {
        const right = candidates.filter(({ score }) => score >= threshold).map(nameOf);
        // The status is part of it: nobody found is a 404.
        if (!stage.claimStatus(step, right.length > 0 ? 200 : 404)) continue;
        const words = `who scored ${threshold} and above with threshold 0`;
        claimList(stage, step, { right, got: readStep(step).candidates.map(nameOf), words });
      }
    },
  },
  {
    id: "search-stops-at-ten-by-itself",
    operation: "ApiFaceSearchPost",
    title: "search without a limit lists ten of eleven",
    images: ["alice-1"],
    async run(stage) {
      for (let index = 1; index <= usualLimit + 1; index++)
        await stage.register("alice-1", { note: `(${index} of ${usualLimit + 1})` });
      const found = await stage.search("alice-1", { note: "without a limit" });
      if (!stage.claimStatus(found, 200)) return;
      const { length } = readStep(found).candidates;
      stage.claim(found, {
        instancePath: "body /candidates",
        holds: length === usualLimit,
        expected: `a list of ${usualLimit}`,
        actual: `a list of ${length}`,
      });
    },
  },
];

/** Documented: where the request says nothing. */
const usualThreshold = 7000;
const usualLimit = 10;
const highestScore = 9999;

/** Where it shows who was found: that nobody was, is said by the status. */
export function candidatesPlace({ status }: Step): string {
  return status === 200 ? "body /candidates" : "status";
}

/** Claims that each subject is among the candidates, once. */
function claimFound(stage: Stage, step: Step, subjects: Record<string, string>): void {
  if (!stage.claimStatus(step, 200)) return;
  for (const [name, id] of Object.entries(subjects)) {
    const times = readStep(step).candidates.filter((candidate) => candidate.id === id).length;
    stage.claim(step, {
      instancePath: "body /candidates",
      holds: times === 1,
      expected: `${name} once`,
      actual: times === 0 ? `a list without ${name}` : `a list with ${name} ${times} times`,
    });
  }
}

function claimNotFound(stage: Stage, step: Step, subjects: Record<string, string>): void {
  for (const [name, id] of Object.entries(subjects)) {
    stage.claim(step, {
      instancePath: candidatesPlace(step),
      holds: !has(step, id),
      expected: `a list without ${name}`,
      actual: `a list with ${name}`,
    });
  }
}

/** Claims that the best stand first and nobody stands twice. */
function claimOrder(stage: Stage, step: Step): void {
  const { candidates } = readStep(step);
  for (const [index, { id, score }] of candidates.entries()) {
    const before = candidates[index - 1]?.score ?? Number.POSITIVE_INFINITY;
    stage.claim(step, {
      instancePath: `body /candidates/${index}/score`,
      holds: score <= before,
      expected: `${before} or less, as the one before`,
      actual: String(score),
    });
    stage.claim(step, {
      instancePath: `body /candidates/${index}/id`,
      holds: candidates.findIndex((other) => other.id === id) === index,
      expected: "an id that is not listed yet",
      actual: "one that is",
    });
  }
}

type Lists<Item> = { right: Item[]; got: Item[]; words: string };

/** Claims that the candidates are those that another search promises. */
function claimList(stage: Stage, step: Step, { right, got, words }: Lists<string | number>): void {
  const missing = right.filter((item) => !got.includes(item)).length;
  const extra = got.filter((item) => !right.includes(item)).length;
  stage.claim(step, {
    instancePath: "body /candidates",
    holds: missing === 0 && extra === 0 && got.length === right.length,
    expected: `a list of ${right.length}: ${words}`,
    actual: `a list of ${got.length}, where ${missing} of them are missing and ${extra} others stand`,
  });
}

function has(step: Step, id: string): boolean {
  return readStep(step).candidates.some((candidate) => candidate.id === id);
}

function nameOf({ id, score }: Candidate): string {
  return `${score} ${id}`;
}

import { type Candidate, readBody } from "./read-body.ts";
import type { Sequence, SequenceSession, Step } from "./sequence.ts";

/** Which candidates search finds, in which order, and within which limits. */
export const searching: Sequence[] = [
  {
    id: "search-finds-who-was-registered",
    operation: "ApiFaceSearchPost",
    title: "search finds who was registered, once, and nobody else",
    images: ["alice-1", "alice-2", "bob", "stranger"],
    async run(session) {
      const alice = await session.register("alice-1");
      const bob = await session.register("bob");
      const verified = await session.verify("alice-1", alice.id);
      const forAlice = await session.search("alice-2", { limit: 50 });
      const forBob = await session.search("bob", { limit: 50 });
      const forStranger = await session.search("stranger", { limit: 50 });

      const registered = session.claim(alice, {
        instancePath: "status",
        holds: verified.status === 200 || has(forAlice, alice.id),
        expected: "201 with a subject that is verified or found afterwards",
        actual: "201, and yet it is neither verified nor found",
        shownBy: forAlice,
      });
      if (registered) claimFound(session, forAlice, { alice: alice.id });
      claimFound(session, forBob, { bob: bob.id });
      claimNotFound(session, forAlice, { bob: bob.id });
      claimNotFound(session, forBob, { alice: alice.id });
      claimNotFound(session, forStranger, { alice: alice.id, bob: bob.id });
    },
  },
  {
    id: "search-is-sorted-and-keeps-the-limit",
    operation: "ApiFaceSearchPost",
    title: "search lists the best first, nobody twice, and no more than the limit",
    images: ["alice-1", "alice-2"],
    async run(session) {
      const ids = {
        "the first picture": (await session.register("alice-1")).id,
        "the second picture": (await session.register("alice-2")).id,
        "the first picture again": (await session.register("alice-1", { note: "again" })).id,
      };
      const all = await session.search("alice-2", { limit: 50, note: "without much of a limit" });
      const one = await session.search("alice-2", { limit: 1, note: "with limit 1" });
      const two = await session.search("alice-2", { limit: 2, note: "with limit 2" });

      claimFound(session, all, ids);
      claimOrder(session, all);
      const best = readBody(all).candidates.map(({ score }) => score);
      for (const [step, limit] of [
        [one, 1],
        [two, 2],
      ] as const) {
        if (!session.claimStatus(step, 200)) continue;
        const scores = readBody(step).candidates.map(({ score }) => score);
        const expected = best.slice(0, limit);
        claimList(session, step, {
          expected,
          actual: scores,
          description: "the best of the search without much of a limit",
        });
      }
    },
  },
  {
    id: "search-keeps-the-threshold",
    operation: "ApiFaceSearchPost",
    title: "a threshold leaves exactly those who score at or above it; without one it is 7000",
    images: ["alice-1", "alice-2", "bob"],
    async run(session) {
      const alice = [(await session.register("alice-1")).id, (await session.register("alice-2")).id];
      await session.register("bob");
      const all = await session.search("alice-2", { threshold: 0, limit: 50, note: "with threshold 0" });
      const { candidates } = readBody(all);
      const scores = candidates.filter(({ id }) => alice.includes(id)).map(({ score }) => score);
      const lowest = scores.length > 0 ? Math.min(...scores) : defaultThreshold;
      const above = Math.min(lowest + 1, highestScore);
      const byDefault = await session.search("alice-2", { limit: 50, note: "without a threshold" });
      const at = await session.search("alice-2", {
        threshold: lowest,
        limit: 50,
        note: "with a score that was seen as the threshold",
      });
      const beyond = await session.search("alice-2", {
        threshold: above,
        limit: 50,
        note: "with a threshold above a score that was seen",
      });

      if (!session.claimStatus(all, 200)) return;
      claimOrder(session, all);
      for (const [step, threshold] of [
        [byDefault, defaultThreshold],
        [at, lowest],
        [beyond, above],
      ] as const) {
        const expected = candidates.filter(({ score }) => score >= threshold).map(nameOf);
        // Search answers 404 if it finds nobody.
        if (!session.claimStatus(step, expected.length > 0 ? 200 : 404)) continue;
        const description = `who scored ${threshold} and above with threshold 0`;
        claimList(session, step, { expected, actual: readBody(step).candidates.map(nameOf), description });
      }
    },
  },
  {
    id: "search-stops-at-ten-by-itself",
    operation: "ApiFaceSearchPost",
    title: "search without a limit lists ten of eleven",
    images: ["alice-1"],
    async run(session) {
      for (let index = 1; index <= defaultLimit + 1; index++)
        await session.register("alice-1", { note: `(${index} of ${defaultLimit + 1})` });
      const found = await session.search("alice-1", { note: "without a limit" });
      if (!session.claimStatus(found, 200)) return;
      const { length } = readBody(found).candidates;
      session.claim(found, {
        instancePath: "body /candidates",
        holds: length === defaultLimit,
        expected: `a list of ${defaultLimit}`,
        actual: `a list of ${length}`,
      });
    },
  },
];

/** The documented defaults of a search request. */
const defaultThreshold = 7000;
const defaultLimit = 10;
const highestScore = 9999;

/** The instance path of the candidates; without any, search answers with a status only. */
export function candidatesPath({ status }: Step): string {
  return status === 200 ? "body /candidates" : "status";
}

/** Claims that each subject is among the candidates, once. */
function claimFound(session: SequenceSession, step: Step, subjects: Record<string, string>): void {
  if (!session.claimStatus(step, 200)) return;
  for (const [name, id] of Object.entries(subjects)) {
    const times = readBody(step).candidates.filter((candidate) => candidate.id === id).length;
    session.claim(step, {
      instancePath: "body /candidates",
      holds: times === 1,
      expected: `${name} once`,
      actual: times === 0 ? `a list without ${name}` : `a list with ${name} ${times} times`,
    });
  }
}

function claimNotFound(session: SequenceSession, step: Step, subjects: Record<string, string>): void {
  for (const [name, id] of Object.entries(subjects)) {
    session.claim(step, {
      instancePath: candidatesPath(step),
      holds: !has(step, id),
      expected: `a list without ${name}`,
      actual: `a list with ${name}`,
    });
  }
}

/** Claims that candidates are sorted by score, best first, and that no id is listed twice. */
function claimOrder(session: SequenceSession, step: Step): void {
  const { candidates } = readBody(step);
  for (const [index, { id, score }] of candidates.entries()) {
    const before = candidates[index - 1]?.score ?? Number.POSITIVE_INFINITY;
    session.claim(step, {
      instancePath: `body /candidates/${index}/score`,
      holds: score <= before,
      expected: `${before} or less, as the one before`,
      actual: String(score),
    });
    session.claim(step, {
      instancePath: `body /candidates/${index}/id`,
      holds: candidates.findIndex((other) => other.id === id) === index,
      expected: "an id that is not listed yet",
      actual: "one that is",
    });
  }
}

type Lists<Item> = { expected: Item[]; actual: Item[]; description: string };

/** Claims that the candidates are those that another search found. */
function claimList(
  session: SequenceSession,
  step: Step,
  { expected, actual, description }: Lists<string | number>,
): void {
  const missing = expected.filter((item) => !actual.includes(item)).length;
  const extra = actual.filter((item) => !expected.includes(item)).length;
  session.claim(step, {
    instancePath: "body /candidates",
    holds: missing === 0 && extra === 0 && actual.length === expected.length,
    expected: `a list of ${expected.length}: ${description}`,
    actual: `a list of ${actual.length}, where ${missing} of them are missing and ${extra} others stand`,
  });
}

function has(step: Step, id: string): boolean {
  return readBody(step).candidates.some((candidate) => candidate.id === id);
}

function nameOf({ id, score }: Candidate): string {
  return `${score} ${id}`;
}

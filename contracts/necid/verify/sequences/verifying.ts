import { redactValue } from "../../../verify/redaction.ts";
import { readBody } from "./read-body.ts";
import type { OperationKey, Sequence, SequenceSession, Step } from "./sequence.ts";

/** Whether two faces are the same person, and with which score. */
export const verifying: Sequence[] = [
  {
    id: "verify-tells-two-people-apart",
    operation: "ApiFaceVerifyPost",
    title: "verify tells two people apart and answers the id that was asked",
    images: ["alice-1", "alice-2", "bob"],
    async run(session) {
      const alice = await session.register("alice-1");
      const bob = await session.register("bob");
      const asked = [
        { step: await session.verify("alice-2", alice.id, { note: "as alice" }), id: alice.id },
        { step: await session.verify("bob", bob.id, { note: "as bob" }), id: bob.id },
      ];
      const strangers = [
        await session.verify("alice-2", bob.id, { note: "as bob" }),
        await session.verify("bob", alice.id, { note: "as alice" }),
      ];

      for (const { step, id } of asked) {
        if (!session.claimStatus(step, 200, { because: "it is the same person" })) continue;
        session.claim(step, {
          instancePath: "body /id",
          holds: readBody(step).id === id,
          expected: "the id that was asked",
          actual: redactValue(readBody(step).id),
        });
      }
      for (const step of strangers) session.claimStatus(step, 404, { because: "it is another person" });
    },
  },
  {
    id: "verify-and-search-agree",
    operation: "ApiFaceVerifyPost",
    title: "verify and search give one score for one pair",
    images: ["alice-1", "alice-2"],
    async run(session) {
      const { id } = await session.register("alice-1");
      const verified = await session.verify("alice-2", id);
      const { score = 0 } = readBody(verified);
      const found = await session.search("alice-2", { limit: 50 });
      const note = "with verify's score as the threshold";
      const at = await session.search("alice-2", { limit: 50, threshold: within(score), note });
      const beyond = await session.search("alice-2", {
        limit: 50,
        threshold: within(score + 1),
        note: "with a threshold above verify's score",
      });

      if (!session.claimStatus(verified, 200) || !session.claimStatus(found, 200)) return;
      const listed = scoreIn(found, id);
      // Searching with verify's score as the threshold shows which score search works with.
      const differs = scoreIn(at, id) === undefined || (score < highest && scoreIn(beyond, id) !== undefined);
      const searchIsRight = listed !== undefined && differs;
      const [wrong, right] = searchIsRight ? [verified, found] : [found, verified];
      const scores = { [verified.operation]: score, [found.operation]: listed };
      session.claim(wrong, {
        instancePath: wrong === verified ? "body /score" : scorePath(found, id),
        holds: listed === score,
        expected: `${redactValue(scores[right.operation])}, as ${right.location} says`,
        actual: redactValue(scores[wrong.operation]),
      });
    },
  },
  {
    id: "the-registered-picture-scores-best",
    operation: "ApiFaceVerifyPost",
    title: "the registered picture scores at least as high as another photo of the same person",
    images: ["alice-1", "alice-2"],
    async run(session) {
      const first = await session.register("alice-1");
      const second = await session.register("alice-2");
      const same = await session.verify("alice-1", first.id, { note: "with its own registration" });
      const other = await session.verify("alice-2", first.id, {
        note: "with the other picture's registration",
      });
      const found = await session.search("alice-1", { limit: 50 });

      if (session.claimStatus(same, 200) && session.claimStatus(other, 200))
        claimAtLeast(session, same, {
          instancePath: "body /score",
          best: readBody(same).score,
          other: readBody(other).score,
        });
      if (session.claimStatus(found, 200))
        claimAtLeast(session, found, {
          instancePath: scorePath(found, first.id),
          best: scoreIn(found, first.id),
          other: scoreIn(found, second.id),
        });
    },
  },
  {
    id: "the-same-request-twice",
    operation: "ApiFaceVerifyPost",
    title: "the same request twice gives the same figures",
    images: ["alice-1", "alice-2"],
    async run(session) {
      const { id } = await session.register("alice-1");
      const calls: Record<string, (note?: string) => Promise<Step>> = {
        verify: (note = "") => session.verify("alice-2", id, { note }),
        search: (note = "") => session.search("alice-2", { limit: 50, note }),
        extract: (note = "") => session.extract("alice-2", { note }),
      };
      for (const call of Object.values(calls)) {
        const first = await call();
        const second = await call("again");
        const bodies = [first, second].map((step) => relevantBody(step, id));
        session.claim(second, {
          instancePath: instancePaths[first.operation] ?? "body",
          holds: first.status === second.status && bodies[0] === bodies[1],
          expected: "what the first response says",
          actual: first.status === second.status ? "other figures" : `${second.status} after ${first.status}`,
        });
      }
    },
  },
];

const highest = 9999;

function within(score: number): number {
  return Math.max(0, Math.min(highest, Math.trunc(score)));
}

function scoreIn(step: Step, id: string): number | undefined {
  return readBody(step).candidates.find((candidate) => candidate.id === id)?.score;
}

function scorePath(step: Step, id: string): string {
  const index = readBody(step).candidates.findIndex((candidate) => candidate.id === id);
  return index < 0 ? "body /candidates" : `body /candidates/${index}/score`;
}

type Scores = { instancePath: string; best: number | undefined; other: number | undefined };

function claimAtLeast(session: SequenceSession, step: Step, { instancePath, best, other }: Scores): void {
  session.claim(step, {
    instancePath,
    holds: best !== undefined && other !== undefined && best >= other,
    expected: `at least ${redactValue(other)}, the score of another photo`,
    actual: redactValue(best),
  });
}

const instancePaths: Partial<Record<OperationKey, string>> = {
  ApiFaceVerifyPost: "body /score",
  ApiFaceSearchPost: "body /candidates",
  ApiFaceExtractPost: "body /faces",
};

/** The body without other subjects: other users of the gallery may change those between two calls. */
function relevantBody(step: Step, id: string): string {
  const { score, candidates, attributes, faces } = readBody(step);
  return JSON.stringify([score, candidates.filter((candidate) => candidate.id === id), attributes, faces]);
}

import { shownValue } from "../../../verify/shown-value.ts";
import { readStep } from "./read-step.ts";
import type { OperationKey, Sequence, Stage, Step } from "./sequence.ts";

/** Who is who, and how sure. */
export const verifying: Sequence[] = [
  {
    id: "verify-tells-two-people-apart",
    operation: "ApiFaceVerifyPost",
    title: "verify tells two people apart and answers the id that was asked",
    images: ["alice-1", "alice-2", "bob"],
    async run(stage) {
      const alice = await stage.register("alice-1");
      const bob = await stage.register("bob");
      const asked = [
        { step: await stage.verify("alice-2", alice.id, { note: "as alice" }), id: alice.id },
        { step: await stage.verify("bob", bob.id, { note: "as bob" }), id: bob.id },
      ];
      const strangers = [
        await stage.verify("alice-2", bob.id, { note: "as bob" }),
        await stage.verify("bob", alice.id, { note: "as alice" }),
      ];

      for (const { step, id } of asked) {
        if (!stage.claimStatus(step, 200, { because: "it is the same person" })) continue;
        stage.claim(step, {
          instancePath: "body /id",
          holds: readStep(step).id === id,
          expected: "the id that was asked",
          actual: shownValue(readStep(step).id),
        });
      }
      for (const step of strangers) stage.claimStatus(step, 404, { because: "it is another person" });
    },
  },
  {
    id: "verify-and-search-agree",
    operation: "ApiFaceVerifyPost",
    title: "verify and search give one score for one pair",
    images: ["alice-1", "alice-2"],
    async run(stage) {
      const { id } = await stage.register("alice-1");
      const verified = await stage.verify("alice-2", id);
      const { score = 0 } = readStep(verified);
      const found = await stage.search("alice-2", { limit: 50 });
      const note = "with verify's score as the threshold";
      const at = await stage.search("alice-2", { limit: 50, threshold: within(score), note });
      const beyond = await stage.search("alice-2", {
        limit: 50,
        threshold: within(score + 1),
        note: "with a threshold above verify's score",
      });

      if (!stage.claimStatus(verified, 200) || !stage.claimStatus(found, 200)) return;
      const listed = scoreIn(found, id);
      // Search itself is asked whether verify's is the figure that it works with.
      const denied = scoreIn(at, id) === undefined || (score < highest && scoreIn(beyond, id) !== undefined);
      const searchIsRight = listed !== undefined && denied;
      const [wrong, right] = searchIsRight ? [verified, found] : [found, verified];
      const said = { [verified.operation]: score, [found.operation]: listed };
      stage.claim(wrong, {
        instancePath: wrong === verified ? "body /score" : scorePlace(found, id),
        holds: listed === score,
        expected: `${shownValue(said[right.operation])}, as ${right.location} says`,
        actual: shownValue(said[wrong.operation]),
      });
    },
  },
  {
    id: "the-registered-picture-scores-best",
    operation: "ApiFaceVerifyPost",
    title: "the registered picture scores at least as high as another photo of the same person",
    images: ["alice-1", "alice-2"],
    async run(stage) {
      const first = await stage.register("alice-1");
      const second = await stage.register("alice-2");
      const same = await stage.verify("alice-1", first.id, { note: "with its own registration" });
      const other = await stage.verify("alice-2", first.id, {
        note: "with the other picture's registration",
      });
      const found = await stage.search("alice-1", { limit: 50 });

      if (stage.claimStatus(same, 200) && stage.claimStatus(other, 200))
        claimAtLeast(stage, same, {
          instancePath: "body /score",
          best: readStep(same).score,
          other: readStep(other).score,
        });
      if (stage.claimStatus(found, 200))
        claimAtLeast(stage, found, {
          instancePath: scorePlace(found, first.id),
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
    async run(stage) {
      const { id } = await stage.register("alice-1");
      const ask: Record<string, (note?: string) => Promise<Step>> = {
        verify: (note = "") => stage.verify("alice-2", id, { note }),
        search: (note = "") => stage.search("alice-2", { limit: 50, note }),
        extract: (note = "") => stage.extract("alice-2", { note }),
      };
      for (const question of Object.values(ask)) {
        const first = await question();
        const second = await question("again");
        const said = [first, second].map((step) => figuresFor(step, id));
        stage.claim(second, {
          instancePath: places[first.operation] ?? "body",
          holds: first.status === second.status && said[0] === said[1],
          expected: "what the first answer says",
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
  return readStep(step).candidates.find((candidate) => candidate.id === id)?.score;
}

function scorePlace(step: Step, id: string): string {
  const index = readStep(step).candidates.findIndex((candidate) => candidate.id === id);
  return index < 0 ? "body /candidates" : `body /candidates/${index}/score`;
}

type Scores = { instancePath: string; best: number | undefined; other: number | undefined };

function claimAtLeast(stage: Stage, step: Step, { instancePath, best, other }: Scores): void {
  stage.claim(step, {
    instancePath,
    holds: best !== undefined && other !== undefined && best >= other,
    expected: `at least ${shownValue(other)}, the score of another photo`,
    actual: shownValue(best),
  });
}

const places: Partial<Record<OperationKey, string>> = {
  ApiFaceVerifyPost: "body /score",
  ApiFaceSearchPost: "body /candidates",
  ApiFaceExtractPost: "body /faces",
};

/** A gallery may have other users: what an answer says of other subjects may change between two calls. */
function figuresFor(step: Step, id: string): string {
  const { score, candidates, attributes, faces } = readStep(step);
  return JSON.stringify([score, candidates.filter((candidate) => candidate.id === id), attributes, faces]);
}

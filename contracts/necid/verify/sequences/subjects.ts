import { redactValue } from "../../../verify/redaction.ts";
import { readBody } from "./read-body.ts";
import { candidatesPath } from "./searching.ts";
import type { Sequence, SequenceSession, Step } from "./sequence.ts";

/** Registering, updating and unregistering a subject. */
export const subjects: Sequence[] = [
  {
    id: "two-registrations-have-two-ids",
    operation: "ApiSubjectsPost",
    title: "two registrations of one picture have two ids, and each its own life",
    images: ["alice-1"],
    async run(session) {
      const first = await session.register("alice-1");
      const before = await session.verify("alice-1", first.id);
      const second = await session.register("alice-1", { note: "again" });
      const both = await session.verify("alice-1", second.id, { note: "with the second id" });
      const unregistered = await session.unregister(first.id, { note: "the first id" });
      const after = await session.verify("alice-1", second.id, { note: "with the second id alone" });

      if (!session.claimStatus(before, 200)) return;
      const there = session.claimStatus(both, 200, {
        because: "the second registration is a subject too",
        cause: second,
      });
      const gone = session.claimStatus(unregistered, 204);
      if (there && gone)
        session.claimStatus(after, 200, {
          because: "only the first id was unregistered",
          cause: unregistered,
        });
    },
  },
  {
    id: "an-unregistered-subject-is-gone",
    operation: "ApiSubjectsByIdDelete",
    title: "an unregistered subject neither verifies, nor is found, nor updates, nor unregisters again",
    images: ["alice-1"],
    async run(session) {
      const because = "nobody has this id";
      const withUnknown = { note: "with an id that nobody has" };
      const controls = [
        await session.verify("alice-1", session.unknownId, withUnknown),
        await session.update(session.unknownId, "alice-1", withUnknown),
        await session.unregister(session.unknownId, withUnknown),
      ];
      const { id } = await session.register("alice-1");
      const before = await session.verify("alice-1", id);
      const unregistered = await session.unregister(id);
      const note = "after it was unregistered";
      const verified = await session.verify("alice-1", id, { note });
      const found = await session.search("alice-1", { limit: 50, note });
      const again = await session.unregister(id, { note });
      const updated = await session.update(id, "alice-1", { note });

      const accepting = controls.filter((step) => !session.claimStatus(step, 404, { because }));
      const unreliable = new Set(accepting.map(({ operation }) => operation));
      session.claimStatus(before, 200);
      if (!session.claimStatus(unregistered, 204)) return;
      const observations: Observation[] = [
        { step: verified, agrees: verified.status === 404, observed: "verified" },
        { step: found, agrees: !idsOf(found).includes(id), observed: "found" },
        { step: again, agrees: again.status === 404, observed: "unregistered again" },
        { step: updated, agrees: updated.status === 404, observed: "updated" },
      ];
      claimObservations(session, {
        // An operation that accepts an unknown id shows nothing about this one.
        observations: observations.filter(({ step }) => !unreliable.has(step.operation)),
        acting: unregistered,
        expected: "no sign of the unregistered subject",
      });
    },
  },
  {
    id: "an-update-replaces-the-face",
    operation: "ApiSubjectsByIdPut",
    title: "an update puts the new face in the place of the old one, and of no other subject's",
    images: ["alice-1", "alice-2", "bob"],
    async run(session) {
      const { id } = await session.register("alice-1");
      const other = await session.register("alice-1", { note: "as another subject" });
      const oldBefore = await session.verify("alice-2", id, { note: "before the update" });
      const newBefore = await session.verify("bob", id, { note: "before the update" });
      const update = await session.update(id, "bob");
      const note = "after the update";
      const old = await session.verify("alice-2", id, { note });
      const now = await session.verify("bob", id, { note });
      const foundOld = await session.search("alice-1", { limit: 50, note });
      const foundNow = await session.search("bob", { limit: 50, note });
      const untouched = await session.verify("alice-2", other.id, { note: "as the other subject" });

      const matches = session.claimStatus(oldBefore, 200);
      const distinguishes = session.claimStatus(newBefore, 404, { because: "it is another person's id" });
      if (!session.claimStatus(update, 200)) return;
      session.claim(update, {
        instancePath: "body /id",
        holds: readBody(update).id === id,
        expected: "the id of the path",
        actual: redactValue(readBody(update).id),
      });
      const only = (isReliable: boolean, observation: Observation) => (isReliable ? [observation] : []);
      claimObservations(session, {
        observations: [
          ...only(distinguishes, { step: old, agrees: old.status === 404, observed: "verified" }),
          { step: foundOld, agrees: !idsOf(foundOld).includes(id), observed: "found" },
        ],
        acting: update,
        expected: "no sign of the face that was replaced",
      });
      claimObservations(session, {
        observations: [
          ...only(matches, { step: now, agrees: now.status === 200, observed: "not verified" }),
          { step: foundNow, agrees: idsOf(foundNow).includes(id), observed: "not found" },
        ],
        acting: update,
        expected: "the new face under the id",
      });
      if (matches)
        session.claimStatus(untouched, 200, {
          because: "another subject was updated",
          cause: update,
        });
    },
  },
  {
    id: "a-refused-update-keeps-the-face",
    operation: "ApiSubjectsByIdPut",
    title: "an update that is refused leaves the face as it was",
    images: ["alice-1", "none"],
    async run(session) {
      const { id } = await session.register("alice-1");
      const before = await session.verify("alice-1", id);
      const refused = await session.update(id, "none");
      const after = await session.verify("alice-1", id, { note: "after the refused update" });

      const verifies = session.claimStatus(before, 200);
      session.claimStatus(refused, 400, { because: "there is no face in the picture" });
      if (verifies) session.claimStatus(after, 200, { because: "nothing was updated", cause: refused });
    },
  },
];

/** A later response that shows whether an earlier call had its effect. */
type Observation = { step: Step; agrees: boolean; observed: string };

/**
 * Claims that observations agree with an earlier call. Two or more that disagree are attributed to that call;
 * a single one is itself wrong.
 */
function claimObservations(
  session: SequenceSession,
  { observations, acting, expected }: { observations: Observation[]; acting: Step; expected: string },
): void {
  const disagreeing = observations.filter(({ agrees }) => !agrees);
  const hadNoEffect = disagreeing.length > 1;
  session.claim(acting, {
    instancePath: "status",
    holds: !hadNoEffect,
    expected: `${acting.status} with ${expected}`,
    actual: `${acting.status}, and yet it is ${disagreeing.map(({ observed }) => observed).join(", ")}`,
    ...(hadNoEffect && { shownBy: disagreeing[0]!.step }),
  });
  for (const { step, agrees, observed } of observations) {
    session.claim(step, {
      instancePath: step.operation === "ApiFaceSearchPost" ? candidatesPath(step) : "status",
      holds: agrees || hadNoEffect,
      expected,
      actual: `${step.status}: the subject is ${observed}`,
    });
  }
}

function idsOf(step: Step): string[] {
  return readBody(step).candidates.map(({ id }) => id);
}

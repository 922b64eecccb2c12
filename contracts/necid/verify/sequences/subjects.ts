import { shownValue } from "../../../verify/shown-value.ts";
import { readStep } from "./read-step.ts";
import { candidatesPlace } from "./searching.ts";
import type { Sequence, Stage, Step } from "./sequence.ts";

/** A subject's life: registered, updated, unregistered. */
export const subjects: Sequence[] = [
  {
    id: "two-registrations-have-two-ids",
    operation: "ApiSubjectsPost",
    title: "two registrations of one picture have two ids, and each its own life",
    images: ["alice-1"],
    async run(stage) {
      const first = await stage.register("alice-1");
      const before = await stage.verify("alice-1", first.id);
      const second = await stage.register("alice-1", { note: "again" });
      const both = await stage.verify("alice-1", second.id, { note: "with the second id" });
      const unregistered = await stage.unregister(first.id, { note: "the first id" });
      const after = await stage.verify("alice-1", second.id, { note: "with the second id alone" });

      if (!stage.claimStatus(before, 200)) return;
      const there = stage.claimStatus(both, 200, {
        because: "the second registration is a subject too",
        blame: second,
      });
      const gone = stage.claimStatus(unregistered, 204);
      if (there && gone)
        stage.claimStatus(after, 200, {
          because: "only the first id was unregistered",
          blame: unregistered,
        });
    },
  },
  {
    id: "an-unregistered-subject-is-gone",
    operation: "ApiSubjectsByIdDelete",
    title: "an unregistered subject neither verifies, nor is found, nor updates, nor unregisters again",
    images: ["alice-1"],
    async run(stage) {
      const because = "nobody has this id";
      const withUnknown = { note: "with an id that nobody has" };
      const controls = [
        await stage.verify("alice-1", stage.nobody, withUnknown),
        await stage.update(stage.nobody, "alice-1", withUnknown),
        await stage.unregister(stage.nobody, withUnknown),
      ];
      const { id } = await stage.register("alice-1");
      const before = await stage.verify("alice-1", id);
      const unregistered = await stage.unregister(id);
      const note = "after it was unregistered";
      const verified = await stage.verify("alice-1", id, { note });
      const found = await stage.search("alice-1", { limit: 50, note });
      const again = await stage.unregister(id, { note });
      const updated = await stage.update(id, "alice-1", { note });

      const credulous = controls.filter((step) => !stage.claimStatus(step, 404, { because }));
      const known = new Set(credulous.map(({ operation }) => operation));
      stage.claimStatus(before, 200);
      if (!stage.claimStatus(unregistered, 204)) return;
      const witnesses: Witness[] = [
        { step: verified, agrees: verified.status === 404, says: "verified" },
        { step: found, agrees: !idsOf(found).includes(id), says: "found" },
        { step: again, agrees: again.status === 404, says: "unregistered again" },
        { step: updated, agrees: updated.status === 404, says: "updated" },
      ];
      claimTogether(stage, {
        // An operation that knows an id that nobody has says nothing about this one.
        witnesses: witnesses.filter(({ step }) => !known.has(step.operation)),
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
    async run(stage) {
      const { id } = await stage.register("alice-1");
      const other = await stage.register("alice-1", { note: "as another subject" });
      const oldBefore = await stage.verify("alice-2", id, { note: "before the update" });
      const newBefore = await stage.verify("bob", id, { note: "before the update" });
      const update = await stage.update(id, "bob");
      const note = "after the update";
      const old = await stage.verify("alice-2", id, { note });
      const now = await stage.verify("bob", id, { note });
      const foundOld = await stage.search("alice-1", { limit: 50, note });
      const foundNow = await stage.search("bob", { limit: 50, note });
      const untouched = await stage.verify("alice-2", other.id, { note: "as the other subject" });

      const knows = stage.claimStatus(oldBefore, 200);
      const tellsApart = stage.claimStatus(newBefore, 404, { because: "it is another person's id" });
      if (!stage.claimStatus(update, 200)) return;
      stage.claim(update, {
        instancePath: "body /id",
        holds: readStep(update).id === id,
        expected: "the id of the path",
        actual: shownValue(readStep(update).id),
      });
      const judged = (fits: boolean, witness: Witness) => (fits ? [witness] : []);
      claimTogether(stage, {
        witnesses: [
          ...judged(tellsApart, { step: old, agrees: old.status === 404, says: "verified" }),
          { step: foundOld, agrees: !idsOf(foundOld).includes(id), says: "found" },
        ],
        acting: update,
        expected: "no sign of the face that was replaced",
      });
      claimTogether(stage, {
        witnesses: [
          ...judged(knows, { step: now, agrees: now.status === 200, says: "not verified" }),
          { step: foundNow, agrees: idsOf(foundNow).includes(id), says: "not found" },
        ],
        acting: update,
        expected: "the new face under the id",
      });
      if (knows)
        stage.claimStatus(untouched, 200, {
          because: "another subject was updated",
          blame: update,
        });
    },
  },
  {
    id: "a-refused-update-keeps-the-face",
    operation: "ApiSubjectsByIdPut",
    title: "an update that is refused leaves the face as it was",
    images: ["alice-1", "none"],
    async run(stage) {
      const { id } = await stage.register("alice-1");
      const before = await stage.verify("alice-1", id);
      const refused = await stage.update(id, "none");
      const after = await stage.verify("alice-1", id, { note: "after the refused update" });

      const verifies = stage.claimStatus(before, 200);
      stage.claimStatus(refused, 400, { because: "there is no face in the picture" });
      if (verifies) stage.claimStatus(after, 200, { because: "nothing was updated", blame: refused });
    },
  },
];

/** A later answer that shows whether an earlier call did what it said. */
type Witness = { step: Step; agrees: boolean; says: string };

/**
 * Two witnesses against it, and the call that acted did not do what it said; one alone is wrong itself.
 */
function claimTogether(
  stage: Stage,
  { witnesses, acting, expected }: { witnesses: Witness[]; acting: Step; expected: string },
): void {
  const against = witnesses.filter(({ agrees }) => !agrees);
  const guilty = against.length > 1;
  stage.claim(acting, {
    instancePath: "status",
    holds: !guilty,
    expected: `${acting.status} with ${expected}`,
    actual: `${acting.status}, and yet it is ${against.map(({ says }) => says).join(", ")}`,
  });
  for (const { step, agrees, says } of witnesses) {
    stage.claim(step, {
      instancePath: step.operation === "ApiFaceSearchPost" ? candidatesPlace(step) : "status",
      holds: agrees || guilty,
      expected,
      actual: `${step.status}: the subject is ${says}`,
    });
  }
}

function idsOf(step: Step): string[] {
  return readStep(step).candidates.map(({ id }) => id);
}

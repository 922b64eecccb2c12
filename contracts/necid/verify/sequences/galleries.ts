import { readStep } from "./read-step.ts";
import { candidatesPlace } from "./searching.ts";
import type { Sequence } from "./sequence.ts";

/** What the applications of one customer see of each other: nothing. */
export const galleries: Sequence[] = [
  {
    id: "one-gallery-does-not-see-the-other",
    operation: "ApiSubjectsPost",
    title: "what one application registers, another neither verifies, finds, updates nor unregisters",
    images: ["alice-1"],
    applications: 2,
    async run(stage) {
      const { id } = await stage.register("alice-1", { note: "in application 1" });
      const before = await stage.verify("alice-1", id, { note: "in application 1" });
      const foreign = { application: 2, note: "in application 2" } as const;
      const verified = await stage.verify("alice-1", id, foreign);
      const found = await stage.search("alice-1", { ...foreign, limit: 50 });
      const updated = await stage.update(id, "alice-1", foreign);
      const unregistered = await stage.unregister(id, foreign);
      const after = await stage.verify("alice-1", id, {
        note: "in application 1, after application 2 tried to unregister it",
      });
      const other = await stage.register("alice-1", foreign);
      const own = await stage.verify("alice-1", other.id, {
        ...foreign,
        note: "with its own id, in application 2",
      });
      const crossed = await stage.verify("alice-1", other.id, {
        note: "with the id of application 2, in application 1",
      });

      const verifies = stage.claimStatus(before, 200);
      const because = "the id is another application's";
      stage.claimStatus(verified, 404, { because });
      stage.claim(found, {
        instancePath: candidatesPlace(found),
        holds: !readStep(found).candidates.some((candidate) => candidate.id === id),
        expected: "no subject of another application",
        actual: "one of another application",
      });
      stage.claimStatus(updated, 404, { because });
      const refused = stage.claimStatus(unregistered, 404, { because });
      if (verifies && refused)
        stage.claimStatus(after, 200, {
          because: "another application has no say",
          blame: unregistered,
        });
      if (stage.claimStatus(own, 200)) stage.claimStatus(crossed, 404, { because });
    },
  },
];

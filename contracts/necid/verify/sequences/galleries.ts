import { readBody } from "./read-body.ts";
import { candidatesPath } from "./searching.ts";
import type { Sequence } from "./sequence.ts";

/** Applications of one customer do not see each other's subjects. */
export const galleries: Sequence[] = [
  {
    id: "one-gallery-does-not-see-the-other",
    operation: "ApiSubjectsPost",
    title: "what one application registers, another neither verifies, finds, updates nor unregisters",
    images: ["alice-1"],
    applications: 2,
    async run(session) {
      const { id } = await session.register("alice-1", { note: "in application 1" });
      const before = await session.verify("alice-1", id, { note: "in application 1" });
      const foreign = { application: 2, note: "in application 2" } as const;
      const verified = await session.verify("alice-1", id, foreign);
      const found = await session.search("alice-1", { ...foreign, limit: 50 });
      const updated = await session.update(id, "alice-1", foreign);
      const unregistered = await session.unregister(id, foreign);
      const after = await session.verify("alice-1", id, {
        note: "in application 1, after application 2 tried to unregister it",
      });
      const other = await session.register("alice-1", foreign);
      const own = await session.verify("alice-1", other.id, {
        ...foreign,
        note: "with its own id, in application 2",
      });
      const crossed = await session.verify("alice-1", other.id, {
        note: "with the id of application 2, in application 1",
      });

      const verifies = session.claimStatus(before, 200);
      const because = "the id is another application's";
      session.claimStatus(verified, 404, { because });
      session.claim(found, {
        instancePath: candidatesPath(found),
        holds: !readBody(found).candidates.some((candidate) => candidate.id === id),
        expected: "no subject of another application",
        actual: "one of another application",
      });
      session.claimStatus(updated, 404, { because });
      const refused = session.claimStatus(unregistered, 404, { because });
      if (verifies && refused)
        session.claimStatus(after, 200, {
          because: "another application has no say",
          cause: unregistered,
        });
      if (session.claimStatus(own, 200)) session.claimStatus(crossed, 404, { because });
    },
  },
];

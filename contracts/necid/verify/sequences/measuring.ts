import type { ImageRole } from "../../../verify/check.ts";
import { redactValue } from "../../../verify/redaction.ts";
import { readFaceCard } from "../../faces/face-card.ts";
import { plausibility } from "./plausibility.ts";
import { type FaceAttributes, readBody } from "./read-body.ts";
import type { Sequence, SequenceSession, Step } from "./sequence.ts";

/** The faces in an image and their attributes. */
export const measuring: Sequence[] = [
  {
    id: "extract-counts-faces",
    operation: "ApiFaceExtractPost",
    title: "extract counts the faces of a picture, each at its own place",
    images: ["alice-1", "group"],
    async run(session) {
      const single = await session.extract("alice-1");
      const group = await session.extract("group");
      const again = await session.extract("group", { note: "again" });

      claimCount(session, single, { min: 1, max: 1 });
      const known = knownFaces(session, "group");
      if (!claimCount(session, group, { min: known ?? 2, max: known ?? maxFaces })) return;
      const { length } = readBody(group).faces;
      claimCount(session, again, { min: length, max: length });
      const areas = readBody(group).faces.map((face) =>
        sides.map((side) => face[`/faceArea/${side}`]).join(),
      );
      for (const [index, area] of areas.entries()) {
        const first = areas.indexOf(area);
        session.claim(group, {
          instancePath: `body /faces/${index}/attributes/faceArea`,
          holds: first === index,
          expected: "a place of its own",
          actual: `the place of face ${first}`,
        });
      }
    },
  },
  {
    id: "extract-stops-at-twenty",
    operation: "ApiFaceExtractPost",
    title: "extract gives twenty faces of a picture that has more",
    images: ["crowd"],
    async run(session) {
      claimCount(session, await session.extract("crowd"), { min: maxFaces, max: maxFaces });
    },
  },
  {
    id: "attributes-are-plausible",
    operation: "ApiFaceExtractPost",
    title: "eyes lie in the face, the face in the head, scores between 0 and 1, the roll along the eyes",
    images: ["alice-1", "alice-2", "bob", "group"],
    async run(session) {
      for (const role of ["alice-1", "alice-2", "bob", "group"] as const) {
        const step = await session.extract(role);
        if (!session.claimStatus(step, 200)) continue;
        for (const [index, face] of readBody(step).faces.entries()) {
          for (const { pointer, ...claim } of plausibility(face))
            session.claim(step, { instancePath: `body /faces/${index}/attributes${pointer}`, ...claim });
        }
      }
    },
  },
  {
    id: "attributes-belong-to-the-face-sent",
    operation: "ApiFaceExtractPost",
    title: "register, update, search and extract measure the same in one picture, and not in two",
    images: ["alice-1", "alice-2", "bob"],
    async run(session) {
      const registered = await session.register("alice-1");
      const alice = [registered, await session.search("alice-1"), await session.extract("alice-1")];
      const second = [
        await session.register("alice-2"),
        await session.search("alice-2"),
        await session.extract("alice-2"),
      ];
      const updated = await session.update(registered.id, "bob");
      // Without it, search would find nobody if the update had no effect.
      const other = await session.register("bob", { note: "as another subject" });
      const bob = [updated, other, await session.search("bob"), await session.extract("bob")];

      // `register` has claimed the status of the registrations.
      for (const step of [...alice.slice(1), ...second.slice(1), updated, ...bob.slice(2)])
        session.claimStatus(step, 200);
      const agreed = [alice, second, bob].map((steps) => claimAgreement(session, steps));
      for (const [index, steps] of [second, bob].entries()) {
        const extracted = steps.at(-1)!;
        session.claim(extracted, {
          instancePath: "body /faces/0/attributes",
          holds: JSON.stringify(agreed[index + 1]) !== JSON.stringify(agreed[0]),
          expected: "other figures than those of alice-1",
          actual: "the same figures",
        });
      }
    },
  },
];

const maxFaces = 20;
const sides = ["left", "top", "right", "bottom"];

/** The number of faces that a face card names; unknown for any other image. */
function knownFaces(session: SequenceSession, role: ImageRole): number | undefined {
  const card = readFaceCard(Buffer.from(session.image(role), "base64"));
  return card && "faces" in card ? Math.min(card.faces.length, maxFaces) : undefined;
}

function claimCount(
  session: SequenceSession,
  step: Step,
  { min, max }: { min: number; max: number },
): boolean {
  if (!session.claimStatus(step, 200)) return false;
  const { length } = readBody(step).faces;
  return session.claim(step, {
    instancePath: "body /faces",
    holds: length >= min && length <= max,
    expected: min === max ? `a list of ${min}` : `a list of ${min} to ${max}`,
    actual: `a list of ${length}`,
  });
}

/** Claims that all responses to one image have the same attributes. Returns the most frequent ones. */
function claimAgreement(session: SequenceSession, steps: Step[]): FaceAttributes {
  const measured = steps
    .filter(({ status }) => status < 300)
    .map((step) => {
      const { attributes, faces } = readBody(step);
      const extracted = step.operation === "ApiFaceExtractPost";
      return {
        step,
        root: extracted ? "body /faces/0/attributes" : "body /attributes",
        attributes: (extracted ? faces[0] : attributes) ?? {},
      };
    });
  const texts = measured.map(({ attributes }) => JSON.stringify(attributes));
  const counts = texts.map((text) => texts.filter((other) => other === text).length);
  const agreed = measured[counts.indexOf(Math.max(...counts))];
  if (!agreed) return {};
  for (const { step, root, attributes } of measured) {
    for (const pointer of new Set([...Object.keys(agreed.attributes), ...Object.keys(attributes)])) {
      session.claim(step, {
        instancePath: `${root}${pointer}`,
        holds: attributes[pointer] === agreed.attributes[pointer],
        expected: `${redactValue(agreed.attributes[pointer])}, as ${agreed.step.location} says`,
        actual: redactValue(attributes[pointer]),
      });
    }
  }
  return agreed.attributes;
}

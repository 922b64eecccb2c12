import type { ImageRole } from "../../../verify/check.ts";
import { shownValue } from "../../../verify/shown-value.ts";
import { readFaceCard } from "../../faces/face-card.ts";
import { plausibleFigures } from "./plausible-attributes.ts";
import { type Figures, readStep } from "./read-step.ts";
import type { Sequence, Stage, Step } from "./sequence.ts";

/** Which faces are in a picture, and what was measured in them. */
export const measuring: Sequence[] = [
  {
    id: "extract-counts-faces",
    operation: "ApiFaceExtractPost",
    title: "extract counts the faces of a picture, each at its own place",
    images: ["alice-1", "group"],
    async run(stage) {
      const single = await stage.extract("alice-1");
      const group = await stage.extract("group");
      const again = await stage.extract("group", { note: "again" });

      claimCount(stage, single, { least: 1, most: 1 });
      const known = knownFaces(stage, "group");
      if (!claimCount(stage, group, { least: known ?? 2, most: known ?? mostFaces })) return;
      const { length } = readStep(group).faces;
      claimCount(stage, again, { least: length, most: length });
      const areas = readStep(group).faces.map((face) =>
        sides.map((side) => face[`/faceArea/${side}`]).join(),
      );
      for (const [index, area] of areas.entries()) {
        const first = areas.indexOf(area);
        stage.claim(group, {
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
    async run(stage) {
      claimCount(stage, await stage.extract("crowd"), { least: mostFaces, most: mostFaces });
    },
  },
  {
    id: "attributes-are-plausible",
    operation: "ApiFaceExtractPost",
    title: "eyes lie in the face, the face in the head, scores between 0 and 1, the roll along the eyes",
    images: ["alice-1", "alice-2", "bob", "group"],
    async run(stage) {
      for (const role of ["alice-1", "alice-2", "bob", "group"] as const) {
        const step = await stage.extract(role);
        if (!stage.claimStatus(step, 200)) continue;
        for (const [index, face] of readStep(step).faces.entries()) {
          for (const { place, ...claim } of plausibleFigures(face))
            stage.claim(step, { instancePath: `body /faces/${index}/attributes${place}`, ...claim });
        }
      }
    },
  },
  {
    id: "attributes-belong-to-the-face-sent",
    operation: "ApiFaceExtractPost",
    title: "register, update, search and extract measure the same in one picture, and not in two",
    images: ["alice-1", "alice-2", "bob"],
    async run(stage) {
      const registered = await stage.register("alice-1");
      const alice = [registered, await stage.search("alice-1"), await stage.extract("alice-1")];
      const second = [
        await stage.register("alice-2"),
        await stage.search("alice-2"),
        await stage.extract("alice-2"),
      ];
      const updated = await stage.update(registered.id, "bob");
      // Search finds somebody even where the update did nothing.
      const other = await stage.register("bob", { note: "as another subject" });
      const bob = [updated, other, await stage.search("bob"), await stage.extract("bob")];

      // The registrations' own status is claimed already.
      for (const step of [...alice.slice(1), ...second.slice(1), updated, ...bob.slice(2)])
        stage.claimStatus(step, 200);
      const figures = [alice, second, bob].map((witnesses) => claimAgreement(stage, witnesses));
      for (const [index, witnesses] of [second, bob].entries()) {
        const extracted = witnesses.at(-1)!;
        stage.claim(extracted, {
          instancePath: "body /faces/0/attributes",
          holds: JSON.stringify(figures[index + 1]) !== JSON.stringify(figures[0]),
          expected: "other figures than those of alice-1",
          actual: "the same figures",
        });
      }
    },
  },
];

const mostFaces = 20;
const sides = ["left", "top", "right", "bottom"];

/** A face card says how many faces it shows; of another picture it is not known. */
function knownFaces(stage: Stage, role: ImageRole): number | undefined {
  const card = readFaceCard(Buffer.from(stage.image(role), "base64"));
  return card && "faces" in card ? Math.min(card.faces.length, mostFaces) : undefined;
}

function claimCount(stage: Stage, step: Step, { least, most }: { least: number; most: number }): boolean {
  if (!stage.claimStatus(step, 200)) return false;
  const { length } = readStep(step).faces;
  return stage.claim(step, {
    instancePath: "body /faces",
    holds: length >= least && length <= most,
    expected: least === most ? `a list of ${least}` : `a list of ${least} to ${most}`,
    actual: `a list of ${length}`,
  });
}

/** Of the answers to one picture the one that stands alone is wrong. Gives the figures of the others. */
function claimAgreement(stage: Stage, witnesses: Step[]): Figures {
  const statements = witnesses
    .filter(({ status }) => status < 300)
    .map((step) => {
      const { attributes, faces } = readStep(step);
      const extracted = step.operation === "ApiFaceExtractPost";
      return {
        step,
        root: extracted ? "body /faces/0/attributes" : "body /attributes",
        figures: (extracted ? faces[0] : attributes) ?? {},
      };
    });
  const names = statements.map(({ figures }) => JSON.stringify(figures));
  const support = names.map((name) => names.filter((other) => other === name).length);
  const agreed = statements[support.indexOf(Math.max(...support))];
  if (!agreed) return {};
  for (const { step, root, figures } of statements) {
    for (const place of new Set([...Object.keys(agreed.figures), ...Object.keys(figures)])) {
      stage.claim(step, {
        instancePath: `${root}${place}`,
        holds: figures[place] === agreed.figures[place],
        expected: `${shownValue(agreed.figures[place])}, as ${agreed.step.location} says`,
        actual: shownValue(figures[place]),
      });
    }
  }
  return agreed.figures;
}

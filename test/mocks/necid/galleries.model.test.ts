import { hash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { face } from "../../../contracts/necid/faces/faces.ts";
import { attributesOf } from "../../../mocks/necid/attributes.ts";
import { readFaces } from "../../../mocks/necid/face.ts";
import { scoreOf } from "../../../mocks/necid/score.ts";
import type { ServiceResponse } from "../../../mocks/world/service.ts";
import { apiKeys, card, openService } from "./open-service.ts";

const seed = Number(process.env.FC_SEED ?? 20_261_123);
const sequences = 2000;

test(`${sequences} random sequences of operations answer as a simple model does (FC_SEED=${seed})`, () => {
  console.info(`fast-check seed ${seed}, ${sequences} sequences`);
  fc.assert(
    fc.property(fc.commands(steps, { size: "+1" }), (sequence) => {
      fc.modelRun(
        () => ({ model: { subjects: [], ids: [] }, real: openService({ seed: "model" }) }),
        sequence,
      );
    }),
    { seed, numRuns: sequences },
  );
}, 180_000);

/** A picture, and who is in it by the way it was made. */
type Picture = { image: string; people: Person[] | "unreadable" };
type Person = { identity: string; photo: number; poor: boolean };

/** The simple model: every subject in one list, in the order of registration, with the picture it shows. */
type Model = {
  subjects: { id: string; application: string; person: Person; picture: Picture }[];
  /** Every id that was ever given. */
  ids: string[];
};
type Real = ReturnType<typeof openService>;

const refusals = {
  noFace: [400, "NoFace", 2001],
  poorQuality: [400, "PoorQuality", 2002],
  unreadable: [400, "InvalidRequest", 1001],
} as const;

/** Who counts in a picture where one person is wanted, or why it is refused. */
function onePerson({ people }: Picture): Person | readonly unknown[] {
  if (people === "unreadable") return refusals.unreadable;
  const [first] = people;
  if (!first) return refusals.noFace;
  return first.poor ? refusals.poorQuality : first;
}

function isRefusal(outcome: Person | readonly unknown[]): outcome is readonly unknown[] {
  return Array.isArray(outcome);
}

function errorOf(answer: ServiceResponse): unknown[] {
  const { errorType, errorCode } = answer.body as { errorType: string; errorCode: number };
  return [answer.status, errorType, errorCode];
}

const notFound = { status: 404, body: undefined };

function measured({ image }: Picture, index = 0) {
  return attributesOf(readFaces(Buffer.from(image, "base64"))[index]!);
}

/** What a score must be, from what the model knows; the exact figure is the service's own. */
function score(probe: Picture, subject: Model["subjects"][number]): number {
  const [person] = probe.people as Person[];
  const figure = scoreOf(faceIn(probe), faceIn(subject.picture));
  const same = person!.identity === subject.person.identity;
  const identical = probe.image === subject.picture.image;
  const [least, most] = identical ? [9999, 9999] : same ? [7000, 9950] : [0, 3999];
  expect(figure).toBeGreaterThanOrEqual(least!);
  expect(figure).toBeLessThanOrEqual(most!);
  return figure;
}

function faceIn({ image }: Picture) {
  return readFaces(Buffer.from(image, "base64"))[0]!;
}

type Step = (model: Model, real: Real) => void;

const people = fc.record({
  identity: fc.constantFrom("alice", "bob", "carol", "dave", "Zoë", "李"),
  photo: fc.integer({ min: 1, max: 3 }),
  poor: fc.boolean(),
});

const goodPeople = people.map((person) => ({ ...person, poor: false }));

const pictures: fc.Arbitrary<Picture> = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(goodPeople, fc.boolean()).map(([person, png]) => picture([person], png)) },
  { weight: 2, arbitrary: fc.constantFrom("one image", "two", "three").map(plain) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.array(people, { maxLength: 25 }), fc.boolean())
      .map(([group, png]) => picture(group, png)),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom("alice?quality=2", "?photo=1", "alice?photo=0", "a?b").map(unreadable),
  },
);

function picture(group: Person[], png: boolean): Picture {
  const list = group.length === 0 ? "none" : group.map(listed).join(";");
  return { image: png ? drawn(list) : card(list), people: group };
}

/** Compressing a picture takes longer than everything else here. */
const alreadyDrawn = new Map<string, string>();

function drawn(list: string): string {
  const image = alreadyDrawn.get(list) ?? face(list);
  alreadyDrawn.set(list, image);
  return image;
}

function listed({ identity, photo, poor }: Person): string {
  return `${identity}?photo=${photo}${poor ? "&quality=0.44" : ""}`;
}

function plain(text: string): Picture {
  const bytes = Buffer.from(text);
  return {
    image: bytes.toString("base64"),
    people: [{ identity: hash("sha256", bytes), photo: 1, poor: false }],
  };
}

function unreadable(list: string): Picture {
  return { image: card(list), people: "unreadable" };
}

const applications = fc.constantFrom(...apiKeys, "a key of nobody's");
const places = fc.nat(30);
const thresholds = fc.option(
  fc.oneof(fc.integer({ min: 0, max: 9999 }), fc.constantFrom(0, 4000, 7000, 9999)),
  {
    nil: undefined,
  },
);
const limits = fc.option(fc.integer({ min: 1, max: 50 }), { nil: undefined });

/** One of the ids that were ever given, so that many are unregistered or another application's. */
function pick({ ids }: Model, place: number): string {
  return ids[place % Math.max(1, ids.length)] ?? "necidguid-0000-0000-0000-000000000000";
}

const steps: fc.Arbitrary<fc.Command<Model, Real>>[] = [
  fc.tuple(pictures, applications).map(([given, application]) =>
    step(`register ${application}`, (model, real) => {
      const answer = real.register(given.image, application)!;
      const person = onePerson(given);
      if (isRefusal(person)) return expect(errorOf(answer)).toEqual(person);
      const { id } = answer.body as { id: string };
      expect(answer).toEqual({ status: 201, body: { id, attributes: measured(given) } });
      expect(model.ids).not.toContain(id);
      model.ids.push(id);
      model.subjects.push({ id, application, person, picture: given });
    }),
  ),
  fc.tuple(pictures, applications, places).map(([given, application, place]) =>
    step(`update ${place} ${application}`, (model, real) => {
      const id = pick(model, place);
      const answer = real.update(id, given.image, application)!;
      const person = onePerson(given);
      if (isRefusal(person)) return expect(errorOf(answer)).toEqual(person);
      const subject = model.subjects.find((one) => one.id === id && one.application === application);
      if (!subject) return expect(answer).toEqual(notFound);
      expect(answer).toEqual({ status: 200, body: { id, attributes: measured(given) } });
      Object.assign(subject, { person, picture: given });
    }),
  ),
  fc.tuple(applications, places).map(([application, place]) =>
    step(`unregister ${place} ${application}`, (model, real) => {
      const id = pick(model, place);
      const answer = real.unregister(id, application);
      const index = model.subjects.findIndex((one) => one.id === id && one.application === application);
      if (index < 0) return expect(answer).toEqual(notFound);
      expect(answer).toEqual({ status: 204, body: undefined });
      model.subjects.splice(index, 1);
    }),
  ),
  fc.tuple(pictures, applications, places).map(([probe, application, place]) =>
    step(`verify ${place} ${application}`, (model, real) => {
      const id = pick(model, place);
      const answer = real.verify({ probe: probe.image, id }, application)!;
      const person = onePerson(probe);
      if (isRefusal(person)) return expect(errorOf(answer)).toEqual(person);
      const subject = model.subjects.find((one) => one.id === id && one.application === application);
      const figure = subject ? score(probe, subject) : 0;
      expect(answer).toEqual(figure >= 7000 ? { status: 200, body: { id, score: figure } } : notFound);
    }),
  ),
  fc
    .record({ probe: pictures, application: applications, threshold: thresholds, limit: limits })
    .map(({ probe, application, threshold, limit }) =>
      step(`search ${threshold} ${limit} ${application}`, (model, real) => {
        const options = {
          ...(threshold !== undefined && { threshold }),
          ...(limit !== undefined && { limit }),
        };
        const answer = real.search({ probe: probe.image, ...options }, application)!;
        const person = onePerson(probe);
        if (isRefusal(person)) return expect(errorOf(answer)).toEqual(person);
        const candidates = model.subjects
          .filter((subject) => subject.application === application)
          .map((subject) => ({ id: subject.id, score: score(probe, subject) }))
          .filter((candidate) => candidate.score >= (threshold ?? 7000))
          .sort((a, b) => b.score - a.score)
          .slice(0, limit ?? 10);
        if (candidates.length === 0) return expect(answer).toEqual(notFound);
        expect(answer).toEqual({ status: 200, body: { candidates, attributes: measured(probe) } });
      }),
    ),
  fc.tuple(pictures, applications).map(([shown, application]) =>
    step(`extract ${application}`, (_, real) => {
      const answer = real.extract(shown.image, application)!;
      if (shown.people === "unreadable") return expect(errorOf(answer)).toEqual(refusals.unreadable);
      const faces = shown.people.slice(0, 20).map((_, index) => ({ attributes: measured(shown, index) }));
      expect(answer).toEqual(faces.length > 0 ? { status: 200, body: { faces } } : notFound);
    }),
  ),
  fc.constant(
    step("save and load", (model, real) => {
      real.state.load(JSON.parse(JSON.stringify(real.state.save())));
      // Galleries of keys that the world does not know are not saved.
      model.subjects = model.subjects.filter(({ application }) => apiKeys.includes(application));
    }),
  ),
];

function step(name: string, run: Step): fc.Command<Model, Real> {
  return { check: () => true, run, toString: () => name };
}

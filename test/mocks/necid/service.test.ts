import { expect, test } from "vitest";
import openapi from "#generated/necid-v1/openapi.json" with { type: "json" };
import { face } from "../../../contracts/necid/faces/faces.ts";
import { attributesOf } from "../../../mocks/necid/attributes.ts";
import { readFaces } from "../../../mocks/necid/face.ts";
import { apiKeys, card, idOf, openService, operations } from "./open-service.ts";

const notFound = { status: 404, body: undefined };
const noFace = {
  status: 400,
  body: { message: "No face was found in the image.", errorCode: 2001, errorType: "NoFace" },
};
const poorQuality = {
  status: 400,
  body: { message: "The quality of the face is too low.", errorCode: 2002, errorType: "PoorQuality" },
};
const unknownId = "necidguid-0000-0000-0000-000000000000";

test("a face is registered: 201, a new id, what was measured in the face", () => {
  const { register } = openService();
  const answer = register(face("alice"));
  expect(answer).toEqual({ status: 201, body: { id: idOf(answer), attributes: measured(face("alice")) } });
  expect(idOf(answer)).toMatch(/^necidguid-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
});

test("the same person can be registered twice and has two ids", () => {
  const { register, search } = openService();
  const [first, second] = [idOf(register(face("alice"))), idOf(register(face("alice")))];
  expect(second).not.toBe(first);
  expect(candidatesOf(search({ probe: face("alice") }))).toEqual([
    { id: first, score: 9999 },
    { id: second, score: 9999 },
  ]);
});

test("an update gives the subject another face", () => {
  const { register, update, verify } = openService();
  const id = idOf(register(face("alice")));
  expect(update(id, face("bob"))).toEqual({ status: 200, body: { id, attributes: measured(face("bob")) } });
  expect(verify({ id, probe: face("alice") })).toEqual(notFound);
  expect(verify({ id, probe: face("bob") })).toEqual({ status: 200, body: { id, score: 9999 } });
});

test("an update of an unknown id is not found", () => {
  expect(openService().update(unknownId, face("alice"))).toEqual(notFound);
});

test("an update of an unregistered id is not found", () => {
  const { register, unregister, update } = openService();
  const id = idOf(register(face("alice")));
  unregister(id);
  expect(update(id, face("alice"))).toEqual(notFound);
});

test("a subject is unregistered once; then it is not found, by anything", () => {
  const { register, unregister, verify, search } = openService();
  const id = idOf(register(face("alice")));
  expect(unregister(id)).toEqual({ status: 204, body: undefined });
  expect(unregister(id)).toEqual(notFound);
  expect(verify({ id, probe: face("alice") })).toEqual(notFound);
  expect(search({ probe: face("alice") })).toEqual(notFound);
});

test("another photo of the same person is verified, with 7000 or more", () => {
  const { register, verify } = openService();
  const id = idOf(register(face("alice")));
  for (let photo = 2; photo < 50; photo++) {
    const answer = verify({ id, probe: face("alice", { photo }) });
    expect(answer).toEqual({ status: 200, body: { id, score: expect.any(Number) } });
    expect((answer!.body as { score: number }).score).toBeGreaterThanOrEqual(7000);
  }
});

test("a stranger is not verified, nor is an id that nobody has", () => {
  const { register, verify } = openService();
  const id = idOf(register(face("alice")));
  expect(verify({ id, probe: face("mallory") })).toEqual(notFound);
  expect(verify({ id: unknownId, probe: face("alice") })).toEqual(notFound);
  expect(verify({ id: "alice", probe: face("alice") })).toEqual(notFound);
});

test("a search finds nobody in an empty gallery and nobody among strangers", () => {
  const { register, search } = openService();
  expect(search({ probe: face("alice"), threshold: 0 })).toEqual(notFound);
  register(face("bob"));
  expect(search({ probe: face("alice") })).toEqual(notFound);
});

test("a search returns the best first, at most ten by default, and what was measured in the probe", () => {
  const { register, search } = openService();
  for (let photo = 1; photo <= 60; photo++) register(face("alice", { photo }));
  register(face("bob"));
  const probe = face("alice", { photo: 33 });
  const answer = search({ probe });
  const found = candidatesOf(answer);
  expect(answer!.body).toEqual({ candidates: found, attributes: measured(probe) });
  expect(found).toHaveLength(10);
  expect(found[0]!.score).toBe(9999);
  expect(found).toEqual(found.toSorted((a, b) => b.score - a.score));
  expect(candidatesOf(search({ probe, limit: 1 }))).toEqual(found.slice(0, 1));
  expect(candidatesOf(search({ probe, limit: 50 })).slice(0, 10)).toEqual(found);
});

test("a search answers nobody below the threshold", () => {
  const { register, search } = openService();
  for (let photo = 1; photo <= 40; photo++) register(face("alice", { photo }));
  const probe = face("alice", { photo: 41 });
  const all = candidatesOf(search({ probe, limit: 50 }));
  const threshold = all[20]!.score;
  const reached = all.filter(({ score }) => score >= threshold);
  expect(candidatesOf(search({ probe, limit: 50, threshold }))).toEqual(reached);
  expect(search({ probe, threshold: 9951 })).toEqual(notFound);
});

test("a search at threshold 0 answers strangers too, behind the person", () => {
  const { register, search } = openService();
  for (let index = 0; index < 60; index++) register(card(`stranger ${index}`));
  const id = idOf(register(face("alice")));
  const found = candidatesOf(search({ probe: face("alice"), threshold: 0, limit: 50 }));
  expect(found).toHaveLength(50);
  expect(found[0]).toEqual({ id, score: 9999 });
  expect(Math.max(...found.slice(1).map(({ score }) => score))).toBeLessThan(7000);
});

test("plain images are found again by their bytes", () => {
  const { register, search } = openService();
  const [one, other] = ["one picture", "another picture"].map((text) => Buffer.from(text).toString("base64"));
  const id = idOf(register(one!));
  expect(candidatesOf(search({ probe: one! }))).toEqual([{ id, score: 9999 }]);
  expect(search({ probe: other! })).toEqual(notFound);
});

test("extract answers the faces from left to right, and no more than twenty", () => {
  const { extract } = openService();
  const people = Array.from({ length: 25 }, (_, index) => `person${index}`).join(";");
  expect(extract(card("alice;none;bob?photo=2"))).toEqual({
    status: 200,
    body: { faces: readFaces(imageOf(card("alice;none;bob?photo=2"))).map(extracted) },
  });
  expect(extract(card(people))).toEqual({
    status: 200,
    body: {
      faces: readFaces(imageOf(card(people)))
        .slice(0, 20)
        .map(extracted),
    },
  });
});

test("extract of a picture without a face is not found; poor faces are extracted", () => {
  const { extract } = openService();
  expect(extract(face("none"))).toEqual(notFound);
  expect(extract(face("alice", { quality: 0.1 }))).toMatchObject({
    body: { faces: [{ attributes: { faceQualityScore: "0.1" } }] },
  });
});

test.each([
  ["no face", face("none"), noFace],
  ["nobody among several", card("none;none"), noFace],
  ["quality below 0.45", face("alice", { quality: 0.4499 }), poorQuality],
  ["the first of several counts", card("alice?quality=0.1;bob"), poorQuality],
  [
    "an unknown parameter of a face card",
    card("alice?qualty=0.2"),
    invalid(
      "must be a face card that can be read: face 1 has an unknown parameter 'qualty'; known are photo, quality, roll, pan, tilt, frontal, like, width, height.",
    ),
  ],
])("%s: 400 wherever one face is wanted, known id or not", (_, picture, want) => {
  const { register, update, verify, search, state } = openService();
  const id = idOf(register(face("alice")));
  const before = state.save();
  const refusal = (property: string) => (typeof want === "function" ? want(property) : want);
  expect(register(picture)).toEqual(refusal("face"));
  expect(update(id, picture)).toEqual(refusal("face"));
  expect(update(unknownId, picture)).toEqual(refusal("face"));
  expect(verify({ id, probe: picture })).toEqual(refusal("probe"));
  expect(verify({ id: unknownId, probe: picture })).toEqual(refusal("probe"));
  expect(search({ probe: picture })).toEqual(refusal("probe"));
  expect(state.save()).toEqual(before);
});

test("a face card that cannot be read is invalid for extract too", () => {
  expect(openService().extract(card("alice;?photo=2"))).toEqual(
    invalid("must be a face card that can be read: face 2 has no name; nobody is written none.")("faces"),
  );
});

test("a quality of 0.45 is good enough, and of several faces the first is registered", () => {
  const { register, verify } = openService();
  const id = idOf(register(card("alice?quality=0.45;bob?quality=0.1")));
  expect(verify({ id, probe: face("alice") })).toMatchObject({ status: 200 });
  expect(verify({ id, probe: face("bob") })).toEqual(notFound);
});

test("NoFace and PoorQuality are worded as in the contract's examples", () => {
  const documented = Object.values(openapi.paths)
    .flatMap((path) => Object.values(path))
    .flatMap((operation) => {
      const examples = operation.responses["400"]?.content["application/json"].examples ?? {};
      return [examples.NoFace, examples.PoorQuality].filter(Boolean).map(({ value }) => value);
    });
  expect(documented).toEqual(Array(4).fill([noFace.body, poorQuality.body]).flat());
});

test("each application has its own gallery; the ids of one are unknown in the other", () => {
  const { register, update, unregister, verify, search } = openService();
  const [one, two] = apiKeys;
  const id = idOf(register(face("alice"), one));
  expect(search({ probe: face("alice") }, two)).toEqual(notFound);
  expect(verify({ id, probe: face("alice") }, two)).toEqual(notFound);
  expect(update(id, face("alice"), two)).toEqual(notFound);
  expect(unregister(id, two)).toEqual(notFound);
  expect(verify({ id, probe: face("alice") }, one)).toEqual({ status: 200, body: { id, score: 9999 } });
});

test("an API key that the world does not know has a gallery as well, which is not saved", () => {
  const { register, search, state } = openService();
  const empty = state.save();
  const id = idOf(register(face("alice"), "somebody's key"));
  expect(candidatesOf(search({ probe: face("alice") }, "somebody's key"))).toEqual([{ id, score: 9999 }]);
  expect(search({ probe: face("alice") })).toEqual(notFound);
  expect(state.save()).toEqual(empty);
});

test("of more than a thousand unknown API keys the oldest gallery is dropped, however many only look", () => {
  const { register, search } = openService();
  for (let key = 0; key < 1000; key++) register(card("alice"), `key ${key}`);
  for (let key = 1000; key < 2000; key++) search({ probe: card("alice") }, `key ${key}`);
  expect(search({ probe: card("alice") }, "key 0")).toMatchObject({ status: 200 });
  register(card("alice"), "key 1000");
  expect(search({ probe: card("alice") }, "key 0")).toEqual(notFound);
  expect(search({ probe: card("alice") }, "key 1")).toMatchObject({ status: 200 });
});

test("the same seed gives the same ids, another seed others", () => {
  const ids = (seed: string) => {
    const { register } = openService({ seed });
    return Array.from({ length: 100 }, () => idOf(register(card("alice"))));
  };
  expect(ids("a")).toEqual(ids("a"));
  expect(new Set([...ids("a"), ...ids("b")]).size).toBe(200);
});

test("a listener hears of each change and of nothing else", () => {
  const { register, update, unregister, verify, search, extract, state } = openService();
  let changes = 0;
  state.onChange(() => changes++);
  const heard = (run: () => unknown) => {
    const before = changes;
    run();
    return changes - before;
  };
  let id = "";
  expect([
    heard(() => (id = idOf(register(card("alice"))))),
    heard(() => register(card("none"))),
    heard(() => update(id, card("bob"))),
    heard(() => update(unknownId, card("bob"))),
    heard(() => verify({ id, probe: card("bob") })),
    heard(() => search({ probe: card("bob") })),
    heard(() => extract(card("bob"))),
    heard(() => unregister(id)),
    heard(() => unregister(id)),
    heard(() => state.seed({ 1: ["carol"] })),
    heard(() => state.load(state.save())),
    heard(() => state.reset()),
  ]).toEqual([1, 0, 1, 0, 0, 0, 0, 1, 0, 1, 1, 1]);
});

test("health and OPTIONS are left to the contract", () => {
  const { ask } = openService();
  const others = [...operations.keys()].filter((key) => !key.startsWith("Api"));
  expect(others.map((key) => ask(key, { id: "x" }))).toEqual(others.map(() => undefined));
  expect(others).toContain("GET /health");
});

function candidatesOf(answer: { status: number; body: unknown } | undefined) {
  return (answer!.body as { candidates: { id: string; score: number }[] }).candidates;
}

function imageOf(picture: string): Buffer {
  return Buffer.from(picture, "base64");
}

function measured(picture: string) {
  return attributesOf(readFaces(imageOf(picture))[0]!);
}

function extracted(found: Parameters<typeof attributesOf>[0]) {
  return { attributes: attributesOf(found) };
}

function invalid(rule: string) {
  return (property: string) => ({
    status: 400,
    body: { message: `${property} property ${rule}`, errorCode: 1001, errorType: "InvalidRequest" },
  });
}

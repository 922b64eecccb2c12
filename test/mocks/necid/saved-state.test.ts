import { expect, test } from "vitest";
import { face } from "../../../contracts/necid/faces/faces.ts";
import { type Seed, StateError } from "../../../mocks/world/service.ts";
import { apiKeys, card, idOf, openService } from "./open-service.ts";

const id = "necidguid-fcdf-49eb-9182-5a6825ed2a3b";
const otherId = "necidguid-ad57-465b-b538-71b6c9b02447";
const digest = "0".repeat(64);
const alice = { id, identity: "alice", photo: 1, digest };

test("a seed lists faces for each application, with an id where one is wanted", () => {
  const { state, verify, search } = openService();
  const seeded = state.seed({ "1": ["alice", "bob?photo=2", { id, face: "carol" }], "2": [] }) as Record<
    string,
    { id: string; face: string }[]
  >;
  expect(seeded).toEqual({
    "1": [
      { id: expect.stringMatching(/^necidguid-/), face: "alice" },
      { id: expect.stringMatching(/^necidguid-/), face: "bob?photo=2" },
      { id, face: "carol" },
    ],
    "2": [],
  });
  for (const { id, face } of seeded["1"]!)
    expect(verify({ id, probe: card(face) })).toEqual({ status: 200, body: { id, score: 9999 } });
  expect(verify({ id, probe: face("carol") })).toMatchObject({ status: 200 });
  expect(search({ probe: face("alice") }, apiKeys[1])).toEqual({ status: 404, body: undefined });
});

test("what a seed answers is a seed, and seeding adds to what is there", () => {
  const one = openService();
  const other = openService({ seed: "other" });
  const seeded = one.state.seed({ 1: ["alice"], 2: ["bob"] });
  const registered = idOf(other.register(card("carol")));
  expect(other.state.seed(seeded)).toEqual(seeded);
  expect(other.verify({ id: registered, probe: card("carol") })).toMatchObject({ status: 200 });
});

test("an id of a seed is never drawn for a face beside it", () => {
  const [drawn] = (openService().state.seed({ 1: ["alice"] }) as Record<string, { id: string }[]>)["1"]!;
  const { state } = openService();
  state.seed({ 1: ["bob", { id: drawn!.id, face: "alice" }] });
  expect(subjectsOf(state.save())).toMatchObject([{ identity: "bob" }, { id: drawn!.id, identity: "alice" }]);
});

test("the whole state, as it is saved: no image, no attributes, no API key", () => {
  const { register, state } = openService();
  const saved = (face: string, application?: string) => idOf(register(face, application));
  const ids = [
    saved(card("alice?photo=2&quality=0.9")),
    saved(Buffer.from("a picture").toString("base64"), apiKeys[1]),
  ];
  const pictureDigest = "92b2fa58028958317e408bd84ecfa70f5ee35b121991dbc232c49d166353708b";
  expect(state.save()).toEqual({
    version: 1,
    applications: [
      {
        application: 1,
        subjects: [
          { id: ids[0], identity: "alice", photo: 2, digest: expect.stringMatching(/^[0-9a-f]{64}$/) },
        ],
      },
      {
        application: 2,
        subjects: [{ id: ids[1], identity: pictureDigest, photo: 1, digest: pictureDigest }],
      },
    ],
  });
});

test("a loaded state takes the place of everything, and answers as the saved one did", () => {
  const one = openService();
  const other = openService({ seed: "other" });
  const known = idOf(one.register(face("alice")));
  const image = Buffer.from("a picture").toString("base64");
  one.register(image);
  one.register(face("bob"), apiKeys[1]);
  const unknown = idOf(other.register(face("carol")));

  other.state.load(JSON.parse(JSON.stringify(one.state.save())));
  expect(other.state.save()).toEqual(one.state.save());
  expect(other.verify({ id: unknown, probe: face("carol") })).toMatchObject({ status: 404 });
  expect(other.verify({ id: known, probe: face("alice") })).toMatchObject({ body: { score: 9999 } });
  for (const probe of [face("alice", { photo: 7 }), image])
    expect(other.search({ probe })).toEqual(one.search({ probe }));
});

test("after a state of the same seed is loaded, new ids are still new", () => {
  const one = openService();
  for (let index = 0; index < 2000; index++) one.register(card("alice"));
  const again = openService();
  again.state.load(one.state.save());
  again.register(card("alice"));
  expect(new Set(subjectsOf(again.state.save()).map(({ id }) => id)).size).toBe(2001);
});

test("a reset service is empty and registers again", () => {
  const { register, search, state } = openService();
  const empty = state.save();
  register(face("alice"));
  register(face("alice"), "unknown key");
  state.reset();
  expect(state.save()).toEqual(empty);
  expect(search({ probe: face("alice") }, "unknown key")).toMatchObject({ status: 404 });
  expect(register(face("alice"))).toMatchObject({ status: 201 });
});

test("100,000 subjects are saved and loaded within seconds", () => {
  const { state } = openService();
  state.seed({ 1: Array.from({ length: 100_000 }, (_, index) => `person ${index}`) });
  const saved = JSON.stringify(state.save());
  state.load(JSON.parse(saved));
  expect(JSON.stringify(state.save())).toBe(saved);
});

const badStates: [name: string, given: { saved: unknown; want: string }][] = [
  ["no object", { saved: [], want: "The whole must be a JSON object" }],
  ["null", { saved: null, want: "The whole must be a JSON object" }],
  ["another version", { saved: { version: 2, applications: [] }, want: "/version must be 1" }],
  [
    "an unknown property",
    {
      saved: { version: 1, applications: [], apiKeys: [] },
      want: "The whole must have no property but version, applications, and has 'apiKeys'",
    },
  ],
  ["no applications", { saved: { version: 1 }, want: "/applications must be a list" }],
  [
    "an application that is none",
    { saved: { version: 1, applications: [7] }, want: "/applications/0 must be a JSON object" },
  ],
  [
    "an application too many",
    {
      saved: { version: 1, applications: [{ application: 3, subjects: [] }] },
      want: "/applications/0/application must be an application, 1 to 2",
    },
  ],
  [
    "an application twice",
    {
      saved: {
        version: 1,
        applications: [
          { application: 1, subjects: [] },
          { application: 1, subjects: [] },
        ],
      },
      want: "/applications/1/application must not be there twice",
    },
  ],
  ["subjects that are no list", { saved: state({}), want: "/applications/0/subjects must be a list" }],
  [
    "a subject that is none",
    { saved: state(["alice"]), want: "/applications/0/subjects/0 must be a JSON object" },
  ],
  [
    "a bad id",
    {
      saved: state([alice, { ...alice, id: "1" }]),
      want: "/applications/0/subjects/1/id must be necidguid- and 4-4-4-12 hexadecimal digits",
    },
  ],
  [
    "an id twice",
    {
      saved: state([alice, { ...alice, identity: "bob" }]),
      want: "/applications/0/subjects/1/id must be an id that no other subject has",
    },
  ],
  [
    "no identity",
    { saved: state([{ ...alice, identity: "" }]), want: "/applications/0/subjects/0/identity must be text" },
  ],
  [
    "a photo in text",
    {
      saved: state([{ ...alice, photo: "1" }]),
      want: "/applications/0/subjects/0/photo must be a whole number from 1",
    },
  ],
  [
    "a short digest",
    {
      saved: state([{ ...alice, digest: "00" }]),
      want: "/applications/0/subjects/0/digest must be 64 hexadecimal digits, a to f in lower case",
    },
  ],
  [
    "a prototype",
    {
      saved: state([JSON.parse(`{ "__proto__": {}, "id": "${id}" }`)]),
      want: "/applications/0/subjects/0 must have no property but id, identity, photo, digest, like, and has '__proto__'",
    },
  ],
];

test.each(badStates)("a saved state with %s is refused as a whole", (_, { saved, want }) => {
  const { state } = openService();
  state.seed({ 1: ["dave"] });
  const before = state.save();
  expect(errorOf(() => state.load(saved))).toEqual(`${want}. Nothing was loaded.`);
  expect(state.save()).toEqual(before);
});

const badSeeds: [name: string, given: { listed: unknown; want: string }][] = [
  ["a list", { listed: ["alice"], want: "The whole must be a JSON object" }],
  ["an unknown application", { listed: { 1: ["alice"], 3: [] }, want: "/3 must be an application, 1 to 2" }],
  ["an API key", { listed: { "key-1": ["alice"] }, want: "/key-1 must be an application, 1 to 2" }],
  ["a name to escape", { listed: { "a/b~": [] }, want: "/a~1b~0 must be an application, 1 to 2" }],
  ["no list", { listed: { 1: "alice" }, want: "/1 must be a list" }],
  ["a number", { listed: { 1: ["alice", 7] }, want: "/1/1 must be a JSON object" }],
  ["nobody", { listed: { 1: ["none"] }, want: "/1/0 must be one face" }],
  ["several faces in one", { listed: { 1: ["alice;bob"] }, want: "/1/0 must be one face" }],
  [
    "a misspelt parameter",
    {
      listed: { 1: ["alice?foto=2"] },
      want: "/1/0 is no face card: face 1 has an unknown parameter 'foto'; known are photo, quality, roll, pan, tilt, frontal, like, width, height",
    },
  ],
  [
    "no face beside an id",
    { listed: { 1: [{ id: otherId }] }, want: "/1/0/face must be a face as text, such as alice?photo=2" },
  ],
  [
    "an id twice",
    {
      listed: { 1: [{ id: otherId, face: "alice" }], 2: [{ id: otherId, face: "bob" }] },
      want: "/2/0/id must be an id that no other subject has",
    },
  ],
  [
    "an id that is taken",
    {
      listed: { 1: ["alice", { id, face: "alice" }] },
      want: "/1/1/id must be an id that no other subject has",
    },
  ],
  [
    "a misspelt property",
    {
      listed: { 1: [{ ID: id, face: "alice" }] },
      want: "/1/0 must have no property but id, face, and has 'ID'",
    },
  ],
];

test.each(badSeeds)("a seed with %s is refused as a whole", (_, { listed, want }) => {
  const { state } = openService();
  state.seed({ 2: [{ id, face: "dave" }] });
  const before = state.save();
  expect(errorOf(() => state.seed(listed as Seed))).toEqual(`${want}. Nothing was loaded.`);
  expect(state.save()).toEqual(before);
});

function state(subjects: unknown) {
  return { version: 1, applications: [{ application: 1, subjects }] };
}

function subjectsOf(saved: unknown) {
  const { applications } = saved as { applications: { subjects: { id: string; identity: string }[] }[] };
  return applications.flatMap(({ subjects }) => subjects);
}

function errorOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof StateError) return error.message;
    throw error;
  }
  return "no error";
}

import { hash } from "node:crypto";
import { beforeEach, expect, test } from "vitest";
import { createGallery, type Gallery, type KnownFace } from "../../../mocks/necid/gallery.ts";
import { scoreOf } from "../../../mocks/necid/score.ts";

let gallery: Gallery;
beforeEach(() => {
  gallery = createGallery();
});

test("what is added can be got, replaced, listed in its order, and removed", () => {
  gallery.add("1", face("alice"));
  gallery.add("2", face("bob"));
  expect(gallery.size).toBe(2);
  expect(gallery.replace("1", face("carol", 2))).toBe(true);
  expect(gallery.get("1")).toMatchObject({ id: "1", ...face("carol", 2) });
  expect([...gallery.list()].map(({ id, identity }) => [id, identity])).toEqual([
    ["1", "carol"],
    ["2", "bob"],
  ]);
  expect(gallery.remove("1")).toBe(true);
  expect([gallery.get("1"), gallery.size]).toEqual([undefined, 1]);
});

test("an unknown id changes nothing", () => {
  gallery.add("1", face("alice"));
  expect([gallery.get("2"), gallery.replace("2", face("bob")), gallery.remove("2")]).toEqual([
    undefined,
    false,
    false,
  ]);
  expect([...gallery.list()]).toMatchObject([{ id: "1", identity: "alice" }]);
});

test("equals are answered as they were registered, also after an update", () => {
  for (const id of ["1", "2", "3", "4"]) gallery.add(id, face("alice"));
  gallery.replace("2", face("bob"));
  gallery.replace("2", face("alice"));
  expect(found({ threshold: 7000, limit: 3 })).toEqual(["1", "2", "3"]);
  expect(found({ threshold: 0, limit: 3 })).toEqual(["1", "2", "3"]);
});

test.each([
  ["the first", ["1"]],
  ["the middle one", ["2"]],
  ["the last", ["3"]],
  ["two", ["3", "1"]],
  ["all", ["2", "1", "3"]],
])("of three pictures of a person, %s removed: the others are found", (_, removed) => {
  for (const id of ["1", "2", "3"]) gallery.add(id, face("alice"));
  for (const id of removed) gallery.remove(id);
  expect(found({ threshold: 7000, limit: 10 })).toEqual(
    ["1", "2", "3"].filter((id) => !removed.includes(id)),
  );
});

test.each([0, 1, 2000, 3998, 3999, 4000, 7000, 8500, 9950, 9951, 9999])(
  "a search at threshold %i finds what looking at each subject finds",
  (threshold) => {
    for (let index = 0; index < 5000; index++)
      gallery.add(`${index}`, face(`person ${index % 700}`, index % 9));
    const probe = face("person 42", 3);
    const want = [...gallery.list()]
      .map((subject) => ({ id: subject.id, score: scoreOf(probe, subject) }))
      .filter(({ score }) => score >= threshold)
      .sort((a, b) => b.score - a.score)
      .slice(0, 50);
    expect(gallery.search(probe, { threshold, limit: 50 })).toEqual(want);
  },
);

test.each([0, 3999, 4000, 6998, 6999, 7000, 9999])(
  "finds look-alikes at threshold %i as by looking at all",
  (threshold) => {
    const like = { identity: "bob", score: 6999 };
    gallery.add("1", face("alice"));
    gallery.add("2", { ...face("alice", 2), like });
    gallery.add("3", face("bob"));
    gallery.add("4", { ...face("bob", 2), like: { identity: "alice", score: 9998 } });
    gallery.add("5", { ...face("carol"), like });
    gallery.replace("5", face("carol"));
    gallery.replace("1", { ...face("alice"), like: { identity: "dave", score: 8000 } });
    const probes = [face("alice", 3), face("bob", 3), face("dave"), { ...face("erin"), like }];
    for (const probe of probes) {
      const all = [...gallery.list()]
        .map((subject) => ({ id: subject.id, score: scoreOf(probe, subject) }))
        .filter(({ score }) => score >= threshold)
        .sort((a, b) => b.score - a.score);
      expect(gallery.search(probe, { threshold, limit: 50 })).toEqual(all);
    }
  },
);

test("a cleared gallery is empty and can be filled again", () => {
  gallery.add("1", face("alice"));
  gallery.clear();
  expect([gallery.size, gallery.get("1"), found({ threshold: 0, limit: 1 })]).toEqual([0, undefined, []]);
  gallery.add("1", face("alice"));
  expect(found({ threshold: 7000, limit: 1 })).toEqual(["1"]);
});

function found(options: { threshold: number; limit: number }): string[] {
  return gallery.search(face("alice"), options).map(({ id }) => id);
}

function face(identity: string, photo = 1): KnownFace {
  return { identity, photo, digest: hash("sha256", `${identity} ${photo}`) };
}

import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type Import, readImports } from "../lab/house/imports.ts";
import { mayImport, mockLayers } from "../lab/house/rooms.ts";

const page = readFileSync("docs/architecture.md", "utf8");
const sections = page.split(/^## /m).slice(1);

/** The walks of the page: the files of each numbered list, in order. */
const walks = sections.flatMap((section) => {
  const files = [...section.matchAll(/^\d+\. `([^`]+\.[jt]s)`/gm)].map(([, file]) => file!);
  return files.length > 0 ? [{ title: section.split("\n")[0]!, files }] : [];
});
const imports = readImports();

describe.each(walks)("the walk $title", ({ files }) => {
  test("names files that exist, each once", () => {
    expect(files.filter((file) => !existsSync(file))).toEqual([]);
    expect(new Set(files).size).toBe(files.length);
  });

  test("goes from each file to one that a file before it imports", () => {
    expect(leaps(files, imports)).toEqual([]);
  });
});

test("there are the three walks", () => {
  expect(walks.map(({ title }) => title)).toEqual([
    "A registration, from socket to response",
    "A Swagger file, from YAML to validators",
    "A schema check, from plan to report",
  ]);
});

test("a wrong walk would be seen", () => {
  const known: Import[] = [{ file: "a.ts", target: "b.ts", kind: "static" }];
  expect(leaps(["a.ts", "b.ts"], known)).toEqual([]);
  expect(leaps(["b.ts", "a.ts"], known)).toEqual(["a.ts"]);
  expect(leaps(["a.ts", "c.ts"], known)).toEqual(["c.ts"]);
});

test("the table of imports is the one that the imports are held to", () => {
  const everything = mayImport.filter(([, allowed]) => allowed.includes("tools")).map(([room]) => room);
  const expected = mayImport
    .filter(([room]) => !["spec", "generated"].includes(room))
    .map(([room, allowed]) => [room, everything.includes(room) ? "everything" : allowed.join(", ")]);
  const table = /^\| room \| may import \|\n(.*\n)+?\n/m.exec(page)![0];
  const shown = [...table.matchAll(/^\| (`.+`) \| (.+) \|$/gm)].flatMap(([, rooms, allowed]) => {
    const names = [...allowed!.matchAll(/`([^`]+)`/g)].map(([, name]) => name);
    const text = allowed!.startsWith("everything") ? "everything" : names.join(", ");
    return rooms!.split(", ").map((room) => [room.replaceAll("`", ""), text]);
  });
  expect(shown.toSorted()).toEqual(expected.toSorted());
});

test("the layers of the mock are those that the imports are held to", () => {
  const [, line] = /^(random ← .*)$/m.exec(page)!;
  const layers = line!.split(" ← ").map((layer) => layer.split(", "));
  expect(layers).toEqual([...mockLayers, ["mock.ts", "vitest.ts"]]);
});

/** The files of a walk that no file before them imports. */
function leaps(files: readonly string[], known: readonly Import[]): string[] {
  return files.filter((file, index) => {
    const before = new Set(files.slice(0, index));
    return index > 0 && !known.some((one) => one.target === file && before.has(one.file));
  });
}

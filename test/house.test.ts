import { existsSync, globSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  circles,
  folderEdges,
  type Import,
  importsIn,
  readImports,
  sourceFiles,
} from "./lab/house/imports.ts";
import { mayImport, mockLayers } from "./lab/house/rooms.ts";

/** Commands of the product. They load what they do not share when its verb runs. */
const commandLine = new Set(["tools/commands/necid.ts", "tools/commands/command-line.ts"]);

/** Tests without a source file of the same name: they test a command, a document or the whole. */
const wholeTests = [
  /^test\/(docs|lab|security|spec)\//,
  /^test\/house\.test\.ts$/,
  /^test\/tools\/commands\//,
];

const mostFiles = 20;
const files = sourceFiles();
// This file quotes imports that are not allowed.
const imports = readImports().filter(({ file }) => file !== "test/house.test.ts");
const product = imports.filter(({ file }) => !/^(test|examples)\//.test(file));

describe("the rooms", () => {
  test("import only what the table allows", () => {
    expect(imports.filter((one) => !isAllowed(one))).toEqual([]);
  });

  test("have no circle between files", () => {
    expect(circles(imports.map(({ file, target }) => [file, target]))).toEqual([]);
  });

  test("have no circle between folders", () => {
    expect(circles(folderEdges(product))).toEqual([]);
  });

  test(`have at most ${mostFiles} source files in a folder`, () => {
    const folders = Map.groupBy(files, (file) => file.replace(/\/[^/]+$/, ""));
    expect([...folders].filter(([, inside]) => inside.length > mostFiles).map(([folder]) => folder)).toEqual(
      [],
    );
  });

  // `a.test.ts` and `a.aspect.test.ts` are tests of `a.ts`.
  test("have the tests of a file under the same path", () => {
    const tests = globSync("test/**/*.test.ts", { exclude: (name) => /node_modules/.test(name) });
    const whole = (file: string) => wholeTests.some((pattern) => pattern.test(file));
    const mirrored = (file: string) =>
      existsSync(file.replace(/^test\//, "").replace(/(\.[\w-]+)?\.test\.ts$/, ".ts"));
    expect(tests.filter((file) => !whole(file) && !mirrored(file))).toEqual([]);
  });

  // The command line prints examples of calls, and what tests import names the operations of NEC ID.
  test("know no name of NEC ID outside its own folders", () => {
    const names =
      /Api(Subjects|Face)[A-Z]|BulkRegister|(Create|Update|Delete)Tag|(necid|event|batch)guid|faceQuality|["'`]\/(subjects|face)\b|NoFace|PoorQuality/;
    const own =
      /^(contracts|mocks)\/necid\/|^mocks\/testing\/|^(test|examples|generated)\/|^tools\/commands\/(project\/.*|mock\.ts|sign\.ts|command-line\.ts)$/;
    const code = (file: string) =>
      readFileSync(file, "utf8").replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
    expect(files.filter((file) => !own.test(file) && names.test(code(file)))).toEqual([]);
  });

  // Node 22 prints a warning of `globSync`.
  test("look for files by a pattern only where the user gives one", () => {
    const rooms = files.filter((file) => /^(contracts|mocks|tools)\//.test(file));
    const looking = rooms.filter((file) => readFileSync(file, "utf8").includes("globSync"));
    expect(looking.sort()).toEqual(["tools/commands/update.ts", "tools/update/affected.ts"]);
  });

  test("are all seen by this test", () => {
    const seen = new Set(
      imports.map(({ file, target, kind }) => `${roomOf(file)} ${kind} ${roomOf(target)}`),
    );
    expect([...seen]).toEqual(
      expect.arrayContaining([
        "contracts static contracts/openapi",
        "mocks static contracts/openapi",
        "tools/generate static contracts/openapi",
        "tools/commands dynamic mocks",
        "tools/commands type mocks",
        "test static tools/generate",
      ]),
    );
  });

  test.each<[fault: string, text: string, file: string]>([
    ["contracts import mocks", 'import { a } from "../mocks/a.ts";', "contracts/a.ts"],
    ["contracts import mocks for a type", 'import type { A } from "../mocks/a.ts";', "contracts/a.ts"],
    [
      "contracts/openapi imports its neighbour",
      'import { a } from "../client/a.ts";',
      "contracts/openapi/a.ts",
    ],
    ["mocks read spec", 'const a = import("../spec/a.js")', "mocks/a.ts"],
    ["mocks import the client", 'import { a } from "../contracts/client/a.ts";', "mocks/a.ts"],
    ["mocks export tools", 'export {\n  a,\n} from "../tools/a.ts";', "mocks/a.ts"],
    ["mocks/http imports mocks/world", 'import type { A } from "../world/a.ts";', "mocks/http/a.ts"],
    ["mocks/faults imports mocks/handle", 'import { a } from "../handle/a.ts";', "mocks/faults/a.ts"],
    ["mocks/control imports mocks/necid", 'import { a } from "../necid/a.ts";', "mocks/control/a.ts"],
    ["mocks/handle imports a door", 'import { a } from "../mock.ts";', "mocks/handle/a.ts"],
    [
      "the command line loads mocks at once",
      'import { a } from "../../mocks/a.ts";',
      "tools/commands/necid.ts",
    ],
    [
      "its reader loads mocks at once",
      'import { a } from "../../mocks/a.ts";',
      "tools/commands/command-line.ts",
    ],
    ["generation loads mocks", 'await import("../../mocks/a.ts")', "tools/generate/a.ts"],
    ["generated imports contracts", 'import "../../contracts/a.ts";', "generated/x/a.js"],
    ["mocks import test", 'import { a } from "../test/a.ts";', "mocks/a.ts"],
  ])("would be seen to fail: %s", (_, text, file) => {
    expect(importsIn(file, text).map(isAllowed)).toEqual([false]);
  });

  test.each<[edges: [string, string][], found: string[][]]>([
    [
      [
        ["a", "b"],
        ["b", "a"],
      ],
      [["a", "b"]],
    ],
    [
      [
        ["a", "b"],
        ["b", "c"],
        ["c", "a"],
        ["c", "d"],
      ],
      [["a", "b", "c"]],
    ],
    [
      [
        ["a", "b"],
        ["a", "c"],
        ["b", "c"],
      ],
      [],
    ],
  ])("circles of %j", (edges, found) => {
    expect(circles(edges)).toEqual(found);
  });
});

test("spec holds data only", () => {
  expect(globSync("spec/**/*.*").filter((file) => !/\.(md|ya?ml|json)$/.test(file))).toEqual([]);
});

test("imports inside the project end in the file's own extension", () => {
  expect(imports.filter(({ target }) => !/\.(ts|js|json)$/.test(target))).toEqual([]);
});

test("the lock file names the package of every platform", () => {
  const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8")) as {
    packages: Record<string, { optionalDependencies?: Record<string, string> }>;
  };
  const missing = Object.entries(packages).flatMap(([place, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter(
      (name) => !packages[`node_modules/${name}`] && !packages[`${place}/node_modules/${name}`],
    ),
  );
  expect(missing).toEqual([]);
});

function isAllowed({ file, target, kind }: Import): boolean {
  const from = roomOf(file);
  if (commandLine.has(file) && kind === "static" && !/^(tools\/commands|contracts\/trust)\//.test(target))
    return false;
  if (from === "mocks" && target.startsWith("mocks/"))
    return layerOf(target) <= layerOf(file) && !isBeside(file, target);
  const allowed = [from, ...mayImport.find(([room]) => room === from)![1]];
  return (
    allowed.some((folder) => target.startsWith(`${folder}/`)) &&
    !(from === "contracts/openapi" && roomOf(target) !== from)
  );
}

/** The most specific room of the table that holds a file. */
function roomOf(file: string): string {
  const holding = mayImport.map(([room]) => room).filter((room) => file.startsWith(`${room}/`));
  return holding.sort((a, b) => b.length - a.length)[0] ?? file.split("/")[0]!;
}

/** The doors, `mocks/mock.ts` and `mocks/vitest.ts`, are above all layers. */
function layerOf(file: string): number {
  const layer = mockLayers.findIndex((folders) => folders.includes(file.split("/")[1]!));
  return layer < 0 ? mockLayers.length : layer;
}

/** Whether two folders share a layer and are not the same. */
function isBeside(file: string, target: string): boolean {
  const [from, to] = [file.split("/")[1], target.split("/")[1]];
  return layerOf(file) === layerOf(target) && layerOf(file) < mockLayers.length && from !== to;
}

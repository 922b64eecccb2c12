import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path/posix";
import { describe, expect, test } from "vitest";

const rooms = ["spec", "tools", "generated", "contracts", "mocks", "test"] as const;
type Room = (typeof rooms)[number];

/** What a room may import of the others, at once or (`later`) when a command runs. */
const may: Record<Room, { now: Room[]; later?: Room[] }> = {
  spec: { now: [] },
  generated: { now: [] },
  contracts: { now: ["generated"] },
  mocks: { now: ["generated", "contracts"] },
  tools: { now: [], later: ["generated", "contracts", "mocks"] },
  test: { now: [...rooms] },
};

type Import = { file: string; target: string; kind: "static" | "dynamic" | "type" };

const files = globSync(`{${rooms.join(",")}}/**/*.{ts,js}`, {
  exclude: (name) => /(^|\/)(node_modules|tools-\w{6})(\/|$)/.test(name),
});
const imports = files.flatMap(importsOf);
const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: Record<string, string> };
/** The command line: what an npm script runs, and what that loads when it runs. */
const commands = new Set(Object.values(scripts).flatMap((script) => script.match(/tools\/\S+\.ts/g) ?? []));
for (const command of commands) {
  const loaded = imports.filter(({ file, kind }) => file === command && kind === "dynamic");
  for (const { target } of loaded) commands.add(target);
}

describe("the rooms", () => {
  test("import only what they may", () => {
    expect(imports.filter((one) => !isAllowed(one))).toEqual([]);
  });

  test("are all seen by this test", () => {
    const seen = new Set(
      imports.map(({ file, target, kind }) => `${roomOf(file)} ${kind} ${roomOf(target)}`),
    );
    expect([...seen]).toEqual(
      expect.arrayContaining([
        "contracts static generated",
        "mocks static contracts",
        "tools dynamic mocks",
        "tools type mocks",
        "test static tools",
      ]),
    );
  });

  test.each<[fault: string, text: string, file: string]>([
    ["contracts import mocks", 'import { a } from "../mocks/a.ts";', "contracts/a.ts"],
    ["contracts import mocks for a type", 'import type { A } from "../mocks/a.ts";', "contracts/a.ts"],
    ["mocks read spec", 'const a = import("../spec/a.js")', "mocks/a.ts"],
    ["mocks export tools", 'export {\n  a,\n} from "../tools/a.ts";', "mocks/a.ts"],
    ["the command line loads mocks at once", 'import { a } from "../mocks/a.ts";', "tools/commands/necid.ts"],
    [
      "its reader loads mocks at once",
      'import { a } from "../mocks/a.ts";',
      "tools/commands/command-line.ts",
    ],
    ["a tool that is no command loads mocks", 'await import("../mocks/a.ts")', "tools/generate/read/lint.ts"],
    ["generated imports contracts", 'import "../../contracts/a.ts";', "generated/x/a.js"],
    ["mocks import test", 'import { a } from "../test/a.ts";', "mocks/a.ts"],
  ])("would be seen to fail: %s", (_, text, file) => {
    expect(importsIn(file, text).map(isAllowed)).toEqual([false]);
  });
});

test("spec holds data only", () => {
  expect(globSync("spec/**/*.*").filter((file) => !/\.(md|ya?ml|json)$/.test(file))).toEqual([]);
});

test("imports inside the house end in the file's own extension", () => {
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
  const [from, to] = [roomOf(file), roomOf(target)];
  if (from === to || may[from].now.includes(to)) return true;
  const later = may[from].later?.includes(to) ?? false;
  // The command line itself loads each verb when it is called; a verb may import what it runs.
  return later && isOfCommand(file) && (kind !== "static" || !isCommandLine(file));
}

function isCommandLine(file: string): boolean {
  return file === "tools/commands/necid.ts" || file === "tools/commands/command-line.ts";
}

/** `verify-compare.ts` is a part of the verb `verify.ts`. */
function isOfCommand(file: string): boolean {
  return commands.has(file) || commands.has(file.replace(/-[a-z]+\.ts$/, ".ts"));
}

function importsOf(file: string): Import[] {
  return importsIn(file, readFileSync(file, "utf8"));
}

/** Imports of other files of the house; packages are no concern of its rooms. */
function importsIn(file: string, text: string): Import[] {
  const found = text.matchAll(
    /^(?:import|export)\s+(type\s)?(?:[\w\s{},*$]*?\sfrom\s+)?"([^"]+)"|\bimport\("([^"]+)"\)/gm,
  );
  return [...found].flatMap(([, type, fixed, loaded]) => {
    const specifier = fixed ?? loaded!;
    if (!/^(\.|#generated)/.test(specifier)) return [];
    const target = specifier.startsWith("#") ? specifier.slice(1) : join(dirname(file), specifier);
    const kind = type ? "type" : fixed ? "static" : "dynamic";
    return [{ file, target, kind } as const];
  });
}

function roomOf(file: string): Room {
  return file.split("/")[0] as Room;
}

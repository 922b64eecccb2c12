import { expect, test } from "vitest";
import { formatHelp } from "../../../tools/commands/reader/help.ts";
import { readOptions } from "../../../tools/commands/reader/options.ts";
import { partNames, program, readCommand } from "./command.ts";
import { scenarios } from "./load/scenarios.ts";
import { contenders } from "./servers/contenders.ts";

const everything = [...scenarios.map(({ name }) => name), ...partNames];
const everybody = ["bare", "mock", "prism", "wiremock", "mockoon"];
const defaults = { rounds: 3, seconds: 1, warmUpSeconds: 1, only: everything, contenders: everybody };

test.each<[string[], object]>([
  [[], defaults],
  [
    ["--rounds", "5", "--seconds", "0.3", "--warm-up", "0"],
    { ...defaults, rounds: 5, seconds: 0.3, warmUpSeconds: 0 },
  ],
  [["--only", "register, pictures"], { ...defaults, only: ["register", "pictures"] }],
  [["--contenders", "mock,bare"], { ...defaults, contenders: ["mock", "bare"] }],
  [["--json", "figures.json"], { ...defaults, json: "figures.json" }],
])("reads %j", (args, want) => {
  expect(readCommand(readOptions(program, args).options)).toEqual(want);
});

test.each([
  [["--rounds", "2"], "--rounds must be a whole number, 3 or more."],
  [["--rounds", "3.5"], "--rounds must be a whole number, 3 or more."],
  [["--seconds", "0"], "--seconds must be a number above 0, at most 60."],
  [["--seconds", "soon"], "--seconds must be a number above 0, at most 60."],
  [["--warm-up", "-1"], expect.stringMatching(/--warm-up/)],
  [["--warm-up", "x"], "--warm-up must be a number from 0 to 30."],
  [["--only", "registr"], `--only takes names of ${everything.join(", ")}.`],
  [["--contenders", ""], `--contenders takes names of ${everybody.join(", ")}.`],
  [["--json", "nowhere/figures.json"], "--json nowhere/figures.json: there is no such folder."],
])("refuses %j", (args, want) => {
  expect(readCommand(readOptions(program, args).options)).toEqual(want);
});

test("refuses an unknown option", () => {
  expect(() => readOptions(program, ["--fast"])).toThrow("unknown option '--fast'");
});

test("the help names every contender, scenario and part", () => {
  const names = [...contenders.map(({ name }) => name), ...everything, ...everybody];
  const help = formatHelp(program, { width: 1000 });
  expect(names.filter((name) => !help.includes(name))).toEqual([]);
});

import { expect, test } from "vitest";
import { help, partNames, readCommand } from "./command.ts";
import { contenders } from "./contenders.ts";
import { scenarios } from "./scenarios.ts";

const everything = [...scenarios.map(({ name }) => name), ...partNames];
const everybody = ["bare", "mock", "prism", "wiremock", "mockoon"];
const usual = { rounds: 3, seconds: 1, warmUpSeconds: 1, only: everything, contenders: everybody };

test.each<[string[], object]>([
  [[], usual],
  [
    ["--rounds", "5", "--seconds", "0.3", "--warm-up", "0"],
    { ...usual, rounds: 5, seconds: 0.3, warmUpSeconds: 0 },
  ],
  [["--only", "register, bodies"], { ...usual, only: ["register", "bodies"] }],
  [["--contenders", "mock,bare"], { ...usual, contenders: ["mock", "bare"] }],
  [["--json", "figures.json"], { ...usual, json: "figures.json" }],
  [["--help"], { ...usual, help: true }],
])("reads %j", (args, want) => {
  expect(readCommand(args)).toEqual(want);
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
  [["--fast"], expect.stringMatching(/^Unknown option '--fast'/)],
])("refuses %j", (args, want) => {
  expect(readCommand(args)).toEqual(want);
});

test("the help names every contender, scenario and part", () => {
  const names = [...contenders.map(({ name }) => name), ...everything, ...everybody];
  expect(names.filter((name) => !help.includes(name))).toEqual([]);
});

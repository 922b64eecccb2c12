import { array, assert, constantFrom, oneof, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { mockVerb } from "../../../tools/commands/mock.ts";
import { formatHelp } from "../../../tools/commands/reader/help.ts";
import { CommandLineError, readOptions } from "../../../tools/commands/reader/options.ts";
import type { Program } from "../../../tools/commands/reader/program.ts";
import { signVerb } from "../../../tools/commands/sign.ts";
import { verifyVerb } from "../../../tools/commands/verify.ts";

const mock: Program = { name: "necid mock", description: "serve the mock", ...mockVerb };
const verify: Program = { name: "necid verify", description: "verify", ...verifyVerb };
const sign: Program = {
  name: "necid sign",
  description: "print a signed curl command for one request",
  operands: { method: "GET, POST, PUT, DELETE", url: "the whole URL" },
  ...signVerb,
};
const wordsOf = (line: string) => (line === "" ? [] : line.split(" "));

describe("the command line of the mock", () => {
  const defaults = {
    port: 4010,
    host: "127.0.0.1",
    auth: "strict",
    cors: "service",
    publicHost: [],
    spec: [],
    overlay: [],
    allowRefs: [],
  };

  test.each<[line: string, read: object]>([
    ["", {}],
    ["--port 0 --quiet", { port: 0, quiet: true }],
    ["--port=0", { port: 0 }],
    ["--port 1 --port 65535", { port: 65535 }],
    ["--auth off --public-host a.example --public-host b", { auth: "off", publicHost: ["a.example", "b"] }],
    [
      "--spec a.json --overlay b.yaml --seed mock --host ::1",
      { spec: ["a.json"], overlay: ["b.yaml"], seed: "mock", host: "::1" },
    ],
    ["--seed --quiet", { seed: "--quiet" }],
    [
      "--stateless --self-check --watch --json-logs",
      { stateless: true, selfCheck: true, watch: true, jsonLogs: true },
    ],
    [
      "--seed-subjects s.json --state t.json --faults f.json --control-token secret",
      { seedSubjects: "s.json", state: "t.json", faults: "f.json", controlToken: "secret" },
    ],
  ])("%s", (line, read) => {
    expect(readOptions(mock, wordsOf(line))).toEqual({
      options: { ...defaults, ...read },
      operands: [],
      rest: [],
    });
  });

  test.each<[line: string, message: string]>([
    ["--port", "option '--port <number>' argument missing"],
    [
      "--port 65536",
      "option '--port <number>' argument '65536' is invalid. It must be a whole number from 0 to 65535.",
    ],
    [
      "--port -1",
      "option '--port <number>' argument '-1' is invalid. It must be a whole number from 0 to 65535.",
    ],
    [
      "--auth none",
      "option '--auth <mode>' argument 'none' is invalid. Allowed choices are strict, presence, off.",
    ],
    ["--Quiet", "unknown option '--Quiet'\n(Did you mean --quiet?)"],
    ["--publicHost a", "unknown option '--publicHost'\n(Did you mean --public-host?)"],
    ["--held", "unknown option '--held'\n(Did you mean --help?)"],
    ["--only", "unknown option '--only'"],
    ["--quiet=1", "unknown option '--quiet=1'\n(Did you mean --quiet?)"],
    ["-q", "unknown option '-q'"],
    ["--constructor", "unknown option '--constructor'"],
    ["extra", "too many arguments for 'mock'. Expected 0 arguments but got 1: extra."],
  ])("refuses %s", (line, message) => {
    expect(() => readOptions(mock, wordsOf(line))).toThrow(new CommandLineError(message));
  });

  test("any words are read or refused with a sentence", () => {
    const flags = Object.keys(mock.options).map((name) => `--${name}`);
    const words = oneof(
      constantFrom(...flags),
      constantFrom("0", "65536", "off", "strict", "a", "", "-", "--", "-q", "--port=1", "--no-quiet", "---"),
    );
    let read = 0;
    assert(
      property(array(words, { maxLength: 6 }), (line) => {
        try {
          readOptions(mock, line);
          read++;
        } catch (error) {
          if (!(error instanceof CommandLineError)) throw error;
        }
      }),
      { seed: 1, numRuns: 3000 },
    );
    expect(read).toBeGreaterThan(200);
  });
});

test.each<[program: Program, line: string, message: string]>([
  [verify, "", "required option '--target <who>' not specified"],
  [
    verify,
    "--target mock --clean --report x",
    "option '--clean' cannot be used with option '--report <dir>'",
  ],
  [sign, "GET", "missing required argument 'url'"],
  [sign, "a b c", "too many arguments for 'sign'. Expected 2 arguments but got 3: a, b, c."],
])("%o refuses '%s'", (program, line, message) => {
  expect(() => readOptions(program, wordsOf(line))).toThrow(new CommandLineError(message));
});

test("options that a program does not know are kept for another one", () => {
  const options = { port: { description: "", argument: "number" } };
  const program: Program = { name: "prism", description: "", options, keepsUnknown: true };
  expect(readOptions(program, wordsOf("--port 1 --errors=false -d x --port 2"))).toEqual({
    options: { port: "2" },
    operands: [],
    rest: ["--errors=false", "-d", "x"],
  });
});

test("the help is as wide as it is allowed to be", () => {
  expect(formatHelp(sign, { width: 60 })).toBe(`Usage: necid sign [options] <method> <url>

print a signed curl command for one request

Arguments:
  method            GET, POST, PUT, DELETE
  url               the whole URL

Options:
  --body <text>     request body; @FILE reads a file. Of an
                    operation's, {{face alice}} is a face
                    card, {{file alice.jpg}} a picture
  --face <who>      a face card or a picture's file: the
                    image of an operation's body
  --path <path>     of an operation, with its parameters
                    filled in
  --region <name>   credential scope (default:
                    "ap-southeast-2")
  --service <name>  credential scope (default:
                    "execute-api")
  -h, --help        display help for command

Examples:
  necid sign POST http://127.0.0.1:4010/v1/face/search --body @request.json
  necid sign ApiFaceSearchPost mock --face alice
  necid sign ApiSubjectsByIdDelete live --path /subjects/necidguid-0000-0000-0000-000000000000
`);
});

test("further operands are any number, also none, and stand in the help", () => {
  const program: Program = {
    name: "copy",
    description: "Copies.",
    operands: { to: "where" },
    furtherOperands: ["from", "what"],
    options: {},
  };
  expect(readOptions(program, ["a"]).operands).toEqual(["a"]);
  expect(readOptions(program, ["a", "b", "c"]).operands).toEqual(["a", "b", "c"]);
  expect(() => readOptions(program, [])).toThrow("missing required argument 'to'");
  expect(formatHelp(program)).toMatch(/^Usage: copy \[options\] <to> \[from\.\.\.\]\n.*\n {2}from +what\n/s);
});

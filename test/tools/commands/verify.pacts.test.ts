import { writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { face } from "../../../contracts/necid/faces/faces.ts";
import { describeProviderStates } from "../../../contracts/necid/verify/provider-states.ts";
import { startMock } from "../../../mocks/mock.ts";
import { temporary, verb } from "./terminal.ts";

const verifyPacts = (...args: string[]) =>
  verb(["verify", "--target", "mock", "--part", "pact", "--ledger", temporary("ledger"), ...args]);

const pactOf = (interactions: object[]) => ({
  consumer: { name: "team" },
  provider: { name: "necid-v1" },
  interactions,
  metadata: { pactSpecification: { version: "3.0.0" } },
});
const health = {
  description: "health",
  request: { method: "GET", path: "/health" },
  response: { status: 200 },
};

function write(name: string, content: unknown): string {
  const file = temporary(name);
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return file;
}

test("--states prints the provider states, and needs no target", async () => {
  expect(await verb(["verify", "--states"])).toEqual({
    code: 0,
    stdout: describeProviderStates(),
    stderr: "",
  });
});

test("a pact of a journal, an empty one, a message and a pending one: nothing fails", async () => {
  const mock = await startMock({ auth: "off" });
  await fetch(`${mock.url}/face/search`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ probe: face("nobody") }),
  });
  const journal = temporary("journal.json");
  await mock.pact({ consumer: "journal", file: journal });
  await mock.close();
  const pending = { ...health, pending: true, request: { method: "GET", path: "/new" } };
  const team = write("team.json", { ...pactOf([health, pending]), messages: [{ description: "news" }] });
  const empty = write("empty.json", pactOf([]));
  const sources = [journal, team, empty].flatMap((source) => ["--pact", source]);
  const { code, stdout, stderr } = await verifyPacts(...sources);
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: [
      `${team}: pending: interaction "health": request.path and its method are not in the contract.\n`,
      `${empty}: warning: it has no interactions.\n`,
    ].join(""),
  });
  expect(stdout).toMatch(
    /^ok {3}pact .*search the gallery for a face: 404, given that nobody is registered/m,
  );
  expect(stdout).toMatch(/pact .*news.*it is a message, and the contract has none/);
  expect(stdout).toMatch(/its pact is pending; it does not match at status/);
});

describe("is refused before any call", () => {
  test.each<[name: string, content: unknown, args: string[], code: number, stderr: (file: string) => string]>(
    [
      [
        "an empty pact with --strict",
        pactOf([]),
        ["--strict"],
        2,
        (file) => `${file}: error: it has no interactions.\n`,
      ],
      [
        "a regular expression that does not compile, named once",
        pactOf([
          {
            ...health,
            response: {
              status: 200,
              body: { status: "OK" },
              matchingRules: { body: { "$.status": { matchers: [{ match: "regex", regex: "([" }] } } },
            },
          },
        ]),
        [],
        1,
        (file) =>
          `${file}: interaction "health": the rule for $.status of the response's body must be a regular expression that compiles.\nThese pacts cannot be verified as they are. No call was made.\n`,
      ],
      [
        "a broken interaction",
        pactOf([{ ...health, response: { status: "200" } }]),
        [],
        2,
        (file) =>
          `${file} has a fault at interaction "health", response.status: it must be a whole number. Give a pact of specification 2, 3 or 4.\n`,
      ],
    ],
  )("%s", async (_, content, args, code, stderr) => {
    const file = write("team.json", content);
    expect(await verifyPacts("--pact", file, ...args)).toEqual({ code, stdout: "", stderr: stderr(file) });
  });
});

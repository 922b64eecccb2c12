import { array, assert, asyncProperty, constantFrom, oneof } from "fast-check";
import { describe, expect, test } from "vitest";
import { commandLine } from "../../../tools/commands/command-line.ts";
import { mockOptions, readMockCommand } from "../../../tools/commands/mock-options.ts";

const plain: [line: string, read: object][] = [
  ["mock", {}],
  ["mock --port 0 --quiet", { port: 0, quiet: true }],
  ["mock --port 1 --port 65535", { port: 65535 }],
  [
    "mock --auth off --public-host a.example --public-host b",
    { auth: "off", publicHost: ["a.example", "b"] },
  ],
  [
    "mock --spec a.json --overlay b.yaml --seed mock --host ::1",
    { spec: "a.json", overlay: "b.yaml", seed: "mock", host: "::1" },
  ],
  [
    "mock --stateless --self-check --watch --json-logs",
    { stateless: true, selfCheck: true, watch: true, jsonLogs: true },
  ],
  [
    "mock --seed-subjects s.json --state t.json --faults f.json --control-token secret",
    { seedSubjects: "s.json", state: "t.json", faults: "f.json", controlToken: "secret" },
  ],
];

describe("the short reading of a mock's command line", () => {
  const usual = { port: 4010, host: "127.0.0.1", auth: "strict", publicHost: [] };
  test.each(plain)("%s", (line, read) => {
    expect(readMockCommand(line.split(" "))).toEqual({ ...usual, ...read });
  });

  test.each([
    "",
    "verify --target mock",
    "mock --help",
    "mock --port=0",
    "mock --port",
    "mock --port 65536",
    "mock --port -1",
    "mock --auth none",
    "mock --seed --quiet",
    "mock --Quiet",
    "mock extra",
    "mock -- --quiet",
  ])("leaves '%s' to the whole one", (line) => {
    expect(readMockCommand(line.split(" "))).toBeUndefined();
  });

  test("agrees with the whole one", async () => {
    const words = oneof(
      constantFrom(...mockOptions.map(({ flags }) => flags.split(" ")[0]!)),
      constantFrom("0", "4010", "65536", "off", "strict", "a", "", "-", "--", "-q", "--port=1", "--no-quiet"),
    );
    let short = 0;
    await assert(
      asyncProperty(array(words, { maxLength: 6 }), async (line) => {
        const read = readMockCommand(["mock", ...line]);
        if (!read) return;
        short++;
        expect(read).toEqual(await wholeReading(line));
      }),
      { seed: 1, numRuns: 3000 },
    );
    expect(short).toBeGreaterThan(200);
  });
});

/** What commander makes of it; it rejects with what commander has against it. */
async function wholeReading(line: string[]): Promise<object> {
  const verb = commandLine.commands.find((command) => command.name() === "mock")!;
  const read = new Promise<object>((resolve) => verb.action(resolve));
  verb.exitOverride((error) => {
    throw error;
  });
  await commandLine.parseAsync(["mock", ...line], { from: "user" });
  return read;
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import { globSync, readFileSync } from "node:fs";
import { describe, expect, onTestFinished, test } from "vitest";
import { createSecretRedactor } from "../../contracts/trust/secrets.ts";
import { createRedactor } from "../../contracts/verify/report/redact.ts";
import { recordedTerminal } from "../tools/commands/recorded-terminal.ts";
import { encodingsOf } from "./encodings.ts";

test("nothing writes to the process's output but the terminal of the commands", () => {
  const writers = globSync("{contracts,mocks,tools,testing}/**/*.{ts,js}").filter((file) =>
    /\bprocess\.std(out|err)\.write\b|\bconsole\.(log|error|warn|info|debug)\(/.test(
      readFileSync(file, "utf8").replaceAll(/^\s*(\/\/|\*).*$/gm, ""),
    ),
  );
  // `necid.ts` and `start.js` run on Node versions that cannot load the terminal, and `build.js` before it is compiled.
  // What is in `mocks/testing` runs in the process of a consumer's test runner.
  const allowed = ["tools/commands/necid.ts", "tools/commands/start.js", "tools/build.js"];
  expect(writers.filter((file) => !allowed.includes(file) && !file.startsWith("mocks/testing/"))).toEqual([]);
});

describe("text of others neither controls a terminal nor a CI service", () => {
  test.each<[name: string, text: string, shown: string]>([
    ["colors", "\u001b[31mred\u001b[0m", "\\u001b[31mred\\u001b[0m"],
    ["a window title", "\u001b]0;title\u0007", "\\u001b]0;title\\u0007"],
    ["an 8-bit sequence", "\u009b31m", "\\u009b31m"],
    ["a line that is overwritten", "failed\rpassed", "failed\\u000dpassed"],
    ["backspaces", "no\b\bok", "no\\u0008\\u0008ok"],
    ["a workflow command", "::error::x", ": :error::x"],
    ["one after a newline", "a\n::add-mask::x", "a\n: :add-mask::x"],
    ["one after blanks", "a\n \t::stop-commands::x", "a\n \t: :stop-commands::x"],
    ["one after a carriage return", "a\r::error::x", "a\\u000d::error::x"],
    ["the older form", "x ##[error]y", "x ## [error]y"],
    ["text from right to left", "a\u202eb", "a\\u202eb"],
    ["isolated directions", "a\u2066b\u2069", "a\\u2066b\\u2069"],
    ["an invisible character", "a\u200bb", "a\\u200bb"],
    ["a line separator", "a\u2028::error::b", "a\\u2028::error::b"],
    ["a zero byte", "a\u0000b", "a\\u0000b"],
    ["half of a surrogate pair", "a\ud800b", "a\\ud800b"],
  ])("%s", (name, text, shown) => {
    const { terminal, printed } = recordedTerminal();
    terminal.stdout(text);
    terminal.stderr(text);
    expect(printed).toEqual({ stdout: shown, stderr: shown });
    // Our own colors and erasing stay in what is styled. Nothing else does.
    const { terminal: other, printed: styled } = recordedTerminal();
    other.styled(`\u001b[31m${text}\u001b[39m\r\u001b[2K`);
    const inner =
      name === "colors"
        ? text
        : shown.replaceAll(": :error::x", name === "a workflow command" ? "::error::x" : ": :error::x");
    expect(styled.stdout).toBe(`\u001b[31m${inner}\u001b[39m\r\u001b[2K`);
  });

  test.each([
    "\u001b]0;title\u0007",
    "\u001b[2J",
    "\u001b[1A",
    "\u001b[10;10H",
    "\u001b[?1049h",
    "\u001b[6n",
    "\u001bP1$r0m\u001b\\",
    "\u001b[38:2:1:2:3m",
    "\u001b[1;2;3;4;5m",
    "\u001b[0K",
    "\r",
    "\u001b",
    "\u009b31m",
  ])("a sequence that is none of ours is not styled: %j", (sequence) => {
    const { terminal, printed } = recordedTerminal();
    terminal.styled(`a${sequence}b`);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for.
    expect(printed.stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });
});

describe("a secret of the environment is shown in no output", () => {
  const secrets = [
    "s3cr3t/Key+of:someone-0123456789=",
    "wJalrXUtnFEMI/K7MDENG+CANARY",
    "canary_key-33333.abcdefghij",
  ];
  test.each(Object.keys(encodingsOf("")))("%s", (name) => {
    for (const secret of secrets) {
      const text = encodingsOf(secret)[name]!;
      const { terminal, printed } = recordedTerminal({ NECID_SECRET_ACCESS_KEY: secret });
      for (const print of [terminal.stdout, terminal.styled, terminal.workflow]) {
        for (const around of ["", secret, "x-api-key: "]) print(`<${around}${text}>\n`);
      }
      const left = printed.stdout.replaceAll("(secret)", "").replaceAll("x-api-key: ", "");
      // What is left of an encoding is its padding, and what Base64 makes of the bytes beside the secret.
      expect(left.length).toBeLessThan(9 * 20);
      expect(printed.stdout.split("(secret)").length).toBeGreaterThan(9);
    }
  });
});

describe("a person can read what is no secret", () => {
  const keep = ["http://127.0.0.1:40117/v1", "/home/me/pacts-of-Team7/Consumer9-Provider12AB34.json"];
  test.each([
    "http://127.0.0.1:40117/v1/subjects/necidguid-fcdf-49eb-9182-5a6825ed2a3b",
    "curl -i -X DELETE 'http://127.0.0.1:40117/v1/subjects/x'",
    "/home/me/pacts-of-Team7/Consumer9-Provider12AB34.json cannot be read (ENOENT)",
    "spec/necid-v1.overlay.yaml:120:5",
  ])("%s", (text) => {
    expect(createRedactor(["a-secret-key"], { keep })(text)).toBe(text);
  });

  test("what replaces one secret is not searched for another", () => {
    expect(createSecretRedactor(["e", "c", "long secret"])("the long secret")).toBe("th(secret) (secret)");
  });
});

describe("redaction takes time proportional to the text", () => {
  const redact = createRedactor(["a-secret-of-some-length", "another/secret+1234"]);
  test.each([
    ["words with slashes", "aA/".repeat(60_000)],
    ["words without an end", `${"a".repeat(150_000)}!`],
    ["capitals", "AaAa".repeat(40_000)],
    ["digits", "1234-".repeat(40_000)],
    ["colons and slashes", "://".repeat(60_000)],
    ["at signs", "://a@".repeat(30_000)],
    ["separators", " .,:".repeat(40_000)],
    ["backslashes", "\\".repeat(150_000)],
    ["percent signs", "%25".repeat(50_000)],
    ["the beginning of a secret", "a-secret-of-some-lengt".repeat(7_000)],
    ["one character of a secret and separators", "a . ".repeat(40_000)],
    ["hexadecimal pairs", "0a ".repeat(60_000)],
    ["character references", "&#1;".repeat(40_000)],
  ])("%s", (_, text) => {
    const cpu = (given: string) => {
      const before = process.cpuUsage();
      redact(given);
      const { user, system } = process.cpuUsage(before);
      return user + system;
    };
    cpu(text.slice(0, 1_000));
    // Ten times the text takes about ten times as long, and never a hundred times.
    const part = Math.max(cpu(text.slice(0, text.length / 10)), 2_000);
    expect(cpu(text) / part).toBeLessThan(60);
  });
});

test("the mock goes on when nobody reads its output any more, as after `| head -1`", async () => {
  const args = ["tools/commands/necid.ts", "mock", "--port", "0"];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const ended = once(child, "close");
  let errors = "";
  child.stderr.on("data", (text) => void (errors += text));
  const [line] = await once(child.stdout, "data");
  const [url] = /http:\/\/127\.0\.0\.1:\d+\/v1/.exec(String(line))!;
  child.stdout.destroy();
  // Each writes a line of the log.
  for (let call = 0; call < 5; call++) expect((await fetch(`${url}/health`)).status).toBe(200);
  child.kill("SIGINT");
  expect(await ended).toEqual([0, null]);
  expect(errors).toBe("");
});

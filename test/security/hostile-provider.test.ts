import { type ExecFileException, execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, type TestContext, test } from "vitest";
import { createRedactor } from "../../contracts/verify/report/redact.ts";
import { openLedger, targetName } from "../../contracts/verify/run/ledger.ts";
import { imageRoles } from "../../contracts/verify/run/session.ts";
import type { ReceivedResponse } from "../../contracts/verify/wire.ts";
import { openGate, type Responder } from "../contracts/verify/run/gate.ts";
import { closing, openMock, startVerify, temporary, verify } from "../contracts/verify/verifying.ts";
import { encodingsOf } from "./encodings.ts";

/** The same in each run, and in no other text. */
const bytes = (of: string, size: number) =>
  createHash("shake256", { outputLength: size }).update(of).digest();
let marks = 0;
const mark = () => bytes(`mark ${marks++}`, 15).toString("base64");
const secrets = {
  NECID_ACCESS_KEY_ID: `AKIA${mark().replaceAll(/[+/]/g, "x")}`,
  NECID_SECRET_ACCESS_KEY: `wJ/${mark()}+9`,
  NECID_SESSION_TOKEN: `Fwo/${mark()}==`,
  NECID_API_KEY: `key-1-${mark()}`,
  NECID_API_KEY_2: `key_2.${mark()}`,
};
const credentials = {
  accessKeyId: secrets.NECID_ACCESS_KEY_ID,
  secretAccessKey: secrets.NECID_SECRET_ACCESS_KEY,
  sessionToken: secrets.NECID_SESSION_TOKEN,
};
const apiKeys = [secrets.NECID_API_KEY, secrets.NECID_API_KEY_2];
const picture = Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), bytes("picture", 90)]);

/** What controls a terminal, the direction of text, or a CI service. */
const controls = [
  "\u001b[2J\u001b]0;title\u0007",
  "\r::error::injected",
  "\n::stop-commands::injected",
  "\n::add-mask::injected",
  "\n##[error]injected",
  "\u202einjected\u2066",
  "\u009b31m\u0000\b",
];

/** Each canary in each encoding, one after the other. */
const canaries = Object.entries({ ...secrets, picture: picture.toString("base64") }).flatMap(
  ([name, value]) =>
    Object.entries(encodingsOf(value)).map(([encoding, text]) => ({
      name: `${name}: ${encoding}`,
      text,
      // What says as much as 14 characters of the value.
      size: Math.max(14, Math.ceil((text.length * 14) / value.length)),
    })),
);

/** Sends canaries back wherever a response has text, and a status that nobody expects now and then. */
function echoing(): Responder {
  let next = 0;
  const text = () => canaries[next++ % canaries.length]!.text;
  return async ({ number }, forward) => {
    const response = await forward();
    // The first calls find out whether the service is there.
    return number < 4 ? response : echo(response, { number, text });
  };
}

function echo(
  { status, headers, body }: ReceivedResponse,
  { number, text }: { number: number; text: () => string },
): ReceivedResponse {
  const inHeader = () =>
    text()
      .replaceAll(/[^ -~]/g, "?")
      .slice(0, 900);
  const control = controls[number % controls.length]!;
  const echoed: [string, string][] = [
    ["x-amzn-errortype", number % 3 === 0 ? inHeader() : "ValidationException"],
    ["x-amzn-requestid", inHeader()],
    ["location", inHeader()],
    [
      `x-${text()
        .replaceAll(/[^A-Za-z0-9-]/g, "")
        .slice(0, 60)}`,
      inHeader(),
    ],
    ["content-type", number % 5 === 0 ? `text/${inHeader()}` : "application/json"],
  ];
  const kept = headers.filter(([name]) => !echoed.some(([other]) => other === name));
  const given = status < 300 && body.length > 0 ? (JSON.parse(body.toString()) as object) : {};
  const bodies = [
    { ...given, message: text() + control, [text()]: text(), [control]: 1 },
    { ...given, attributes: { faceRoll: text(), [text()]: control } },
    { ...given, candidates: [{ id: text(), score: text() }], id: control },
    { message: `${text()}\n${text()}${control}`, errorCode: text(), errorType: text() },
    [text(), text(), control],
  ];
  const content =
    number % 7 === 0 ? `${text()} ${text()} ${control}` : JSON.stringify(bodies[number % bodies.length]);
  return {
    status: number % 11 === 0 ? 299 : status === 204 ? 200 : status,
    headers: [...kept, ...echoed],
    body: Buffer.from(
      number % 7 === 1
        ? content.replaceAll(/[aeiou]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`)
        : content,
    ),
  };
}

let given: string[];
let env: Record<string, string>;
let base: string;
let respond: Responder;
beforeEach(async () => {
  const mock = await openMock({ credentials, apiKeys });
  respond = echoing();
  const gate = closing(await openGate(mock.url, { respond: (...call) => respond(...call) }));
  base = gate.url;
  const faces = temporary("faces-of-Team7");
  mkdirSync(faces);
  for (const role of imageRoles) writeFileSync(join(faces, `${role}.png`), picture);
  given = ["--target", base, "--faces", faces];
  env = { ...secrets, GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: temporary("summary.md") };
});

/** A pact that has the canaries in its own texts. */
function hostilePact(): string {
  const file = temporary("Consumer9-Provider12AB34.json");
  const texts = canaries.slice(0, 150).map(({ text }) => text);
  const interactions = texts.map((text, index) => ({
    description: `${text}${controls[index % controls.length]}`,
    providerStates: [{ name: text, params: { [text]: text } }],
    request: { method: "GET", path: `/subjects/${encodeURIComponent(text)}`, headers: { "x-a": text } },
    response: { status: 200, headers: { "Content-Type": text }, body: { [text]: text } },
  }));
  const pact = {
    consumer: { name: texts[0] },
    provider: { name: controls[0] },
    interactions,
    metadata: { pactSpecification: { version: "3.0.0" } },
  };
  writeFileSync(file, JSON.stringify(pact));
  return file;
}

/** What is left of a canary in a text. */
function leaksIn(text: string): string[] {
  return canaries.flatMap(({ name, text: canary, size }) => {
    for (let at = 0; at + size <= canary.length; at += Math.ceil(size / 4)) {
      if (text.includes(canary.slice(at, at + size))) return [`${name}: ${canary.slice(at, at + size)}`];
    }
    return [];
  });
}

/** Lines that a CI service reads as a command, besides our own annotations. */
function commandsIn(text: string): string[] {
  return text
    .split("\n")
    .filter(
      (line) =>
        /^\s*::|##\[/.test(line) &&
        !/^::error (file=|title=)|^::error::\d+ more mismatches are in the step summary\.$/.test(line),
    );
}

type Ended = { code: number | null; stdout: string; stderr: string };

function expectHarmless({ stdout, stderr, code }: Ended, files: string[] = []) {
  expect([0, 1, 2]).toContain(code);
  for (const text of [stdout, stderr]) {
    expect(text.match(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu) ?? []).toEqual([]);
    expect(commandsIn(text)).toEqual([]);
  }
  const all = [stdout, stderr, ...files.map((file) => readFileSync(file, "utf8"))];
  expect(all.flatMap(leaksIn)).toEqual([]);
}

test("there are 60 encodings and more", () => {
  expect(Object.keys(encodingsOf("")).length).toBeGreaterThan(60);
  expect(leaksIn(`<${encodingsOf(secrets.NECID_API_KEY).ROT13}>`)).toHaveLength(1);
});

test("a whole run, with a report in every form", async () => {
  const report = temporary("report-of-Team7");
  const ended = await startVerify([...given, "--report", report], env).ended;
  expect(ended.code).toBe(1);
  expectHarmless(ended, [
    ...readdirSync(report).map((name) => join(report, name)),
    env.GITHUB_STEP_SUMMARY!,
    temporary("ledger.jsonl"),
  ]);
  // A person can still read where and what.
  expect(ended.stdout).toContain(base);
  expect(readdirSync(report).sort()).toEqual(["junit.xml", "report.html", "report.json"]);
});

test.each([
  ["--compare", () => ["--compare", "mock", "--part", "probe"]],
  ["--pact", () => ["--pact", hostilePact()]],
  ["--plan", () => ["--plan"]],
  ["a wrong key", () => ["--part", "probe"]],
])("%s", async (name, more) => {
  const wrong = name === "a wrong key" ? { NECID_API_KEY: `x${secrets.NECID_API_KEY}` } : {};
  expectHarmless(await startVerify([...given, ...more()], { ...env, ...wrong }).ended);
});

test("--clean", async () => {
  const killed = startVerify([...given, "--part", "sequence"], env);
  await expect.poll(() => ledgerLines(), { timeout: 20_000 }).toBeGreaterThan(2);
  killed.child.kill("SIGKILL");
  await killed.ended;
  expectHarmless(await startVerify([...given, "--clean"], env).ended);
});

/** Runs the command on a terminal, which shows progress in lines that it erases, and colors. */
async function runOnTerminal(context: TestContext, args: string[], env: Record<string, string>) {
  const command = [
    process.execPath,
    "tools/commands/necid.ts",
    "verify",
    "--ledger",
    temporary("ledger.jsonl"),
  ];
  const line = [...command, ...args].map((text) => `'${text.replaceAll("'", "'\\''")}'`).join(" ");
  const { code, stdout, stderr } = await new Promise<Ended>((resolve) => {
    const given = { PATH: process.env.PATH, TERM: "xterm-256color", SHELL: "/bin/sh", ...env };
    const done = (error: ExecFileException | null, stdout: string, stderr: string) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    const options = { env: given, maxBuffer: 1e8 };
    const child = execFile("script", ["-qfec", `stty cols 100; exec ${line}`, "/dev/null"], options, done);
    closing({ close: async () => void child.kill("SIGKILL") });
  });
  if (Number.isNaN(code)) context.skip("there is no `script` here, which has a terminal for a command");
  // A terminal adds a carriage return to each newline.
  return { code, stdout: stdout.replaceAll("\r\n", "\n"), stderr };
}

test.for<[name: string, more: () => string[]]>([
  ["the sequences and the probe", () => ["--part", "sequence", "--part", "probe"]],
  ["--compare", () => ["--compare", "mock", "--part", "probe"]],
  ["--pact", () => ["--pact", hostilePact()]],
  ["--plan", () => ["--plan"]],
])("on a terminal: %s", async ([name, more], context) => {
  const { code, stdout, stderr } = await runOnTerminal(context, [...given, ...more()], env);
  const erases = stdout.split("\r\u001b[2K").length - 1;
  if (name === "the sequences and the probe") {
    expect(erases).toBeGreaterThan(50);
    expect(stdout).toContain("\u001b[31mFAIL\u001b[39m");
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what the reports use of a terminal, and nothing else.
  const text = stdout.replaceAll(/\r\u001b\[2K|\u001b\[\d{1,2}m/g, "");
  expectHarmless({ code, stdout: text, stderr });
});

test.each(Object.entries(secrets))("--clean where every refusal shows %s", async (_, secret) => {
  const writer = { target: targetName({ baseUrl: base, ...credentials }), ...credentials };
  const ledger = openLedger(temporary("ledger.jsonl"), writer);
  ledger.intend({
    entry: "1",
    target: writer.target,
    application: 1,
    run: "r",
    role: "bob",
    before: [],
    id: secret,
  });
  ledger.close();
  const refusal = { message: `${secret}\r::error::${secret}`, errorType: secret };
  respond = async () => ({
    status: 403,
    headers: [
      ["content-type", "application/json"],
      ["x-amzn-errortype", secret],
    ],
    body: Buffer.from(JSON.stringify(refusal)),
  });
  const ended = await verify(base, { ...env, CI: "true" }, { clean: true });
  expect(ended.code).toBe(2);
  expect(ended.stdout).toContain("left registered: bob in application 1, (secret)");
  expect(ended.stderr).toContain("could not clean up (credentials)");
  expectHarmless(ended);
});

function ledgerLines(): number {
  try {
    return readFileSync(temporary("ledger.jsonl"), "utf8").split("\n").length;
  } catch {
    return 0;
  }
}

test("a picture is hidden in every encoding", () => {
  const redact = createRedactor([]);
  const shown = canaries
    .filter(({ name }) => name.startsWith("picture"))
    .map(({ text }) => redact(`is ${text} here`));
  expect(shown.flatMap(leaksIn)).toEqual([]);
});

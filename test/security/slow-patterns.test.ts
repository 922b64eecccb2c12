import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { createValidation, type Validators } from "../../contracts/openapi/validation.ts";
import { startMock } from "../../mocks/mock.ts";
import { runGenerate } from "../../tools/commands/generate.ts";
import { contractOf } from "../../tools/commands/mock-spec.ts";

/** Patterns of which none ends in a year without a time box, each with a text that it fits and one that it does not. */
const slow: [pattern: string, fits: string, attack: string][] = [
  ["^(a+)+$", "a".repeat(20), `${"a".repeat(60)}!`],
  ["^(a*)*$", "a".repeat(20), `${"a".repeat(60)}!`],
  ["^(a|a)*$", "a".repeat(20), `${"a".repeat(60)}!`],
  ["^(a|aa)+$", "a".repeat(20), `${"a".repeat(90)}!`],
  ["^([a-z]+)*\\d$", `${"a".repeat(20)}1`, `${"a".repeat(60)}!`],
  ["^(\\w+\\s?)*$", "some words in a row", `${"a".repeat(60)}!`],
  ["^(.|\\s)*!$", "some words in a row!", `${" ".repeat(60)}`],
  ["^(?=(a+)+$)a", "a".repeat(20), `${"a".repeat(60)}!`],
  ["^([\\w-.]+)+@$", `${"a-.".repeat(6)}@`, `${"a".repeat(60)}!`],
  ["^(([a-z])+.)+[A-Z]([a-z])+$", "abcabcabcabcabcabAb", "a".repeat(100)],
  ["(x+x+)+y", `${"x".repeat(20)}y`, "x".repeat(100)],
  // Without a loop.
  ["^(a|aa){30}$", "a".repeat(30), `${"a".repeat(45)}!`],
  ["^(a?){30}a{30}$", "a".repeat(60), `${"a".repeat(40)}!`],
  ["^(a{0,3}){20}$", "aaa", `${"a".repeat(50)}!`],
  ["^(a?){200}a{200}$", "a".repeat(400), `${"a".repeat(300)}!`],
  ["^(ab|abab){25}$", "ab".repeat(25), `${"ab".repeat(38)}!`],
  [`^${"a?".repeat(25)}${"a".repeat(25)}$`, "a".repeat(50), `${"a".repeat(40)}!`],
];

/** Patterns that take polynomial time, of a degree that a few dozen characters are enough for. */
const steep: [pattern: string, fits: string, attack: string][] = [
  ["^(a+){10}$", "a".repeat(20), `${"a".repeat(80)}!`],
  ["^(\\d+){12}$", "1".repeat(20), `${"1".repeat(80)}!`],
  ["^a*a*a*a*a*a*a*a*b$", "aab", "a".repeat(200)],
  ["^a*a*a*b$", "aab", "a".repeat(1900)],
  ["^(.*)(.*)(.*)(.*)\\d$", "abc1", "a".repeat(1900)],
  ["(a*b*){6}c", "abc", "ab".repeat(300)],
];

function description(pattern: string): string {
  const schema = { type: "object", properties: { a: { type: "string", pattern } } };
  const content = { "application/json": { schema, example: { a: "a" } } };
  const post = {
    operationId: "post",
    requestBody: { required: true, content },
    responses: { "200": { description: "ok", content } },
  };
  return JSON.stringify(
    { openapi: "3.0.3", info: { title: "t", version: "1" }, paths: { "/a": { post } } },
    null,
    1,
  );
}

async function described(pattern: string): Promise<string> {
  const folder = await mkdtemp("generated/.patterns-");
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, "spec.json"), description(pattern));
  return folder;
}

/** The keywords that the generated validators find broken by a body. */
async function generatedKeywords(folder: string): Promise<(a: string) => string[]> {
  const validators: Validators = await import(`${process.cwd()}/${folder}/out/validators.js`);
  const validation = createValidation(validators);
  return (a) =>
    validation
      .request("post", {
        mediaType: "application/json",
        body: { a },
        pathParameters: {},
        query: {},
        headers: {},
      })
      .map(({ keyword }) => keyword);
}

it.each(slow)("the generated validators end: %s", async (pattern, fits, attack) => {
  const folder = await described(pattern);
  let printed = "";
  const print = (text: string) => void (printed += text);
  const command = { spec: join(folder, "spec.json"), out: join(folder, "out") };
  expect(await runGenerate(command, { stdout: print, stderr: print })).toBe(0);
  expect(printed.replaceAll(`${folder}/`, "")).toContain(
    `The pattern ${JSON.stringify(pattern)} may take exponential time. A text that is not tested in 0.1 s counts as invalid.`,
  );
  expect(printed).toMatch(/spec\.json:\d+:\d+ The pattern/);

  const keywords = await generatedKeywords(folder);
  expect(keywords(fits)).toEqual([]);
  const began = performance.now();
  for (let round = 0; round < 20; round++) expect(keywords(attack)).toEqual(["pattern"]);
  expect(performance.now() - began).toBeLessThan(2000);
});

it.each(slow.slice(0, 4))("the mock of the description responds: %s", async (pattern, fits, attack) => {
  const folder = await described(pattern);
  const contract = await contractOf({ spec: join(folder, "spec.json") });
  const mock = await startMock({ contract, auth: "off" });
  onTestFinished(() => mock.close());
  const began = performance.now();
  for (const a of [fits, attack, attack]) {
    const response = await fetch(`${mock.url}/a`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ a }),
      signal: AbortSignal.timeout(10_000),
    });
    await response.text();
    expect(response.status).toBeLessThan(500);
  }
  expect(performance.now() - began).toBeLessThan(8000);
});

it.each(steep)("the generated validators end, without a warning: %s", async (pattern, fits, attack) => {
  const folder = await described(pattern);
  const command = { spec: join(folder, "spec.json"), out: join(folder, "out") };
  expect(await runGenerate(command, { stdout() {}, stderr() {} })).toBe(0);
  const keywords = await generatedKeywords(folder);
  expect(keywords(fits)).toEqual([]);
  const before = process.cpuUsage();
  for (let round = 0; round < 20; round++) expect(keywords(attack)).toEqual(["pattern"]);
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1e6).toBeLessThan(3);
});

/** Patterns of which none ends in minutes for a text of 100,000 characters. */
it.each<[pattern: string, attack: string]>([
  ["(a*)*b", "a".repeat(30)],
  ["a+b", "a".repeat(300_000)],
  ["\\s+$", `${" ".repeat(300_000)}x`],
  ["^.*a.*b.*c$", "ab".repeat(100_000)],
])("the mock responds soon to a long text: %s", async (pattern, attack) => {
  const folder = await described(pattern);
  const contract = await contractOf({ spec: join(folder, "spec.json") });
  const mock = await startMock({ contract, auth: "off" });
  onTestFinished(() => mock.close());
  const before = process.cpuUsage();
  const response = await fetch(`${mock.url}/a`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ a: attack }),
  });
  await response.text();
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1e6).toBeLessThan(3);
});

it.each<[target: string, problem: string]>([
  ["$..[?match(@.title, '(a+)+b')]", "has the pattern '(a+)+b', which may take exponential time."],
  ["$..[?search(@.title, '(a*)*b')]", "has the pattern '(a*)*b', which may take exponential time."],
  ['$..[?search(@.title, "(a|aa){40}b")]', 'has the pattern "(a|aa){40}b", which may take exponential time.'],
  [
    "$..[?match(@.title, '(a?){40}a{40}')]",
    "has the pattern '(a?){40}a{40}', which may take exponential time.",
  ],
  [
    "$..[?@.x == 1 || search( @.title, '(\\\\w+)+!' )]",
    "has the pattern '(\\\\w+)+!', which may take exponential time.",
  ],
  ["$..[?match(@.title, @.description)]", "must have the pattern of match or search as a text."],
])("a target of an overlay is refused at its place: %s", async (target, problem) => {
  const folder = await described("^a$");
  const overlay = join(folder, "overlay.json");
  const actions = [{ target, update: { "x-a": 1 } }];
  const info = { title: "a".repeat(60), version: "1" };
  await writeFile(overlay, JSON.stringify({ overlay: "1.0.0", info, actions }));
  let printed = "";
  const print = (text: string) => void (printed += text);
  const command = { spec: join(folder, "spec.json"), overlay, out: join(folder, "out") };
  const began = performance.now();
  expect(await runGenerate(command, { stdout: print, stderr: print })).toBe(2);
  expect(performance.now() - began).toBeLessThan(5_000);
  expect(printed).toContain(`overlay.json:1:`);
  expect(printed).toContain(problem);
});

it("the mock says which patterns are slow", async () => {
  const { warnings } = await contractOf({ spec: join(await described("^(a+)+$"), "spec.json") });
  expect(warnings[0]).toMatch(
    /spec\.json:\d+:\d+ The pattern "\^\(a\+\)\+\$" may take exponential time\. A text that is not tested in 0\.1 s counts as invalid\. \(warning\)$/,
  );
});

it("two slow patterns are not taken for one", async () => {
  const folder = await described("^(a+)+$");
  const document = JSON.parse(description("^(a+)+$"));
  const { schema } = document.paths["/a"].post.requestBody.content["application/json"];
  schema.properties.b = { type: "string", pattern: "^(b+)+$" };
  await writeFile(join(folder, "spec.json"), JSON.stringify(document));
  const { validation } = await contractOf({ spec: join(folder, "spec.json") });
  const placesOf = (body: object) =>
    validation!
      .request("post", { mediaType: "application/json", body, pathParameters: {}, query: {}, headers: {} })
      .map(({ place }) => place.join("."));
  expect(placesOf({ a: "aa", b: "bb" })).toEqual([]);
  expect(placesOf({ a: "bb", b: "aa" })).toEqual(["body.a", "body.b"]);
});

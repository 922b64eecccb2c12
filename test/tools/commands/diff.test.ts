import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { runCommandLine } from "../../../tools/commands/command-line.ts";
import { recordedTerminal } from "./recorded-terminal.ts";

const v1 = "spec/necid-v1.yaml";
const v11 = "spec/necid-v1.1.yaml";

const folder = mkdtempSync(join(tmpdir(), "necid-diff-"));
afterAll(() => rmSync(folder, { recursive: true }));

async function necid(...args: string[]) {
  const { terminal, printed } = recordedTerminal();
  const code = await runCommandLine(["diff", ...args], terminal);
  return { code, ...printed };
}

function fileWith(name: string, text: string): string {
  const file = join(mkdtempSync(join(folder, "file-")), name);
  writeFileSync(file, text);
  return file;
}

function specWith(schema: string): string {
  return fileWith(
    "api.yaml",
    `openapi: 3.1.0
info: { title: A, version: "1" }
paths:
  /a:
    post:
      requestBody: { content: { application/json: { schema: ${schema} } } }
      responses: { "200": { description: ok } }
`,
  );
}

const long = specWith("{ type: string, maxLength: 5 }");
const short = specWith("{ type: string, maxLength: 3 }");
const pattern = specWith("{ type: string, maxLength: 5, pattern: a }");
const other = specWith("{ type: string, maxLength: 5, pattern: b }");

describe("exit codes", () => {
  test.each([
    ["nothing has changed", [v1, v1], 0],
    ["nothing breaking has changed", [short, long], 0],
    ["something breaking has changed", [long, short], 1],
    ["something risky has changed", [pattern, other], 0],
    ["something risky has changed, and that fails", [pattern, other, "--fail-on", "risky"], 1],
    ["a file is not there", [v1, "nowhere.yaml"], 2],
    ["a revision is not there", ["nowhere:a.yaml", v1], 2],
    ["an overlay is no overlay", [v1, v1, "--overlay", v1], 2],
    ["an overlay is the only thing", ["spec/necid-v1.overlay.yaml", v1], 2],
    ["a file is missing on the command line", [v1], 2],
    ["the accept file is not there", [v1, v1, "--accept", "nowhere.json"], 2],
  ])("%s", async (_, args, code) => {
    expect((await necid(...args)).code).toBe(code);
  });
});

test("text", async () => {
  expect((await necid(long, short)).stdout).toBe(
    `breaking  POST /a  request body  [request-max-length-lowered]
  The request body has the limit at most as many characters as 3 instead of 5: a consumer that sends what was allowed before is refused, so change it first.
  old ${long}:6  new ${short}:6
1 breaking, 0 risky, 0 compatible
`,
  );
});

test("json", async () => {
  const { stdout } = await necid(long, short, "--format", "json");
  expect(JSON.parse(stdout)).toEqual({
    changes: [
      {
        id: "request-max-length-lowered",
        level: "breaking",
        operation: "POST /a",
        direction: "request",
        location: "request body",
        old: { file: long, line: 6 },
        new: { file: short, line: 6 },
        message: expect.stringContaining("instead of 5"),
      },
    ],
  });
});

test("markdown and GitHub", async () => {
  const { stdout } = await necid(long, short, "--format", "markdown");
  expect(stdout).toContain(
    "## 1 breaking, 0 risky, 0 compatible\n\n### breaking\n\n| operation | location |",
  );
  expect(stdout).toContain("| POST /a | request body | The request body has the limit");
  const annotated = await necid(long, short, "--format", "github");
  expect(annotated.stdout).toContain(
    `::error file=${short},line=6,title=POST /a request body (request-max-length-lowered)::The request body`,
  );
});

test("a file of a git revision", async () => {
  const revision = execFileSync("git", ["rev-parse", "HEAD"], { encoding: "utf8" }).trim();
  const { code, stdout } = await necid(`${revision}:${v1}`, v1);
  expect({ code, stdout }).toEqual({ code: 0, stdout: "no changes\n" });
});

test("an overlay for each side, and one for both", async () => {
  const overlay = "spec/necid-v1.overlay.yaml";
  expect((await necid(v1, v1, "--overlay", overlay)).stdout).toBe("no changes\n");
  expect((await necid(v1, v1, "--overlay", overlay, "--overlay", overlay)).stdout).toBe("no changes\n");
  const { code, stdout } = await necid(v1, v1, "--overlay-new", overlay);
  expect(code).toBe(1);
  expect(stdout).toMatch(
    /request-required-body-added\]\n.*\n {2}old spec\/necid-v1\.yaml:\d+ {2}new spec\/necid-v1\.overlay\.yaml:\d+/,
  );
});

test("the faults of a file are reported, and stop nothing", async () => {
  const { code, stderr } = await necid(v1, v11);
  expect(code).toBe(1);
  expect(stderr).toBe(
    `${v11}:311:1 The path parameter pagingId of GET /jobs/bulkregister/{batchId}/{pagingId} is declared in query.
${v11}:332:1 The path parameter pagingId of OPTIONS /jobs/bulkregister/{batchId}/{pagingId} is declared in query.
`,
  );
});

describe("accepted changes", () => {
  const accepting = (...list: object[]) => fileWith("accept.json", JSON.stringify(list));
  const row = { id: "request-max-length-lowered", reason: "agreed", date: "2026-11-01" };

  test("do not count, and are listed", async () => {
    const { code, stdout } = await necid(long, short, "--accept", accepting(row));
    expect(code).toBe(0);
    expect(stdout).toBe(
      "accepted  POST /a  request body  [request-max-length-lowered]\n  2026-11-01: agreed\n0 breaking, 0 risky, 0 compatible, 1 accepted\n",
    );
  });

  test("count again after their last day", async () => {
    const file = accepting({ ...row, expires: "2020-01-01" });
    const { code, stderr } = await necid(long, short, "--accept", file);
    expect(code).toBe(1);
    expect(stderr).toBe(`${file}: request-max-length-lowered was accepted until 2020-01-01\n`);
  });

  test("that have not changed are named", async () => {
    const file = accepting({ ...row, operation: "GET /b" });
    const { code, stderr } = await necid(long, short, "--accept", file);
    expect(code).toBe(1);
    expect(stderr).toBe(`${file}: request-max-length-lowered of GET /b has not changed; remove it\n`);
  });

  test("of a wrong file are all named", async () => {
    const file = accepting({ id: "", when: 1 });
    const { code, stderr } = await necid(long, short, "--accept", file);
    expect(code).toBe(2);
    expect(
      stderr,
    ).toBe(`${file}: /0/when is not known; known are id, operation, location, reason, date, expires
${file}: /0/id must be text
${file}: /0/reason must be text
${file}: /0/date must be a day, YYYY-MM-DD
`);
  });
});

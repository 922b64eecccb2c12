import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { startMock } from "../../mocks/mock.ts";
import { mayImport } from "../lab/house/rooms.ts";
import { pages, readSnippets } from "./snippets.ts";

const run = promisify(execFile);
const texts = pages.map((page) => [page, readFileSync(page, "utf8")] as const);

test("the README has at most 150 lines", () => {
  expect(readFileSync("README.md", "utf8").trimEnd().split("\n").length).toBeLessThanOrEqual(150);
});

test("the README's first curl line, pasted, registers a face", async () => {
  const mock = await startMock();
  const { text } = readSnippets("README.md").find(({ text }) => text.startsWith("curl --aws-sigv4"))!;
  const command = text.trim().replace("http://127.0.0.1:4010/v1", mock.url);
  const { stdout } = await run("sh", ["-c", `${command} -s -w '\\n%{http_code}'`]);
  const [body, status] = stdout.split("\n");
  expect({ status, left: JSON.parse(body!).attributes.faceArea.left }).toEqual({
    status: "201",
    left: expect.stringMatching(/^\d+$/),
  });
  await mock.close();
});

test("every npm script that a page names exists", () => {
  const { scripts } = JSON.parse(readFileSync("package.json", "utf8"));
  // The changelog names scripts of earlier versions.
  const current = texts.filter(([page]) => page !== "CHANGELOG.md");
  const named = current.flatMap(([page, text]) =>
    [...text.matchAll(/npm run (?:-s )?([a-z:]+)/g)].map(([, name]) => [page, name!] as const),
  );
  expect(named.filter(([, name]) => !(name in scripts))).toEqual([]);
});

test("every link to a file or a heading of the project leads there", () => {
  const broken = texts.flatMap(([page, text]) =>
    [...text.matchAll(/\]\((?!https?:)([^)\s#]*)(?:#([^)\s]+))?\)/g)].flatMap(([link, path, heading]) => {
      const target = path ? join(dirname(page), path) : page;
      return leadsSomewhere(target, heading) ? [] : [`${page}: ${link!}`];
    }),
  );
  expect(broken).toEqual([]);
});

test("every page of docs is linked from another page", () => {
  const linked = new Set(
    texts.flatMap(([page, text]) =>
      [...text.matchAll(/\]\((?!https?:)([^)\s#]+)/g)].map(([, path]) => join(dirname(page), path!)),
    ),
  );
  expect(pages.filter((page) => page.startsWith("docs/") && !linked.has(page))).toEqual([]);
});

test("every file and folder that a page names exists", () => {
  const room =
    /`((?:contracts|docs|examples|generated|mocks|spec|test|tools|\.github|\.changeset)\/[\w./-]*)`/g;
  const missing = texts.flatMap(([page, text]) =>
    [...text.matchAll(room)].flatMap(([, path]) => (isThere(path!) ? [] : [`${page}: ${path}`])),
  );
  expect(missing).toEqual([]);
});

/** A room of the plan may be still empty. */
function isThere(path: string): boolean {
  return existsSync(path) || mayImport.some(([room]) => room === path.replace(/\/$/, ""));
}

function leadsSomewhere(target: string, heading: string | undefined): boolean {
  if (heading === undefined) return existsSync(target);
  const headings = [...readFileSync(target, "utf8").matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
    anchor(title!),
  );
  return headings.includes(heading);
}

/** The anchor that GitHub gives a heading. */
function anchor(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, "")
    .replaceAll(" ", "-");
}

import { resolve } from "node:path";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ciLines, type Done, matches, openPage, type PageRun, sourceCondition } from "./run-page.ts";
import { pages, readSnippets, type Snippet } from "./snippets.ts";

const withSnippets = pages
  .map((page) => [page, readSnippets(page)] as const)
  .filter(([, { length }]) => length > 0);

describe.each(withSnippets)("%s", (_, snippets) => {
  let run: PageRun;
  let before: Done | undefined;
  beforeAll(() => {
    run = openPage(snippets);
  });
  afterAll(() => run.close());

  test.each(snippets.map((snippet) => ({ ...snippet, first: snippet.text.split("\n")[0]! })))(
    "line $line, $language $mode: $first",
    async (snippet) => {
      if (snippet.mode === "output") {
        const printed = before?.stdout.trim();
        if (!matches(snippet.text, printed ?? "")) expect(printed).toBe(snippet.text.trim());
        return;
      }
      if (snippet.mode === "ci") {
        expect(ciLines()).toEqual(expect.arrayContaining(snippet.text.trim().split("\n")));
        return;
      }
      before = await run.run(snippet);
      expect({ ...before, exitCode: before.exitCode }).toEqual({ ...before, exitCode: exitCode(snippet) });
    },
  );
});

test("the TypeScript of the pages has the types that it says, and a wrong type would be seen", () => {
  const snippets = withSnippets.flatMap(([, all]) => all.filter(isTypeScript));
  const files = new Map(
    snippets.map((snippet) => [
      // Beside the root's package.json, so that the package's own name leads to its exports.
      resolve(`${snippet.page.replaceAll("/", "-")}-${snippet.line}.ts`),
      `export {};${snippet.text}`,
    ]),
  );
  files.set(resolve("wrong.ts"), 'import { face } from "necid-contract-kit/faces";\nface(1);\n');
  expect(typeErrors(files)).toEqual([
    "wrong.ts:2 Argument of type 'number' is not assignable to parameter of type 'string'.",
  ]);
});

/** What a block must exit with. `refused`: curl's code for a status of 400 or more. */
function exitCode({ option }: Snippet): number {
  if (option === "refused") return 22;
  return option.startsWith("exit=") ? Number(option.slice(5)) : 0;
}

function isTypeScript({ language, mode }: Snippet): boolean {
  return language === "ts" && mode !== "norun";
}

function typeErrors(files: ReadonlyMap<string, string>): string[] {
  const { config } = ts.readConfigFile("tsconfig.json", ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ".");
  const host = ts.createCompilerHost({ ...options, customConditions: [sourceCondition] });
  const { readFile, fileExists, getSourceFile } = host;
  host.readFile = (name) => files.get(resolve(name)) ?? readFile(name);
  host.fileExists = (name) => files.has(resolve(name)) || fileExists(name);
  host.getSourceFile = (name, target, ...rest) =>
    files.has(resolve(name))
      ? ts.createSourceFile(name, files.get(resolve(name))!, target)
      : getSourceFile(name, target, ...rest);
  const program = ts.createProgram([...files.keys()], options, host);
  return ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const line = file ? file.getLineAndCharacterOfPosition(start!).line + 1 : 0;
    const name = file?.fileName.split("/").at(-1);
    return `${name}:${line} ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
  });
}

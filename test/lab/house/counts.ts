import { readFileSync } from "node:fs";
import { join } from "node:path/posix";
import { runProgram } from "../../../tools/commands/reader/options.ts";
import type { Option } from "../../../tools/commands/reader/program.ts";
import { terminal } from "../../../tools/commands/reader/terminal.ts";
import { circles, folderEdges, readImports, sourceFiles } from "./imports.ts";

const options = {
  folder: { argument: "folder", description: "the project", default: "." },
} as const satisfies Record<string, Option>;

const program = {
  name: "npm run house --",
  description: "Prints the size and shape of the product's rooms; tests and generated files are left out.",
  options,
};

process.exitCode = await runProgram(program, { args: process.argv.slice(2), terminal }, async ({ options }) =>
  printCounts(options.folder),
);

function printCounts(root: string): number {
  const files = sourceFiles(root).filter((file) => /^(contracts|mocks|tools)\//.test(file));
  const texts = new Map(files.map((file) => [file, readFileSync(join(root, file), "utf8")]));
  const imports = readImports(root).filter(({ file }) => texts.has(file));
  const perFolder = Map.groupBy(files, (file) => file.replace(/\/[^/]+$/, ""));
  if (files.length === 0) {
    terminal.stderr(`${root} has none of the folders contracts, mocks and tools\n`);
    return 2;
  }
  const largest = [...perFolder].sort(([, a], [, b]) => b.length - a.length)[0]!;
  const ambiguous = ambiguousExports(texts);

  console.log(`files                              ${files.length}`);
  console.log(`lines                              ${[...texts.values()].join("").split("\n").length - 1}`);
  console.log(`largest folder                     ${largest[0]} (${largest[1].length} files)`);
  console.log(`import arrows between folders      ${folderEdges(imports).length}`);
  console.log(
    `circles between files              ${circles(imports.map((one) => [one.file, one.target])).length}`,
  );
  console.log(`circles between folders            ${circles(folderEdges(imports)).length}`);
  console.log(`exported names declared twice      ${ambiguous.length}`);
  for (const [name, places] of ambiguous) console.log(`  ${name}: ${places.join(", ")}`);
  return 0;
}

/** Names that two files declare and export. A re-export is no declaration. */
function ambiguousExports(texts: ReadonlyMap<string, string>): [name: string, files: string[]][] {
  const declared = [...texts].flatMap(([file, text]) =>
    [...text.matchAll(/^export (?:async )?(?:function\*?|const|class|type|let) (\w+)/gm)].map(
      (match) => [match[1]!, file] as const,
    ),
  );
  return [...Map.groupBy(declared, ([name]) => name)]
    .map(([name, pairs]) => [name, pairs.map(([, file]) => file)] as [string, string[]])
    .filter(([, places]) => places.length > 1)
    .sort(([a], [b]) => a.localeCompare(b));
}

import { readFileSync } from "node:fs";
import { join } from "node:path/posix";
import { circles, folderEdges, readImports, sourceFiles } from "./imports.ts";

/**
 * Prints the size and shape of the product's rooms, tests and generated files apart:
 * `node test/lab/house/counts.ts [FOLDER]`, by default of the project in the current folder.
 */
const root = process.argv[2] ?? ".";
const files = sourceFiles(root).filter((file) => /^(contracts|mocks|tools)\//.test(file));
const texts = new Map(files.map((file) => [file, readFileSync(join(root, file), "utf8")]));
const imports = readImports(root).filter(({ file }) => texts.has(file));
const perFolder = Map.groupBy(files, (file) => file.replace(/\/[^/]+$/, ""));
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

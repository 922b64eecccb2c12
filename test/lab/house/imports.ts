import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path/posix";

/** An import of one file of the project by another. */
export type Import = { file: string; target: string; kind: "static" | "dynamic" | "type" };

const rooms = ["spec", "generated", "contracts", "mocks", "tools", "test", "examples"] as const;

/** The source files of the rooms, as paths from the project's root. */
export function sourceFiles(root = "."): string[] {
  return globSync(`{${rooms.join(",")}}/**/*.{ts,js}`, {
    cwd: root,
    exclude: (name) => /(^|\/)(node_modules|tools-\w{6})(\/|$)/.test(name),
  }).sort();
}

/** All imports between files of the project. Imports of packages are left out. */
export function readImports(root = "."): Import[] {
  return sourceFiles(root).flatMap((file) => importsIn(file, readFileSync(join(root, file), "utf8")));
}

/** The imports that stand in one file's text. */
export function importsIn(file: string, text: string): Import[] {
  const found = text.matchAll(
    /^(?:import|export)\s+(type\s)?(?:[\w\s{},*$]*?\sfrom\s+)?"([^"]+)"|\bimport\("([^"]+)"\)/gm,
  );
  return [...found].flatMap(([, type, fixed, loaded]) => {
    const specifier = fixed ?? loaded!;
    if (!/^(\.|#generated)/.test(specifier)) return [];
    const target = specifier.startsWith("#") ? specifier.slice(1) : join(dirname(file), specifier);
    const kind = type ? "type" : fixed ? "static" : "dynamic";
    return [{ file, target, kind } as const];
  });
}

/**
 * The groups of nodes that reach each other, each group sorted; none where the graph has no circle.
 *
 * @see Tarjan, "Depth-first search and linear graph algorithms" (1972)
 */
export function circles(edges: readonly (readonly [from: string, to: string])[]): string[][] {
  const next = Map.groupBy(edges, ([from]) => from);
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  const visit = (node: string): void => {
    index.set(node, index.size);
    low.set(node, index.get(node)!);
    stack.push(node);
    for (const [, to] of next.get(node) ?? []) {
      if (!index.has(to)) visit(to);
      if (stack.includes(to)) low.set(node, Math.min(low.get(node)!, low.get(to)!));
    }
    if (low.get(node) !== index.get(node)) return;
    const group = stack.splice(stack.indexOf(node));
    if (group.length > 1) found.push(group.sort());
  };
  for (const [from] of edges) if (!index.has(from)) visit(from);
  return found;
}

/** The imports between folders, each pair once. */
export function folderEdges(imports: readonly Import[]): [from: string, to: string][] {
  const pairs = new Set(imports.map(({ file, target }) => `${dirname(file)} ${dirname(target)}`));
  return [...pairs].map((pair) => pair.split(" ") as [string, string]).filter(([from, to]) => from !== to);
}

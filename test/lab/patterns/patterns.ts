import { globSync, readFileSync } from "node:fs";
import ts from "typescript";

/** A regular expression in the source of the product. */
export type SourcePattern = { file: string; line: number; pattern: string; flags: string };

/** Lists every regular expression that the product's files write down, as a literal or as text for `new RegExp`. */
export function patternsOfProduct(): SourcePattern[] {
  const files = globSync("{contracts,mocks,tools}/**/*.ts").sort();
  return files.flatMap((file) => patternsIn(file, readFileSync(file, "utf8")));
}

/** Lists the regular expressions of one file. */
export function patternsIn(file: string, text: string): SourcePattern[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: SourcePattern[] = [];
  const add = (node: ts.Node, pattern: string, flags: string) => {
    const { line } = source.getLineAndCharacterOfPosition(node.getStart());
    found.push({ file, line: line + 1, pattern, flags });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf("/");
      add(node, node.text.slice(1, end), node.text.slice(end + 1));
    }
    if (ts.isNewExpression(node) && node.expression.getText() === "RegExp") {
      const [pattern, flags] = node.arguments ?? [];
      const made =
        pattern && ts.isStringLiteralLike(pattern) ? pattern.text : `(made: ${pattern?.getText()})`;
      add(node, made, flags && ts.isStringLiteralLike(flags) ? flags.text : "");
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

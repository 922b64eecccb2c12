import { globSync, readFileSync } from "node:fs";

/** A fenced block of a page. Its info string says how a test runs it: `sh run`, `ts run`, `sh serve`, … */
export type Snippet = {
  page: string;
  /** Of the opening fence, 1 for the first line of the page. */
  line: number;
  language: string;
  mode: Mode;
  /** What stands behind the mode: `refused`, `exit=1`, the name of a file, or a reason. */
  option: string;
  text: string;
};

type Mode = keyof typeof modes;

/**
 * What a test does with a block. `CONTRIBUTING.md` explains the same list to authors.
 *
 * Each entry names the languages that a mode is for, and the options that it takes.
 */
const modes = {
  /** Runs it: a shell block in bash, a TypeScript block in Node after a check of its types. */
  run: { languages: ["sh", "ts"], option: /^(refused|exit=\d+)?$/ },
  /** Starts a command that serves until the end of the page, on a free port. */
  serve: { languages: ["sh"], option: /^$/ },
  /** Says that `.ci/run` runs each line. */
  ci: { languages: ["sh"], option: /^$/ },
  /** Runs it as a test file of Vitest, after a check of its types. */
  vitest: { languages: ["ts"], option: /^$/ },
  /** Writes it to a file that later blocks of the page use. */
  file: { languages: ["json", "yaml", "ts"], option: /^[\w./-]+$/ },
  /** Compares it with what the block before printed; `…` stands for anything. */
  output: { languages: ["text", "json"], option: /^$/ },
  /** A drawing: nothing to run. */
  figure: { languages: ["text"], option: /^$/ },
  /** Is not run, for a reason that the page states: live credentials, ten minutes. */
  norun: { languages: ["sh", "ts", "json", "yaml", "text"], option: /\w+ \w+/ },
} as const satisfies Record<string, { languages: readonly string[]; option: RegExp }>;

/** Every page that a reader is sent to. */
export const pages: string[] = globSync([
  "*.md",
  "docs/**/*.md",
  "spec/*.md",
  "examples/*.md",
  ".github/**/*.md",
]).sort();

/**
 * Reads the fenced blocks of a page.
 *
 * @throws {SnippetError} at a block that does not say how it is run, and at an indented block.
 */
export function readSnippets(page: string, markdown = readFileSync(page, "utf8")): Snippet[] {
  const snippets: Snippet[] = [];
  let open: { line: number; indent: string; info: string; lines: string[] } | undefined;
  for (const [index, text] of markdown.split("\n").entries()) {
    const fence = /^(\s*)```(.*)$/.exec(text);
    if (!fence && open) open.lines.push(text.slice(open.indent.length));
    else if (fence && open) {
      snippets.push({ page, line: open.line, ...readInfo(open.info, page, open.line), text: textOf(open) });
      open = undefined;
    } else if (fence) open = { line: index + 1, indent: fence[1]!, info: fence[2]!.trim(), lines: [] };
    else if (/^(?: {4}|\t)\S/.test(text) && isBlank(markdown, index))
      throw new SnippetError(page, index + 1, "is an indented code block. Use a fenced one");
  }
  if (open) throw new SnippetError(page, open.line, "opens a block that is never closed");
  return snippets;
}

/** A block of a page that no test could run. */
export class SnippetError extends Error {
  readonly code = "SNIPPET";

  constructor(page: string, line: number, rule: string) {
    super(`${page}:${line} ${rule}.`);
    this.name = "SnippetError";
  }
}

function readInfo(info: string, page: string, line: number): Pick<Snippet, "language" | "mode" | "option"> {
  const [, language = "", mode = "", option = ""] = /^(\w+) (\w+)[=: ]*(.*)$/.exec(info) ?? [];
  const known = Object.hasOwn(modes, mode) ? modes[mode as Mode] : undefined;
  if (!known)
    throw new SnippetError(
      page,
      line,
      `does not say how it is run; write one of ${Object.keys(modes).join(", ")}`,
    );
  if (!(known.languages as readonly string[]).includes(language))
    throw new SnippetError(page, line, `is a block of ${language}, which has no mode ${mode}`);
  if (!known.option.test(option))
    throw new SnippetError(page, line, `has an option that ${mode} does not take: ${option || "none"}`);
  return { language, mode: mode as Mode, option };
}

function textOf({ lines }: { lines: string[] }): string {
  return lines.map((line) => `${line}\n`).join("");
}

/** Whether the line before an indented one is blank and belongs to no list: only then it is a code block. */
function isBlank(markdown: string, index: number): boolean {
  const before = markdown.split("\n").slice(0, index);
  if (before.at(-1) !== "") return false;
  const above = before.findLast((line) => /^\S/.test(line)) ?? "";
  return !/^(?:[-*]|\d+\.) /.test(above);
}

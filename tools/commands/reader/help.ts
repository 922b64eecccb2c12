import { flagsOf, type Option, type Program } from "./program.ts";

/** The help of a program, or of one with verbs, 80 columns wide or as wide as the terminal. */
export function formatHelp(
  { name, description, operands = {}, furtherOperands, options, trailing, notes }: Program,
  { verbs = [], width = process.stdout.columns || 80 }: { verbs?: ListedVerb[]; width?: number } = {},
): string {
  const usage = [
    name,
    "[options]",
    ...Object.keys(operands).map((operand) => `<${operand}>`),
    ...(furtherOperands ? [`[${furtherOperands[0]}...]`] : []),
    ...(trailing ? [`[-- ${trailing[0]}]`] : []),
  ];
  const isProgramOfVerbs = verbs.length > 0;
  const sections: [title: string, rows: [term: string, description: string][]][] = [
    [
      "Arguments",
      [
        ...Object.entries(operands),
        ...(furtherOperands ? [furtherOperands] : []),
        ...(trailing ? [trailing] : []),
      ],
    ],
    [
      "Options",
      [
        ...(isProgramOfVerbs ? [["-V, --version", "output the version number"] as [string, string]] : []),
        ...Object.entries(options).map(([property, option]): [string, string] => [
          flagsOf(property, option),
          describe(option),
        ]),
        ["-h, --help", "display help for command"],
      ],
    ],
    [
      "Commands",
      isProgramOfVerbs
        ? [...verbs.map(verbRow), ["help [command]", "display help for command"] as [string, string]]
        : [],
    ],
  ];
  const termWidth = Math.max(...sections.flatMap(([, rows]) => rows.map(([term]) => term.length)));
  const blocks = sections
    .filter(([, rows]) => rows.length > 0)
    .map(([title, rows]) => {
      const lines = rows.flatMap(([term, text]) =>
        wrap(text, width - termWidth - 4).map(
          (line, index) => `  ${(index === 0 ? term : "").padEnd(termWidth)}  ${line}`,
        ),
      );
      return `${title}:\n${lines.join("\n")}`;
    });
  const head = `Usage: ${usage.join(" ")}${isProgramOfVerbs ? " [command]" : ""}`;
  const all = [head, wrap(description, width).join("\n"), ...blocks, ...(notes ? [notes] : [])];
  return `${all.join("\n\n")}\n`;
}

/** One verb of a program, as the help of the program lists it. */
export type ListedVerb = Pick<Program, "name" | "description" | "operands">;

function describe({ description, default: value, choices }: Option): string {
  const notes = [
    ...(choices ? [`choices: ${choices.map((choice) => JSON.stringify(choice)).join(", ")}`] : []),
    ...(value === undefined ? [] : [`default: ${JSON.stringify(value)}`]),
  ];
  return notes.length > 0 ? `${description} (${notes.join(", ")})` : description;
}

function verbRow({ name, description, operands = {} }: ListedVerb): [string, string] {
  return [
    [name, "[options]", ...Object.keys(operands).map((operand) => `<${operand}>`)].join(" "),
    description,
  ];
}

function wrap(text: string, width: number): string[] {
  return text.split("\n").flatMap((paragraph) => {
    const lines = [""];
    for (const word of paragraph.split(" ")) {
      const line = lines.at(-1)!;
      if (line === "") lines[lines.length - 1] = word;
      else if (line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`;
      else lines.push(word);
    }
    return lines;
  });
}

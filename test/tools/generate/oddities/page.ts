import type { Oddity, Outcome } from "./oddity.ts";

type Row = Oddity & { want: Outcome };

/** `docs/swagger-support.md`, from all rows by the heading of their section. */
export function pageOf(sections: { heading: string; rows: Row[] }[]): string {
  const all = sections.flatMap(({ rows }) => rows);
  const refused = all.filter(({ want }) => want.is === undefined && isRefused(want));
  const accepted = (validator: keyof Outcome["validators"]) =>
    all.filter(({ want }) => want.validators[validator] === "accepts").length;
  return [
    "# What is read of Swagger and OpenAPI",
    "",
    "Written by `node test/tools/generate/oddities/record.ts`. Do not edit.",
    "",
    `Of ${all.length} small descriptions with one oddity each, ${all.length - refused.length} give a contract and ${refused.length} are refused at a place.`,
    `\`@apidevtools/swagger-parser\` accepts ${accepted("swaggerParser")}, \`@seriousme/openapi-schema-validator\` ${accepted("schemaValidator")}. The two columns on the`,
    "right are their verdicts. The descriptions are in `test/tools/generate/oddities`, with the part of the contract that",
    "each gives. [generation.md](generation.md) says what errors, warnings and notes are.",
    ...sections.flatMap(({ heading, rows }) => ["", `## ${heading}`, "", ...table(rows)]),
    "",
  ].join("\n");
}

function isRefused({ problems }: Outcome): boolean {
  return problems.some((problem) => !/\((warning|note)\)$/.test(problem));
}

function table(rows: Row[]): string[] {
  return [
    "| oddity | what is said | the mock responds | swagger-parser | schema-validator |",
    "|---|---|---|---|---|",
    ...rows.map(({ title, want }) => {
      const said = want.problems.map((problem) => cell(problem)).join("<br>");
      const { swaggerParser, schemaValidator } = want.validators;
      return `| ${cell(title)} | ${said} | ${want.mock ?? (isRefused(want) ? "refused" : "")} | ${swaggerParser} | ${schemaValidator} |`;
    }),
  ];
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("<", "&lt;").replaceAll("\n", " ");
}

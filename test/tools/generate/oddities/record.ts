// Writes what comes of each description into the data files, and `docs/swagger-support.md`. Read the difference: the
// data files are what the test compares with.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DATA, type DataName, outcomeOf, readOddities } from "./oddity.ts";
import { pageOf } from "./page.ts";
import { SECTIONS } from "./sections.ts";

for (const name of Object.keys(DATA) as DataName[]) {
  const file = join(import.meta.dirname, `${name}.yaml`);
  const entries = readFileSync(file, "utf8").split(/^(?=- title: )/m);
  const rows = await readOddities(name);
  let at = 0;
  const written: string[] = [];
  for (const entry of entries) {
    if (!entry.startsWith("- title: ")) {
      written.push(entry);
      continue;
    }
    const row = rows[at++]!;
    const { problems, is, mock, validators } = await outcomeOf(row, name);
    const lines = [
      "  want:",
      problems.length === 0 ? "    problems: []" : "    problems:",
      ...problems.map((problem) => `      - ${JSON.stringify(problem)}`),
      ...(is === undefined ? [] : [`    is: ${JSON.stringify(is)}`]),
      ...(mock === undefined ? [] : [`    mock: ${mock}`]),
      `    validators: { swaggerParser: ${validators.swaggerParser}, schemaValidator: ${validators.schemaValidator} }`,
    ];
    written.push(`${entry.replace(/^ {2}want:\n(?: {4}.*\n)*/m, "")}${lines.join("\n")}\n`);
  }
  writeFileSync(file, written.join(""));
}
const sections = await Promise.all(
  SECTIONS.map(async ({ heading, data }) => ({ heading, rows: await readOddities(data) })),
);
writeFileSync("docs/swagger-support.md", pageOf(sections));

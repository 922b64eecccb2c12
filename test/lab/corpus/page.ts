import type { Package } from "./packages.ts";
import { type Row, summaryOf } from "./row.ts";
import { limits } from "./run-description.ts";

/** The page `docs/public-descriptions.md`: tables of what a run over all files found. */
export function pageOf(rows: Row[], packages: Package[]): string {
  const refused = rows.filter(({ verdict }) => verdict !== "generated");
  return [
    "<!-- Written by `npm run corpus -- --page`. Do not edit. -->",
    "",
    "# Public descriptions",
    "",
    `\`npm run corpus\` generates from ${rows.length} description files that others publish on npm. Each is generated`,
    `in a process of its own, within ${limits.processorSeconds} s of processor time and ${(limits.megabytes / 1024).toFixed(1)} GB. The types`,
    "must compile strictly, the validators must load, and each of them must validate. The files are listed, with their",
    "hashes, in `test/lab/corpus/files.json`; `test/lab/corpus/choose.ts` says how they were chosen. None of them is a part",
    "of this project.",
    "",
    "The last run over all of them:",
    "",
    ...summaryOf(rows)
      .split("\n")
      .map((line) => `- ${line}`),
    "",
    "## By style",
    "",
    ...table(
      [...STYLE, ...COUNTS],
      groups(rows, ({ version, format, size }) => [version, format, size]),
    ),
    "",
    "## By version of the standard",
    "",
    ...table(
      ["version", ...COUNTS],
      groups(rows, ({ version }) => [version]),
    ),
    "",
    "## By vendor",
    "",
    "These vendors have more than one file here, or are known well.",
    "",
    ...table(
      ["vendor", ...COUNTS],
      groups(rows, ({ vendor }) => [vendor]).filter(
        ([[vendor], some]) => some.length > 1 || KNOWN.test(vendor!),
      ),
    ),
    "",
    "## Refused",
    "",
    ...(refused.length === 0
      ? ["None."]
      : refused.flatMap(({ name, verdict, problems }) => refusal(name, verdict, problems))),
    "",
    "## Packages",
    "",
    "| package | files | integrity |",
    "|---|---|---|",
    ...packages.map(
      ({ from, files, integrity }) =>
        `| ${from} | ${Object.keys(files).length} | ${integrity.slice(0, 27)}… |`,
    ),
    "",
  ].join("\n");
}

const STYLE = ["version", "format", "size"];
const COUNTS = [
  "files",
  "generated",
  "operations",
  "validators",
  "warnings",
  "seconds, middle and most",
  "MB, most",
];

/** Vendors whose descriptions many people use. */
const KNOWN =
  /stripe|twilio|box\.com|asana|github|octokit|openai|digitalocean|kubernetes|docker|slack|adyen|figma|netlify/;

type Group = [names: string[], rows: Row[]];

function groups(rows: Row[], namesOf: (row: Row) => string[]): Group[] {
  const byName = Map.groupBy(rows, (row) => namesOf(row).join("\n"));
  return [...byName]
    .sort(([a], [b]) => (order(a) < order(b) ? -1 : 1))
    .map(([name, some]) => [name.split("\n"), some]);
}

/** `under 20 kB` comes before `to 200 kB`, and that before `to 1 MB`. */
function order(name: string): string {
  return name
    .replace("under 20 kB", "0")
    .replace("to 200 kB", "1")
    .replace("to 1 MB", "2")
    .replace("over 1 MB", "3");
}

function table(header: string[], groups: Group[]): string[] {
  const cells = groups.map(([names, rows]) => [...names, ...countsOf(rows)]);
  return [header, header.map(() => "---"), ...cells].map((row) => `| ${row.join(" | ")} |`);
}

function countsOf(rows: Row[]): string[] {
  const sum = (of: (row: Row) => number) => String(rows.reduce((total, row) => total + of(row), 0));
  const seconds = rows.map(({ processorSeconds }) => processorSeconds).sort((a, b) => a - b);
  const middle = seconds[Math.floor(seconds.length / 2)]!;
  return [
    String(rows.length),
    String(rows.filter(({ verdict }) => verdict === "generated").length),
    sum(({ operations }) => operations),
    sum(({ validators }) => validators),
    sum(({ warnings }) => warnings),
    `${middle.toFixed(1)}, ${seconds.at(-1)!.toFixed(1)}`,
    Math.max(...rows.map(({ megabytes }) => megabytes)).toFixed(0),
  ];
}

/** At most three problems of each file. */
function refusal(name: string, verdict: string, problems: string[]): string[] {
  const lines = problems.slice(0, 3).map((problem) => `  ${problem.split("\n")[0]}`);
  const more = problems.length > 3 ? [`  … and ${problems.length - 3} more`] : [];
  const fence = "```";
  return [
    `${name}, ${verdict === "refused" ? `${problems.length} error${problems.length > 1 ? "s" : ""}` : verdict}:`,
    "",
    `${fence}text figure`,
    ...lines,
    ...more,
    fence,
    "",
  ];
}

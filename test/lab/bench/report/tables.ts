import { bare, contenders } from "../servers/contenders.ts";
import type { Figures } from "./figures.ts";
import { show } from "./show.ts";
import { median, type Row } from "./summarise.ts";

export type Table = {
  title: string;
  heads: string[];
  rows: string[][];
  /** How many columns on the left are text; the others are figures. */
  texts: number;
  /** Sentences below the table. */
  notes?: string[];
};

/** All rows under load with all that was measured of them. */
export function loadTable(figures: Figures): Table {
  const { connections, rounds, seconds } = figures.run;
  const scenarios = namesOf(figures.rows, "scenario");
  const rows = scenarios.flatMap((scenario) => [
    ...rowsOf(figures, scenario).map((row) => [scenario, row.name, String(row.status), ...loadCells(row)]),
    ...skippedRows(figures, loadHeads.length + 1).map((cells) => [scenario, ...cells]),
  ]);
  return {
    title: `Requests over ${connections} connections, medians of ${rounds} rounds of ${seconds} s (registrations ${2 * seconds} s)`,
    heads: ["", "", "answer", ...loadHeads],
    rows,
    texts: 2,
    notes: notesOf(figures),
  };
}

/** The rows of one scenario, with what each contender does. */
export function scenarioTable(figures: Figures, scenario: string): Table {
  const does = new Map(contenders.map((contender) => [contender.name, contender.does]));
  const shown = rowsOf(figures, scenario).map((row) => [
    `${row.name}: ${does.get(row.name)}`,
    ...loadCells(row),
  ]);
  return {
    title: scenario,
    heads: [scenario, ...loadHeads],
    rows: [...shown, ...skippedRows(figures, loadHeads.length)],
    texts: 1,
  };
}

/** Requests a second of every contender at every scenario, and in brackets what is answered. */
export function overviewTable(figures: Figures): Table {
  const { rows } = figures;
  const scenarios = namesOf(rows, "scenario");
  const common = new Map(scenarios.map((scenario) => [scenario, commonStatus(rowsOf(figures, scenario))]));
  const cell = (name: string, scenario: string) => {
    const row = rows.find((one) => one.name === name && one.scenario === scenario);
    if (!row) return "–";
    const other = row.status === common.get(scenario) ? "" : ` (${row.status})`;
    return `${show.count(row.requestsPerSecond)}${other}`;
  };
  return {
    title: "Requests a second",
    heads: ["requests/s (answer)", ...scenarios.map((scenario) => `${scenario} (${common.get(scenario)})`)],
    rows: [
      ...namesOf(rows, "name").map((name) => [name, ...scenarios.map((scenario) => cell(name, scenario))]),
      ...skippedRows(figures, scenarios.length),
    ],
    texts: 1,
    notes: notesOf(figures),
  };
}

/** One table for each other part that was measured. */
export function partTables(figures: Figures): Table[] {
  const { pictures, uploads, signing, galleries, contracts } = figures;
  const times = timesTable(figures);
  return [
    ...(times.rows.length > 0 ? [times] : []),
    ...(pictures ? [picturesTable(pictures)] : []),
    ...(uploads ? [uploadsTable(uploads)] : []),
    ...(signing ? [signingTable(signing)] : []),
    ...(galleries ? [galleriesTable(galleries)] : []),
    ...(contracts ? [contractsTable(contracts)] : []),
  ];
}

const loadHeads = ["requests/s", "spread", "p50", "p99", "memory", "to bare", "to Prism CLI"];

function loadCells(row: Row): string[] {
  return [
    show.count(row.requestsPerSecond),
    show.percent(row.spread),
    show.ms(row.p50Ms),
    show.ms(row.p99Ms),
    show.megabytes(row.memoryBytes),
    show.ratio(row.toBare),
    show.ratio(row.toPrism),
  ];
}

function rowsOf({ rows }: Figures, scenario: string): Row[] {
  return rows.filter((row) => row.scenario === scenario);
}

function namesOf(rows: readonly Row[], what: "name" | "scenario"): string[] {
  return [...new Set(rows.map((row) => row[what]))];
}

function skippedRows({ skipped }: Figures, cells: number): string[][] {
  return skipped.map(({ name, reason }) => [name, `skipped: ${reason}`, ...Array(cells - 1).fill("")]);
}

/** Why somebody answers otherwise, each reason once. */
function notesOf({ rows }: Figures): string[] {
  const otherwise = new Map(contenders.map((contender) => [contender.name, contender.otherwise]));
  const notes = rows.flatMap(({ name, scenario }) => {
    const other = otherwise.get(name)?.[scenario];
    return other ? [`${scenario}, ${other.status}: ${other.because}.`] : [];
  });
  return [...new Set(notes)];
}

/** What the mock answers when it verifies, or else the first that was measured. */
function commonStatus(rows: readonly Row[]): number {
  return (rows.find(({ name }) => /^bare|strict$/.test(name)) ?? rows[0]!).status;
}

function timesTable({ firstResponses = [], generation, verification }: Figures): Table {
  const named: [string, number[]][] = [
    ...firstResponses.map(({ name, ms }): [string, number[]] => [`first answer, ${name}`, ms]),
    ...(generation
      ? ([
          ["generate, nothing there yet", generation.coldMs],
          ["generate, nothing new", generation.unchangedMs],
        ] satisfies [string, number[]][])
      : []),
    ...(verification
      ? [[`verify --target mock (${verification.summary})`, verification.ms] satisfies [string, number[]]]
      : []),
  ];
  return {
    title: "Commands, from start to first answer or end",
    heads: ["command", "median", "fastest", "slowest"],
    rows: named.map(([name, ms]) => [name, ...[median(ms), Math.min(...ms), Math.max(...ms)].map(show.ms)]),
    texts: 1,
  };
}

function picturesTable(pictures: NonNullable<Figures["pictures"]>): Table {
  const bareOf = ({ call, letters }: (typeof pictures)[number]) =>
    pictures.find((one) => one.call === call && one.letters === letters && one.name === bare);
  return {
    title: "Requests with pictures, signed, over 4 connections",
    heads: ["", "", "", "requests/s", "MB/s", "p99", "processor time", "to bare", "to the passes", "memory"],
    rows: pictures.map((one) => {
      const what = [one.call, show.bytes(one.letters), one.name];
      if (one.refused !== undefined) return [...what, `refused: ${one.refused}`, "", "", "", "", "", ""];
      const perSecond = median(one.requestsPerSecond);
      const processorMs = medianKnown(one.processorMs);
      const others = bareOf(one)?.requestsPerSecond;
      return [
        ...what,
        show.count(perSecond),
        show.count((perSecond * one.letters) / 1e6),
        show.ms(median(one.p99Ms)),
        processorMs === undefined ? "?" : show.ms(processorMs),
        show.ratio(others && medianRatio(one.requestsPerSecond, others)),
        show.ratio(processorMs === undefined ? undefined : processorMs / median(one.passesMs)),
        show.megabytes(medianKnown(one.memoryBytes)),
      ];
    }),
    texts: 3,
    notes: [
      "to the passes: the server's processor time for each request, as a multiple of what it takes to hash the body, decode its UTF-8, parse its JSON, decode the picture's Base64 and hash the picture.",
    ],
  };
}

function uploadsTable(uploads: NonNullable<Figures["uploads"]>): Table {
  const { uploads: count, letters } = uploads[0]!;
  return {
    title: `Small registrations beside ${count} uploads of ${show.bytes(letters)} at a time`,
    heads: ["", "uploads/s", "p50", "p99", "memory"],
    rows: uploads.map(({ name, uploadsPerSecond, p50Ms, p99Ms, memoryBytes }) => [
      name,
      show.count(median(uploadsPerSecond)),
      show.ms(median(p50Ms)),
      show.ms(median(p99Ms)),
      show.megabytes(medianKnown(memoryBytes)),
    ]),
    texts: 1,
  };
}

function signingTable(signing: NonNullable<Figures["signing"]>): Table {
  const sizes = Object.keys(signing[0]!.perSecond);
  return {
    title: "Signatures a second, by the size of the body",
    heads: ["signer", ...sizes],
    rows: signing.map(({ name, perSecond }) => [name, ...sizes.map((size) => show.count(perSecond[size]!))]),
    texts: 1,
  };
}

function galleriesTable(galleries: NonNullable<Figures["galleries"]>): Table {
  const heads = [
    "register",
    "update",
    "verify",
    "search",
    "search all",
    "unregister",
    "save",
    "load",
    "memory each",
  ];
  return {
    title: "Galleries: one call in process, without HTTP, signature and validation",
    heads: ["subjects", ...heads],
    rows: galleries.map(({ subjects, bytesPerSubject, ...times }) => [
      show.count(subjects),
      ...Object.values(times).map((ms) => show.ms(ms)),
      bytesPerSubject === undefined ? "?" : `${Math.round(bytesPerSubject)} B`,
    ]),
    texts: 0,
  };
}

function contractsTable(contracts: NonNullable<Figures["contracts"]>): Table {
  return {
    title: "Other contracts: necid mock --spec FILE, one operation under load",
    heads: ["operations", "file", "first answer", "requests/s", `to ${contracts[0]!.operations}`, "memory"],
    rows: contracts.map(({ operations, fileBytes, firstResponseMs, requestsPerSecond, memoryBytes }) => [
      show.count(operations),
      `${show.count(fileBytes / 1000)} kB`,
      show.ms(median(firstResponseMs)),
      show.count(median(requestsPerSecond)),
      show.ratio(medianRatio(requestsPerSecond, contracts[0]!.requestsPerSecond)),
      show.megabytes(medianKnown(memoryBytes)),
    ]),
    texts: 0,
  };
}

/** Of the ratios within each round. */
function medianRatio(values: readonly number[], others: readonly number[]): number {
  return median(values.map((value, round) => value / others[round]!));
}

function medianKnown(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length > 0 ? median(known) : undefined;
}

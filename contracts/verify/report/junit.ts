import { type Markup, markup } from "./markup.ts";
import type { Report, ReportedCheck, ReportedMismatch } from "./report.ts";
import { verdictLine } from "./summary.ts";

/**
 * The report as JUnit XML: a suite for each part, and one for the run itself, so that a run that could not
 * go on, an orphan or a stale acceptance is red there too.
 *
 * @see https://github.com/testmoapp/junitxml
 */
export function junit(report: Report): string {
  const found = Map.groupBy(report.mismatches, ({ check }) => check);
  const parts = Map.groupBy(report.checks, ({ part }) => part);
  const suites = [...parts].map(([part, checks]) => ({
    name: part as string,
    cases: checks.map((check) => checkCase(check, found.get(check.id) ?? [])),
  }));
  const all = [...suites, { name: "run", cases: runCases(report) }];
  const total = tally(all.flatMap(({ cases }) => cases));
  return markup`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="necid verify" ${total} time="${seconds(report.ms)}" timestamp="${report.started}">
${all.map(({ name, cases }) => suite(name, cases, report))}</testsuites>
`.text;
}

type Outcome = "passed" | "failure" | "error" | "skipped";
type Case = {
  className: string;
  name: string;
  ms: number;
  outcome: Outcome;
  /** One line: what is wrong, or why it was skipped. */
  message?: string;
  /** The mismatches in full. */
  text?: string;
};

function checkCase(check: ReportedCheck, mismatches: ReportedMismatch[]): Case {
  const outcomes = { passed: "passed", failed: "failure", skipped: "skipped" } as const;
  return {
    className: `${check.part}.${check.operation}`,
    name: check.title,
    ms: check.ms,
    outcome: outcomes[check.status],
    message: check.reason ?? mismatches[0]?.message,
    text: mismatches.map(mismatchText).join("\n\n") || undefined,
  };
}

function runCases(report: Report): Case[] {
  const { ledger, accepted, verdict } = report;
  const stale = accepted.filter(({ state }) => state !== "occurs");
  const row = (name: string, outcome: Outcome, message: string): Case => ({
    className: "run",
    name,
    ms: 0,
    outcome,
    message: outcome === "passed" ? undefined : message,
  });
  return [
    row("the verification ran", verdict === "could not run" ? "error" : "passed", verdictLine(report)),
    row(
      "every subject was unregistered",
      ledger.orphans.length > 0 ? "failure" : "passed",
      `left registered: ${ledger.orphans.map(({ role, id }) => `${role} ${id ?? "(id unknown)"}`).join(", ")}`,
    ),
    row(
      "every accepted deviation holds",
      stale.length > 0 ? "failure" : "passed",
      stale.map(({ operation, instancePath, state }) => `${operation} ${instancePath} ${state}`).join("; "),
    ),
  ];
}

function suite(name: string, cases: Case[], { started }: Report): Markup {
  const ms = cases.reduce((sum, each) => sum + each.ms, 0);
  return markup`  <testsuite name="${name}" ${tally(cases)} time="${seconds(ms)}" timestamp="${started}">
${cases.map(caseElement)}  </testsuite>
`;
}

function caseElement({ className, name, ms, outcome, message = "", text = "" }: Case): Markup {
  const start = markup`    <testcase classname="${className}" name="${name}" time="${seconds(ms)}"`;
  if (outcome === "skipped") return markup`${start}><skipped message="${message}"/></testcase>\n`;
  if (outcome === "error") return markup`${start}><error message="${message}"/></testcase>\n`;
  if (outcome === "failure")
    return markup`${start}><failure message="${message}">${text}</failure></testcase>\n`;
  return text ? markup`${start}><system-out>${text}</system-out></testcase>\n` : markup`${start}/>\n`;
}

function mismatchText(mismatch: ReportedMismatch): string {
  const { operation, instancePath, location, accepted, promisedBy, reproduction } = mismatch;
  return [
    `${operation} ${instancePath} (${location}): ${mismatch.message}`,
    `expected: ${mismatch.expected}`,
    `actual: ${mismatch.actual}`,
    ...(promisedBy ? [`promised by: ${promisedBy}`] : []),
    ...(accepted ? [`accepted until ${accepted.expires}: ${accepted.reason}`] : []),
    ...(reproduction ? [`again:\n${reproduction}`] : []),
  ].join("\n");
}

function tally(cases: Case[]): Markup {
  const count = (outcome: Outcome) => cases.filter((each) => each.outcome === outcome).length;
  return markup`tests="${cases.length}" failures="${count("failure")}" errors="${count("error")}" skipped="${count("skipped")}"`;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

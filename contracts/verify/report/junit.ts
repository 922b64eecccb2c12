import { type Markup, markup } from "./markup.ts";
import type { Report, ReportedCheck, ReportedMismatch } from "./report.ts";
import { verdictLine } from "./summary.ts";

/**
 * Formats the report as JUnit XML: a test suite for each part, and one for the run itself, which fails when
 * the run was stopped, a subject is left registered, or an accepted deviation is out of date.
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

type CaseResult = "passed" | "failure" | "error" | "skipped";
type Case = {
  className: string;
  name: string;
  ms: number;
  result: CaseResult;
  /** One line: the first mismatch, or why it was skipped. */
  message?: string;
  /** The mismatches in full. */
  text?: string;
};

function checkCase(check: ReportedCheck, mismatches: ReportedMismatch[]): Case {
  const results = { passed: "passed", failed: "failure", skipped: "skipped" } as const;
  return {
    className: `${check.part}.${check.operation}`,
    name: check.title,
    ms: check.ms,
    result: results[check.status],
    message: check.reason ?? mismatches[0]?.message,
    text: mismatches.map(mismatchText).join("\n\n") || undefined,
  };
}

function runCases(report: Report): Case[] {
  const { ledger, accepted, verdict } = report;
  const outdated = accepted.filter(({ state }) => state !== "occurs");
  const row = (name: string, result: CaseResult, message: string): Case => ({
    className: "run",
    name,
    ms: 0,
    result,
    message: result === "passed" ? undefined : message,
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
      outdated.length > 0 ? "failure" : "passed",
      outdated
        .map(({ operation, instancePath, state }) => `${operation} ${instancePath} ${state}`)
        .join("; "),
    ),
  ];
}

function suite(name: string, cases: Case[], { started }: Report): Markup {
  const ms = cases.reduce((sum, each) => sum + each.ms, 0);
  return markup`  <testsuite name="${name}" ${tally(cases)} time="${seconds(ms)}" timestamp="${started}">
${cases.map(caseElement)}  </testsuite>
`;
}

function caseElement({ className, name, ms, result, message = "", text = "" }: Case): Markup {
  const start = markup`    <testcase classname="${className}" name="${name}" time="${seconds(ms)}"`;
  if (result === "skipped") return markup`${start}><skipped message="${message}"/></testcase>\n`;
  if (result === "error") return markup`${start}><error message="${message}"/></testcase>\n`;
  if (result === "failure")
    return markup`${start}><failure message="${message}">${text}</failure></testcase>\n`;
  return text ? markup`${start}><system-out>${text}</system-out></testcase>\n` : markup`${start}/>\n`;
}

function mismatchText(mismatch: ReportedMismatch): string {
  const { operation, instancePath, location, accepted, promisedBy, response, reproduction } = mismatch;
  return [
    `${operation} ${instancePath} (${location}): ${mismatch.message}`,
    `expected: ${mismatch.expected}`,
    `actual: ${mismatch.actual}`,
    ...(response ? [`response: ${response}`] : []),
    ...(promisedBy ? [`promised by: ${promisedBy}`] : []),
    ...(accepted ? [`accepted until ${accepted.expires}: ${accepted.reason}`] : []),
    ...(reproduction ? [`again:\n${reproduction}`] : []),
  ].join("\n");
}

function tally(cases: Case[]): Markup {
  const count = (result: CaseResult) => cases.filter((each) => each.result === result).length;
  return markup`tests="${cases.length}" failures="${count("failure")}" errors="${count("error")}" skipped="${count("skipped")}"`;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

/** What is wrong in a file that a person wrote, and where. */
export type Problem = {
  /** The file as the user named it. */
  file: string;
  /** 1-based. */
  line: number;
  /** 1-based. */
  column: number;
  message: string;
  severity: Severity;
  /** Whether the overlay corrects it. */
  isCorrected?: boolean;
};

/**
 * An error stops: no contract can be made. A warning is a fault, or something that the contract cannot say, with what
 * was done about it. A note changes nothing.
 */
export type Severity = "error" | "warning" | "note";

/** A problem in the form editors and terminals can follow: `file:line:column message`. */
export function formatProblem({ file, line, column, message }: Problem): string {
  const shown = message.length > longestMessage ? `${message.slice(0, longestMessage)}…` : message;
  return `${file}:${line}:${column} ${shown}`;
}

/** Names of a file may stand in a message, and may be as long as the file. */
const longestMessage = 1000;

/** A problem as the commands print it: an error as it is, anything else with its level. */
export function printProblem(problem: Problem): string {
  const { severity, isCorrected } = problem;
  if (isCorrected) return `${formatProblem(problem)} (the overlay mends this)`;
  return severity === "error" ? formatProblem(problem) : `${formatProblem(problem)} (${severity})`;
}

/** Problems for a strict reader: warnings are errors, except those that the overlay corrects. */
export function strictly(problems: Problem[]): Problem[] {
  return problems.map((problem) =>
    problem.severity === "warning" && !problem.isCorrected ? { ...problem, severity: "error" } : problem,
  );
}

/** The files do not give a contract. `problems` holds every reason, in the order of their places. */
export class SpecError extends Error {
  readonly code = "SPEC_INVALID";
  readonly problems: Problem[];

  constructor(problems: Problem[]) {
    const ordered = orderProblems(problems);
    super(ordered.map(printProblem).join("\n"));
    this.name = "SpecError";
    this.problems = ordered;
  }
}

/** Problems by file, line and column, each once. */
export function orderProblems(problems: Problem[]): Problem[] {
  const unique = new Map(problems.map((problem) => [formatProblem(problem), problem]));
  return [...unique.values()].sort(
    (a, b) =>
      compare(a.file, b.file) || a.line - b.line || a.column - b.column || compare(a.message, b.message),
  );
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

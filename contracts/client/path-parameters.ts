/** A path parameter has an invalid value; nothing was sent. */
export class PathParameterError extends Error {
  readonly code = "PATH_PARAMETER";
  /** Method and path template, `GET /subjects/{id}`. */
  readonly operation: string;
  readonly parameter: string;

  constructor(operation: string, parameter: string, problem: string) {
    super(`${operation} was not sent: its path parameter "${parameter}" ${problem}. Give it in params.path.`);
    this.name = "PathParameterError";
    this.operation = operation;
    this.parameter = parameter;
  }
}

/**
 * Checks that each path parameter has a value that arrives as it is: not empty, well-formed Unicode, and neither
 * `.` nor `..`, which URL parsers resolve.
 *
 * @param template the path with its parameters in braces, `/subjects/{id}`.
 * @throws {PathParameterError} for the first invalid parameter.
 */
export function checkPathParameters(
  method: string,
  template: string,
  values: Readonly<Record<string, unknown>> = {},
): void {
  for (const [, name, mark] of template.matchAll(/\{[.;]?([^{}*]+?)([*+]?)\}/g)) {
    const value = Object.hasOwn(values, name!) ? values[name!] : undefined;
    const problem = mark === "+" ? greedyProblemOf(value) : problemOf(value);
    if (problem) throw new PathParameterError(`${method} ${template}`, name!, problem);
  }
}

/**
 * The path with the value of a greedy parameter, `/files/{proxy+}`, which may have several segments. Other parameters
 * stay for openapi-fetch, which knows no greedy one.
 */
export function withGreedyParameter(
  template: string,
  values: Readonly<Record<string, unknown>> = {},
): string {
  const [whole, name] = /\{([^{}]+)\+\}$/.exec(template) ?? [];
  if (whole === undefined || name === undefined) return template;
  const segments = String(values[name]).split("/").map(encodeURIComponent);
  return template.slice(0, -whole.length) + segments.join("/");
}

/** Each segment of a greedy parameter is a value of its own; those in the middle may be empty. */
function greedyProblemOf(value: unknown): string | undefined {
  if (typeof value !== "string" || value === "") return problemOf(value);
  const segments = value.split("/").filter((segment) => segment !== "");
  return segments.map(problemOf).find(Boolean);
}

function problemOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return "is missing";
  const text = String(value);
  if (text === "") return "is empty";
  if (text === "." || text === "..") return `is "${text}", which is a step in the path and no value`;
  if (!text.isWellFormed()) return "is not well-formed Unicode";
  return undefined;
}

/** A path parameter that would have addressed something else; nothing was sent. */
export class PathParameterError extends Error {
  readonly code = "PATH_PARAMETER";
  readonly operation: string;
  readonly parameter: string;

  constructor(operation: string, parameter: string, fault: string) {
    super(`${operation} was not sent: its path parameter "${parameter}" ${fault}. Give it in params.path.`);
    this.name = "PathParameterError";
    this.operation = operation;
    this.parameter = parameter;
  }
}

/**
 * Refuses values that would not arrive as the parameter: missing, empty, `.` and `..` (which every URL
 * parser takes as steps in the path), and text that is not well-formed Unicode.
 *
 * @param template the path with its parameters in braces, `/subjects/{id}`.
 * @throws PathParameterError naming the first such parameter.
 */
export function checkPathParameters(
  method: string,
  template: string,
  values: Readonly<Record<string, unknown>> = {},
): void {
  for (const [, name] of template.matchAll(/\{[.;]?([^{}*]+)\*?\}/g)) {
    const fault = faultOf(Object.hasOwn(values, name!) ? values[name!] : undefined);
    if (fault) throw new PathParameterError(`${method} ${template}`, name!, fault);
  }
}

function faultOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return "is missing";
  const text = String(value);
  if (text === "") return "is empty";
  if (text === "." || text === "..") return `is "${text}", which is a step in the path and no value`;
  if (!text.isWellFormed()) return "is not well-formed Unicode";
  return undefined;
}

/** A message at a place of a description file; line 0 where there is no place. */
export type Place = { line: number; column: number; message: string };

/** What the process of one description prints. */
export type ProcessResult = {
  /** The step that was not finished, or `done`. */
  step: "generate" | "load" | "validate" | "done";
  operations: number;
  warnings: Place[];
  problems: Place[];
  validators: number;
  calls: number;
  seconds: number;
  processorSeconds: number;
  megabytes: number;
};

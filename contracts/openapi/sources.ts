import { formatPointer, type Tokens } from "./pointer.ts";

/**
 * Where the files of a contract, Swagger or overlay, write its parts: JSON Pointer into the effective
 * contract to `file:line:column`. A part that is not listed is written where the nearest part above it is.
 */
export type Sources = Record<string, string>;

/** The `file:line:column` of a part of the contract; `undefined` where nothing above it is listed either. */
export function sourceLine(sources: Sources, at: Tokens): string | undefined {
  for (let length = at.length; length > 0; length--) {
    const line = sources[formatPointer(at.slice(0, length))];
    if (line !== undefined) return line;
  }
  return undefined;
}

import { isObject } from "../../../contracts/openapi/json.ts";
import { formatPointer, type Tokens, valueAt } from "../../../contracts/openapi/pointer.ts";
import type { SpecDocument } from "./document.ts";
import type { Trace } from "./overlay.ts";
import { beforeUpgrade } from "./upgrade.ts";

/** 1-based line and column of a file, as the user named it. */
export type Origin = { file: string; line: number; column: number };

/**
 * Finds who wrote a value of the contract: of an object who wrote it first, as it is there since then; of
 * anything else who wrote it last. A value that nobody wrote in these words has no origin: the upgrade made
 * it, or it is an item of an array.
 */
export function originOn({
  base,
  overlay,
  traces,
}: {
  base: SpecDocument;
  overlay?: SpecDocument;
  traces: Trace[];
}): (openapi: unknown, tokens: Tokens) => Origin | undefined {
  return (openapi, tokens) => {
    const grows = isObject(valueAt(openapi, tokens));
    let origin: Origin | undefined = inBase(base, tokens);
    for (const trace of overlay ? traces : []) {
      const at = inAction(trace, tokens);
      if (at === "gone") origin = undefined;
      else if (at && !(origin && grows)) origin = place(overlay!, at);
    }
    return origin;
  };
}

function inBase(base: SpecDocument, tokens: Tokens): Origin | undefined {
  const before = beforeUpgrade(base.value, tokens);
  // What the base does not hold is led back to the nearest thing above it, and so is that one itself.
  const above = beforeUpgrade(base.value, tokens.slice(0, -1));
  return before.length > above.length ? place(base, before) : undefined;
}

function inAction({ action, target, field, value }: Trace, tokens: Tokens): Tokens | "gone" | undefined {
  if (!target.every((token, index) => String(token) === String(tokens[index]))) return undefined;
  if (field === "remove") return "gone";
  const inside = tokens.slice(target.length);
  // The target itself was there before; only a value that has no parts is written by an update of it.
  if (inside.length === 0 ? isObject(value) : valueAt(value, inside) === undefined) return undefined;
  return field === "copy" ? ["actions", action, "target"] : ["actions", action, "update", ...inside];
}

function place(document: SpecDocument, at: Tokens): Origin {
  return { file: document.file, ...document.locate(formatPointer(at), "key") };
}

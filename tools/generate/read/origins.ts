import { formatPointer, type Tokens } from "../../../contracts/openapi/pointer.ts";
import type { ParsedFile, Place } from "./document.ts";
import type { Problem, Severity } from "./problem.ts";

/** A value of a file, as the author wrote it. */
export type Origin = { document: WrittenFile; tokens: Tokens };

export type WrittenFile = ParsedFile & {
  /** The place of a value that an overlay wrote into the file's content. */
  placeOf?: (tokens: Tokens) => (Place & { file: string }) | undefined;
};

/** The origin of a value below another one. */
export function below({ document, tokens }: Origin, ...more: Tokens): Origin {
  return { document, tokens: [...tokens, ...more] };
}

export function placeOf({ document, tokens }: Origin, on: "value" | "key"): Place & { file: string } {
  const place = document.placeOf?.(tokens);
  return place ?? { file: document.file, ...document.locate(formatPointer(tokens), on) };
}

export function problemOf(
  origin: Origin,
  message: string,
  severity: Severity,
  on: "value" | "key" = "value",
): Problem {
  return { ...placeOf(origin, on), message, severity };
}

/**
 * Where the objects of a document come from that do not stand where their author wrote them. All others stand below
 * such a one, or below the root, by the same fields.
 */
export class Origins {
  readonly #moved = new WeakMap<object, Origin>();
  readonly root: Origin;

  constructor(root: Origin) {
    this.root = root;
  }

  /** Says where an object comes from; the first time counts. */
  set<Value>(value: Value, origin: Origin): Value {
    if (typeof value === "object" && value !== null && !this.#moved.has(value))
      this.#moved.set(value, origin);
    return value;
  }

  get(value: unknown): Origin | undefined {
    return typeof value === "object" && value !== null ? this.#moved.get(value) : undefined;
  }

  /** Says of a copy what is known of the objects in the original. */
  copy<Value>(value: Value): Value {
    if (typeof value !== "object" || value === null) return value;
    const copied = (
      Array.isArray(value)
        ? value.map((item) => this.copy(item))
        : Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.copy(item)]))
    ) as Value & object;
    const origin = this.#moved.get(value);
    if (origin) this.#moved.set(copied, origin);
    return copied;
  }

  /** Both directions by JSON Pointers, for a document that is complete. */
  index(document: object): OriginIndex {
    const from = new Map<string, Origin>([["", this.root]]);
    const to = new Map<string, Tokens>();
    const walk = (value: object, tokens: Tokens) => {
      const origin = this.#moved.get(value);
      if (origin) {
        from.set(formatPointer(tokens), origin);
        const name = nameOf(origin.document.file, formatPointer(origin.tokens));
        if (!to.has(name)) to.set(name, tokens);
      }
      for (const [key, item] of Object.entries(value)) {
        if (typeof item === "object" && item !== null) walk(item, [...tokens, key]);
      }
    };
    walk(document, []);
    return { from, to, root: this.root };
  }
}

export type OriginIndex = { from: Map<string, Origin>; to: Map<string, Tokens>; root: Origin };

/** Where the author wrote the value at tokens of the document, or would have. */
export function originAt({ from, root }: OriginIndex, tokens: Tokens): Origin {
  for (let length = tokens.length; length > 0; length--) {
    const origin = from.get(formatPointer(tokens.slice(0, length)));
    if (origin) return below(origin, ...tokens.slice(length));
  }
  return below(root, ...tokens);
}

/** Where a value of a file stands in the document. */
export function movedTo({ to }: OriginIndex, { document, tokens }: Origin): Tokens {
  for (let length = tokens.length; length > 0; length--) {
    const found = to.get(nameOf(document.file, formatPointer(tokens.slice(0, length))));
    if (found) return [...found, ...tokens.slice(length)];
  }
  return tokens;
}

function nameOf(file: string, pointer: string): string {
  return `${file}\n${pointer}`;
}

/**
 * Texts that a regular expression is likely to match, the shortest first: each repetition as often as it must be,
 * then more often. Who uses one tests it, because assertions such as `(?=…)` are skipped.
 *
 * @param pattern as JSON Schema has it, by the grammar with or without the flag `u`.
 * @param variant another number gives other characters where the pattern leaves a choice.
 * @example [...textsOfPattern("^[a-z]{3}-\\d+$")][0]; // "aaa-0"
 */
export function* textsOfPattern(pattern: string, variant = 0): Generator<string> {
  const parsed = parse(pattern);
  if (!parsed) return;
  const seen = new Set<string>();
  for (const more of repetitions) {
    for (let option = 0; option < 4; option++) {
      const text = write(parsed, { more, option: option + variant, variant, left: longest });
      if (!seen.has(text)) yield text;
      seen.add(text);
    }
  }
}

const repetitions = [0, 1, 2, 3, 5, 7, 11, 15, 23, 31, 39, 63, 127, 255];
/** In characters. */
const longest = 4096;

type Part = { atom: Atom; least: number; most: number };
type Atom = string[] | Alternatives;
type Alternatives = { options: Part[][] };
type Writing = { more: number; option: number; variant: number; left: number };

function write({ options }: Alternatives, writing: Writing): string {
  let text = "";
  for (const { atom, least, most } of options[writing.option % options.length]!) {
    const count = Math.min(most, least + writing.more);
    for (let index = 0; index < count && writing.left > 0; index++) {
      if (!Array.isArray(atom)) {
        text += write(atom, writing);
        continue;
      }
      const place = index === count - 1 ? writing.variant : 0;
      text += atom[place % atom.length] ?? "";
      writing.left--;
    }
  }
  return text;
}

function parse(pattern: string): Alternatives | undefined {
  let at = 0;
  try {
    const parsed = alternatives(0);
    return at >= pattern.length ? parsed : undefined;
  } catch {
    return undefined;
  }

  function alternatives(depth: number): Alternatives {
    if (depth > 50) throw new RangeError();
    const options: Part[][] = [[]];
    while (at < pattern.length && pattern[at] !== ")") {
      if (pattern[at] === "|") {
        at++;
        options.push([]);
        continue;
      }
      const atom = nextAtom(depth);
      const repeated = quantifier();
      if (atom) options.at(-1)!.push({ atom, ...repeated });
    }
    return { options };
  }

  function nextAtom(depth: number): Atom | undefined {
    const char = characterAt();
    if (char === "^" || char === "$") return undefined;
    if (char === ".") return words;
    if (char === "[") return characterClass();
    if (char === "\\") return escapedAtom();
    if (char !== "(") return [char];
    const [kind = ""] = /^\?(?::|[=!]|<[=!]|<[^>]*>)/.exec(pattern.slice(at, at + 200)) ?? [];
    at += kind.length;
    const inside = alternatives(depth + 1);
    at++;
    return /^\?<?[=!]$/.test(kind) ? undefined : inside;
  }

  function quantifier(): { least: number; most: number } {
    const rest = pattern.slice(at, at + 30);
    const [written, least, comma, most] = /^\{(\d+)(?:(,)(\d*))?\}/.exec(rest) ?? /^[*+?]/.exec(rest) ?? [];
    if (written === undefined) return { least: 1, most: 1 };
    at += written.length;
    if (pattern[at] === "?") at++;
    if (written === "*") return { least: 0, most: Infinity };
    if (written === "+") return { least: 1, most: Infinity };
    if (written === "?") return { least: 0, most: 1 };
    return { least: Number(least), most: most ? Number(most) : comma ? Infinity : Number(least) };
  }

  function escapedAtom(): string[] | undefined {
    const char = characterAt();
    if (char === "b" || char === "B") return undefined;
    if (/[1-9]/.test(char)) return undefined;
    return escaped(char);
  }

  function escaped(char: string): string[] {
    if (char === "p" || char === "P") return property(char === "P");
    if (char === "u" || char === "x") return [codePoint(char)];
    if (char === "c") return [String.fromCharCode(characterAt().charCodeAt(0) % 32)];
    const set = sets[char.toLowerCase()];
    if (set) return char === char.toLowerCase() ? set : printable.filter((one) => !set.includes(one));
    return [controls[char] ?? char];
  }

  function property(isNegated: boolean): string[] {
    const [written = "", name = ""] = /^\{([^}]*)\}/.exec(pattern.slice(at)) ?? [];
    at += written.length;
    const test = new RegExp(`^\\p{${name}}$`, "u");
    return [...printable, "é", "Ω"].filter((one) => test.test(one) !== isNegated);
  }

  function codePoint(kind: string): string {
    const length = kind === "x" ? 2 : 4;
    const [written, braced, plain] =
      new RegExp(`^(?:\\{([0-9a-fA-F]+)\\}|([0-9a-fA-F]{${length}}))`).exec(pattern.slice(at, at + 12)) ?? [];
    if (written === undefined) return kind;
    at += written.length;
    return String.fromCodePoint(Number.parseInt(braced ?? plain!, 16));
  }

  function characterClass(): string[] {
    const isNegated = pattern[at] === "^";
    if (isNegated) at++;
    const found: string[] = [];
    while (at < pattern.length && pattern[at] !== "]") {
      const first = classMember();
      if (pattern[at] === "-" && pattern[at + 1] !== "]" && first.length === 1) {
        at++;
        const last = classMember();
        if (last.length === 1) found.push(...range(first[0]!, last[0]!));
        else found.push(...first, "-", ...last);
      } else found.push(...first);
    }
    at++;
    if (isNegated) return preferred(printable.filter((one) => !found.includes(one)));
    return preferred([...new Set(found)]);
  }

  function classMember(): string[] {
    const char = characterAt();
    if (char !== "\\") return [char];
    const next = characterAt();
    return next === "b" ? ["\b"] : escaped(next);
  }

  function characterAt(): string {
    const char = String.fromCodePoint(pattern.codePointAt(at)!);
    at += char.length;
    return char;
  }
}

function range(first: string, last: string): string[] {
  const [from, to] = [first.codePointAt(0)!, last.codePointAt(0)!];
  const length = Math.min(to - from + 1, 300);
  return Array.from({ length: Math.max(length, 0) }, (_, index) => String.fromCodePoint(from + index));
}

/** Letters and digits first: a line break in a text surprises. */
function preferred(characters: string[]): string[] {
  const plain = characters.filter((one) => /^[A-Za-z0-9]$/.test(one));
  const lower = plain.filter((one) => /[a-z]/.test(one));
  const others = plain.filter((one) => !/[a-z]/.test(one));
  const rest = characters.filter((one) => !/^[A-Za-z0-9]$/.test(one));
  return [...lower, ...others, ...rest];
}

const printable = range(" ", "~");
const words = [...range("a", "z"), ...range("A", "Z"), ...range("0", "9")];
const sets: Record<string, string[]> = { d: range("0", "9"), w: [...words, "_"], s: [" "] };
const controls: Record<string, string> = { n: "\n", r: "\r", t: "\t", f: "\f", v: "\v", 0: "\0" };

/**
 * How the time of a regular expression may grow with the length of a text that does not match. `exponential`: 30
 * characters can take minutes. `polynomial`: thousands of characters can.
 */
export type PatternCost = "linear" | "polynomial" | "exponential";

/**
 * Estimates the cost of a pattern by the ambiguity of its automaton: where a text can be read in several ways, an
 * engine that backtracks tries all of them. The estimate errs on the side of the higher cost.
 * @see https://arxiv.org/abs/1110.1716
 */
export function costOf(pattern: string): PatternCost {
  if (depthOf(pattern) > MOST_GROUPS) return "exponential";
  const parts = parse(pattern);
  if (parts === undefined) return "linear";
  const costs = parts.map((part) => costOfPart(part));
  return ORDER.findLast((cost) => costs.includes(cost)) ?? "linear";
}

/** The length up to which a text is tested without a time box. */
export function safeLengthOf(pattern: string): number {
  const cost = costOf(pattern);
  if (cost !== "polynomial") return cost === "linear" ? Number.POSITIVE_INFINITY : SHORTEST;
  return Math.min(...(parse(pattern) ?? []).map((part) => safeLengthOfPart(part)));
}

const SHORTEST = 15;
const LONGEST = 2000;

function safeLengthOfPart(part: Part): number {
  try {
    return Math.max(SHORTEST, lengthOfManyWays(automatonOf(part), LONGEST) ?? LONGEST);
  } catch (error) {
    if (!(error instanceof TooLargeError)) throw error;
    return SHORTEST;
  }
}

/** How deep groups are nested at most; a parenthesis that is text counts too. */
function depthOf(pattern: string): number {
  let depth = 0;
  let deepest = 0;
  for (const char of pattern) {
    if (char === "(") depth += 1;
    if (char === ")") depth -= 1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

const ORDER: PatternCost[] = ["linear", "polynomial", "exponential"];

// Parsing.

type Part =
  | { kind: "letter"; source: string }
  | { kind: "sequence" | "choice"; parts: Part[] }
  | { kind: "repeat"; part: Part; optional: boolean; many: boolean };

const EMPTY: Part = { kind: "sequence", parts: [] };
const ANY = "[\\s\\S]";
const ANYTHING: Part = { kind: "repeat", part: { kind: "letter", source: ANY }, optional: true, many: true };
/** A part that is repeated a limited number of times is written out up to this size. */
const MOST_COPIED = 100;

function sizeOf(part: Part): number {
  if (part.kind === "letter") return 1;
  if (part.kind === "repeat") return sizeOf(part.part);
  return part.parts.reduce((sum, each) => sum + sizeOf(each), 0);
}

/** The pattern and each of its lookarounds; `undefined` where it is not a regular expression. */
function parse(pattern: string): Part[] | undefined {
  const tokens = pattern.match(TOKEN) ?? [];
  const parts: Part[] = [];
  let at = 0;
  const whole = choice();
  if (at < tokens.length) return undefined;
  // A search starts anew at each character.
  return [pattern.startsWith("^") ? whole : sequence([ANYTHING, whole]), ...parts];

  function choice(): Part {
    const choices: Part[] = [];
    for (;;) {
      const items: Part[] = [];
      while (at < tokens.length && tokens[at] !== "|" && tokens[at] !== ")") items.push(repeated());
      choices.push(sequence(items));
      if (tokens[at] !== "|") return choices.length === 1 ? choices[0]! : { kind: "choice", parts: choices };
      at += 1;
    }
  }

  function repeated(): Part {
    const part = single();
    const [, low, comma, high] = /^(?:[*+?]|\{(\d+)(?:(,)(\d*))?\})\??$/.exec(tokens[at] ?? "") ?? [
      undefined,
    ];
    const quantifier = tokens[at] ?? "";
    if (!QUANTIFIER.test(quantifier)) return part;
    at += 1;
    const min = quantifier.startsWith("{") ? Number(low) : quantifier.startsWith("+") ? 1 : 0;
    const bounded = comma === undefined ? min : high ? Number(high) : Number.POSITIVE_INFINITY;
    const max = quantifier.startsWith("?")
      ? 1
      : quantifier.startsWith("{")
        ? bounded
        : Number.POSITIVE_INFINITY;
    if (max === 0) return EMPTY;
    if (max * sizeOf(part) > MOST_COPIED) {
      // An engine ends a loop that reads nothing; of a number of times it tries which ones read nothing.
      const twice = max < Number.POSITIVE_INFINITY && isNullable(part);
      return { kind: "repeat", part: twice ? sequence([part, part]) : part, optional: min === 0, many: true };
    }
    // Each copy that may be missing stands inside the one before: (a(a)?)? has one way to read two.
    let copies: Part = EMPTY;
    for (let index = max; index > 0; index--) {
      const rest = sequence([part, copies]);
      copies = index > min ? { kind: "repeat", part: rest, optional: true, many: false } : rest;
    }
    return copies;
  }

  function single(): Part {
    const token = tokens[at]!;
    at += 1;
    if (token.startsWith("(")) {
      const inside = choice();
      at += 1;
      if (!/^\(\?<?[=!]$/.test(token)) return inside;
      parts.push(inside);
      return EMPTY;
    }
    if (/^(\^|\$|\\[bB])$/.test(token)) return EMPTY;
    if (/^\\([1-9]|k<)/.test(token)) return ANYTHING;
    return { kind: "letter", source: token };
  }
}

const QUANTIFIER = /^(?:[*+?]|\{\d+(?:,\d*)?\})\??$/;
const TOKEN =
  /\\(?:[pP]\{[^}]*\}|u\{[^}]*\}|u[\da-fA-F]{4}|x[\da-fA-F]{2}|k<[^>]*>|c[A-Za-z]|[1-9]\d*|[\s\S])|\[(?:\\[\s\S]|[^\]\\])*\]|\((?:\?(?:[:=!]|<[=!]|<[^>=!]*>))?|\{\d+(?:,\d*)?\}\??|[*+?]\??|[\s\S]/gu;

function sequence(parts: Part[]): Part {
  return parts.length === 1 ? parts[0]! : { kind: "sequence", parts };
}

// The automaton: its states are the letters of the pattern.

type Automaton = { letters: string[]; next: Map<number, number>[]; first: number[] };
type Ends = { nullable: boolean; first: number[]; last: number[] };

/** More states than these take long, and are taken for exponential where something is repeated. */
const MOST_STATES = 300;
const MOST_STEPS = 500_000;
/** Patterns nested deeper are not analysed, and taken for exponential. */
const MOST_GROUPS = 100;

class TooLargeError extends Error {}

function costOfPart(part: Part): PatternCost {
  try {
    const automaton = automatonOf(part);
    const { letters, next } = automaton;
    // No loop, and still too many ways: `(a|aa){30}`, or thirty times `a?`.
    if (!hasRepeat(part)) return lengthOfManyWays(automaton, letters.length) ? "exponential" : "linear";
    const steps = { left: MOST_STEPS };
    const meets = intersections(letters);
    const reach = next.map((_, from) => reachable([from], (state) => next[state]!.keys()));
    const onCycle = next.map((_, state) => [...next[state]!.keys()].some((to) => reach[to]!.has(state)));
    const cyclic = next.flatMap((_, state) => (onCycle[state] ? [state] : []));
    if (isExponential({ next, meets, reach, cyclic, steps })) return "exponential";
    if (isPolynomial({ next, meets, reach, cyclic, steps })) return "polynomial";
    return lengthOfManyWays(automaton, letters.length) ? "exponential" : "linear";
  } catch (error) {
    if (!(error instanceof TooLargeError)) throw error;
    if (!hasRepeat(part)) return hasOptional(part) ? "exponential" : "linear";
    return hasNestedRepeat(part, false) ? "exponential" : "polynomial";
  }
}

function automatonOf(whole: Part): Automaton {
  const letters: string[] = [];
  const next: Map<number, number>[] = [];
  const { first } = build(whole);
  return { letters, next, first };

  function build(part: Part): Ends {
    if (part.kind === "letter") {
      if (letters.push(part.source) > MOST_STATES) throw new TooLargeError();
      next.push(new Map());
      const state = [letters.length - 1];
      return { nullable: false, first: state, last: state };
    }
    if (part.kind === "repeat") {
      const ends = build(part.part);
      if (part.many) connect(ends.last, ends.first);
      return { ...ends, nullable: ends.nullable || part.optional };
    }
    const built = part.parts.map(build);
    if (part.kind === "choice") {
      return {
        nullable: built.some(({ nullable }) => nullable),
        first: built.flatMap(({ first }) => first),
        last: built.flatMap(({ last }) => last),
      };
    }
    return built.reduce(
      (before, after) => {
        connect(before.last, after.first);
        return {
          nullable: before.nullable && after.nullable,
          first: before.nullable ? [...before.first, ...after.first] : before.first,
          last: after.nullable ? [...before.last, ...after.last] : after.last,
        };
      },
      { nullable: true, first: [], last: [] } as Ends,
    );
  }

  /** Counts the ways: `(a*)*` has two from one `a` to the next. */
  function connect(from: number[], to: number[]): void {
    for (const state of from) {
      for (const after of to) next[state]!.set(after, (next[state]!.get(after) ?? 0) + 1);
    }
  }
}

type Graph = {
  next: Map<number, number>[];
  meets: (a: number, b: number) => boolean;
  reach: Set<number>[];
  cyclic: number[];
  steps: { left: number };
};

/** Whether some text leads from a state back to it in two ways. */
function isExponential({ next, meets, reach, cyclic, steps }: Graph): boolean {
  const twice = cyclic.some((state) =>
    [...next[state]!].some(([to, ways]) => ways > 1 && reach[to]!.has(state)),
  );
  if (twice) return true;
  return cyclic.some((state) => {
    const inside = (pair: string) => pair.split(" ").every((one) => reach[Number(one)]!.has(state));
    const pairs = (pair: string) => together(pair, { next, meets, steps }).filter(inside);
    const found = reachable([`${state} ${state}`], pairs);
    const apart = [...found].filter((pair) => new Set(pair.split(" ")).size > 1);
    return apart.some((pair) => reachable([pair], pairs).has(`${state} ${state}`));
  });
}

/** Whether some text leads from one state back to it, from it to another, and from that back to it. */
function isPolynomial({ next, meets, reach, cyclic, steps }: Graph): boolean {
  return cyclic.some((one) =>
    cyclic.some((other) => {
      if (one === other || !reach[one]!.has(other)) return false;
      const from = `${one} ${one} ${other}`;
      return reachable([from], (triple) => together(triple, { next, meets, steps })).has(
        `${one} ${other} ${other}`,
      );
    }),
  );
}

/** More ways than these take a tenth of a second. */
const MOST_WAYS = 3_000_000;

/**
 * The length of a text that can be begun to be read in more than `MOST_WAYS` ways, up to `longest`; `undefined` where
 * none was found. Each text begins with another letter and goes on with the letter that has most ways.
 */
function lengthOfManyWays({ letters, next, first }: Automaton, longest: number): number | undefined {
  const kinds = kindsOf(letters);
  const follow = (ways: Map<number, number>, kind: Set<number>) => {
    const after = new Map<number, number>();
    for (const [state, count] of ways) {
      for (const [to, times] of next[state]!) {
        if (kind.has(to)) after.set(to, (after.get(to) ?? 0) + count * times);
      }
    }
    return after;
  };
  const sum = (ways: Map<number, number>) => [...ways.values()].reduce((total, count) => total + count, 0);
  const lengths = kinds.flatMap((begin) => {
    let ways = new Map<number, number>();
    for (const state of first) if (begin.has(state)) ways.set(state, (ways.get(state) ?? 0) + 1);
    let total = sum(ways);
    for (let length = 1; length <= longest && ways.size > 0; length++) {
      if (total > MOST_WAYS) return [length];
      const choices = kinds.map((kind) => follow(ways, kind));
      ways = choices.reduce((best, choice) => (sum(choice) > sum(best) ? choice : best), new Map());
      total += sum(ways);
    }
    return [];
  });
  return lengths.length > 0 ? Math.min(...lengths) : undefined;
}

/** The states that a character leads to, for each kind of character. */
function kindsOf(letters: string[]): Set<number>[] {
  const kinds = new Map<string, Set<number>>();
  for (const [index] of SAMPLE.entries()) {
    const states = letters.flatMap((letter, state) => ((setOf(letter) >> BigInt(index)) & 1n ? [state] : []));
    if (states.length > 0) kinds.set(states.join(), new Set(states));
  }
  return [...kinds.values()];
}

/** Where several states go together by one letter. */
function together(names: string, { next, meets, steps }: Pick<Graph, "next" | "meets" | "steps">): string[] {
  const targets = names.split(" ").map((state) => [...next[Number(state)]!.keys()]);
  const combined = targets.reduce<number[][]>(
    (lists, states) =>
      lists.flatMap((list) => {
        steps.left -= states.length;
        if (steps.left < 0) throw new TooLargeError();
        return states
          .filter((state) => list.every((before) => meets(before, state)))
          .map((state) => [...list, state]);
      }),
    [[]],
  );
  return combined.map((list) => list.join(" "));
}

function reachable<State>(from: State[], next: (state: State) => Iterable<State>): Set<State> {
  const found = new Set<State>();
  const open = [...from];
  while (open.length > 0) {
    for (const state of next(open.pop()!)) {
      if (found.has(state)) continue;
      found.add(state);
      open.push(state);
    }
  }
  return found;
}

/** Characters that stand for all: ASCII, and some letters, marks and symbols beyond. */
const SAMPLE = [
  ...Array.from({ length: 128 }, (_, code) => String.fromCharCode(code)),
  ..."éßΩж中あ\u00a0\u2028😀",
];

const sets = new Map<string, bigint>();

function setOf(source: string): bigint {
  const known = sets.get(source) ?? sampleOf(source);
  sets.set(source, known);
  return known;
}

function intersections(letters: string[]): (a: number, b: number) => boolean {
  return (a, b) => (setOf(letters[a]!) & setOf(letters[b]!)) !== 0n;
}

function sampleOf(source: string): bigint {
  const single = letterPattern(source);
  return SAMPLE.reduce((bits, char, index) => (single.test(char) ? bits | (1n << BigInt(index)) : bits), 0n);
}

function letterPattern(source: string): RegExp {
  try {
    return new RegExp(`^(?:${source})$`, "u");
  } catch {
    return new RegExp(`^(?:${source.length === 1 ? `\\${source}` : source})$`);
  }
}

function hasRepeat(part: Part): boolean {
  if (part.kind === "letter") return false;
  if (part.kind === "repeat") return part.many || hasRepeat(part.part);
  return part.parts.some(hasRepeat);
}

function isNullable(part: Part): boolean {
  if (part.kind === "letter") return false;
  if (part.kind === "repeat") return part.optional || isNullable(part.part);
  return part.kind === "choice" ? part.parts.some(isNullable) : part.parts.every(isNullable);
}

function hasOptional(part: Part): boolean {
  if (part.kind === "letter") return false;
  if (part.kind === "repeat") return true;
  return part.kind === "choice" || part.parts.some(hasOptional);
}

function hasNestedRepeat(part: Part, isInside: boolean): boolean {
  if (part.kind === "letter") return false;
  if (part.kind === "repeat") {
    if (isInside && (part.many || part.optional)) return true;
    return hasNestedRepeat(part.part, isInside || part.many);
  }
  if (isInside && part.kind === "choice") return true;
  return part.parts.some((each) => hasNestedRepeat(each, isInside));
}

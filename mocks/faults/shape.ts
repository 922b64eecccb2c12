/**
 * Reports what is wrong with a value: at which place, and what is allowed there. Silence means that it
 * is right. The functions of this file make such checks for the forms that JSON values have.
 */
export type Check = (given: unknown, place: Place, report: Report) => void;
export type Place = (string | number)[];
export type Report = (place: Place, rule: string) => void;

export function record(wanted: Record<string, Check>, optional: Record<string, Check> = {}): Check {
  const checks = { ...wanted, ...optional };
  return (given, place, report) => {
    if (!isRecord(given)) return report(place, `must be a JSON object${butIs(given)}`);
    refuseUnknown(given, Object.keys(checks), place, report);
    for (const [name, check] of Object.entries(checks)) {
      const value = Object.hasOwn(given, name) ? given[name] : undefined;
      if (value !== undefined || Object.hasOwn(wanted, name)) check(value, [...place, name], report);
    }
  };
}

/** An object with exactly one of the properties, and what may stand beside it. */
export function oneOf(checks: Record<string, Check>, beside: Record<string, Check> = {}): Check {
  const names = Object.keys(checks);
  const all = { ...checks, ...beside };
  return (given, place, report) => {
    if (!isRecord(given)) return report(place, `must be a JSON object${butIs(given)}`);
    refuseUnknown(given, Object.keys(all), place, report);
    for (const [name, check] of Object.entries(all)) {
      if (Object.hasOwn(given, name)) check(given[name], [...place, name], report);
    }
    const found = names.filter((name) => Object.hasOwn(given, name));
    // Where none is there but something else is, that has been reported already.
    if (found.length === 1 || (found.length === 0 && Object.keys(given).length > 0)) return;
    report(place, `must have exactly one of ${names.join(", ")}, but has ${found.join(", ") || "none"}`);
  };
}

export function list(item: Check, { least = 0 } = {}): Check {
  return (given, place, report) => {
    if (!Array.isArray(given)) return report(place, `must be a list${butIs(given)}`);
    if (given.length < least) return report(place, "must not be empty");
    for (const [index, value] of given.entries()) item(value, [...place, index], report);
  };
}

function refuseUnknown(given: object, known: string[], place: Place, report: Report): void {
  const rule = `is not known; known: ${known.join(", ")}`;
  for (const name of Object.keys(given)) {
    if (!known.includes(name)) report([...place, cut(name)], rule);
  }
}

export function whole({ from, to = Number.MAX_SAFE_INTEGER }: { from: number; to?: number }): Check {
  const bounds = to === Number.MAX_SAFE_INTEGER ? `, ${from} or more` : ` from ${from} to ${to}`;
  return (given, place, report) => {
    if (Number.isSafeInteger(given) && (given as number) >= from && (given as number) <= to) return;
    report(place, `must be a whole number${bounds}${butIs(given)}`);
  };
}

type Bounds = { from: number; to: number } | { above: number; to?: number };

export function number(bounds: Bounds): Check {
  const inside = (given: number) =>
    given <= (bounds.to ?? Number.MAX_VALUE) &&
    ("from" in bounds ? given >= bounds.from : given > bounds.above);
  const start = "from" in bounds ? `from ${bounds.from} to` : `above ${bounds.above}`;
  const end = "from" in bounds ? ` ${bounds.to}` : bounds.to === undefined ? "" : `, at most ${bounds.to}`;
  return (given, place, report) => {
    if (typeof given === "number" && inside(given)) return;
    report(place, `must be a number ${start}${end}${butIs(given)}`);
  };
}

export function range(to: number): Check {
  const inside = (given: unknown) => typeof given === "number" && given >= 0 && given <= to;
  return (given, place, report) => {
    if (Array.isArray(given) && given.length === 2 && given.every(inside) && given[0] <= given[1]) return;
    report(place, `must be two numbers from 0 to ${to}, the smaller one first`);
  };
}

export function text(given: unknown, place: Place, report: Report): void {
  if (typeof given !== "string") report(place, `must be text${butIs(given)}`);
}

export function isTrue(given: unknown, place: Place, report: Report): void {
  if (given !== true) report(place, `must be true${butIs(given)}`);
}

export function oneText(allowed: string[]): Check {
  return (given, place, report) => {
    if (allowed.includes(given as string)) return;
    report(place, `must be ${allowed.map(show).join(" or ")}${butIs(given)}`);
  };
}

/** @see https://www.rfc-editor.org/rfc/rfc9110#section-8.3.1 */
export function mediaType(given: unknown, place: Place, report: Report): void {
  const form = /^[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+( *;[ -~]*)?$/;
  if (typeof given === "string" && form.test(given)) return;
  report(place, `must be a media type like text/html${butIs(given)}`);
}

export function isRecord(given: unknown): given is Record<string, unknown> {
  return typeof given === "object" && given !== null && !Array.isArray(given);
}

export function butIs(given: unknown): string {
  return given === undefined ? "" : `, but is ${show(given)}`;
}

export function show(given: unknown): string {
  if (Array.isArray(given)) return "a list";
  if (isRecord(given)) return "an object";
  return typeof given === "string" ? JSON.stringify(cut(given)) : String(given);
}

function cut(given: string): string {
  return given.length > 40 ? `${given.slice(0, 40)}…` : given;
}

/** `faults[2].fault.throttle.rate` */
export function write(place: Place): string {
  return place
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${part}`))
    .join("")
    .replace(/^\./, "");
}

import { ControlRefusal } from "./refusal.ts";

type Kinds = { dateTime: number; number: number; text: string };
type Kind = keyof Kinds;

/**
 * Reads the properties of a call's body: exactly the wanted ones, and the optional ones that are there. A
 * `dateTime` is given as ISO 8601 and comes out in milliseconds since the epoch.
 *
 * @throws {ControlRefusal} naming the property and its rule.
 */
export function readFields<
  Wanted extends Record<string, Kind> = Record<never, Kind>,
  Optional extends Record<string, Kind> = Record<never, Kind>,
>(
  body: unknown,
  { wanted, optional }: { wanted?: Wanted; optional?: Optional },
): { [Name in keyof Wanted]: Kinds[Wanted[Name]] } & { [Name in keyof Optional]?: Kinds[Optional[Name]] } {
  const kinds: Record<string, Kind> = { ...wanted, ...optional };
  if (typeof body !== "object" || body === null || Array.isArray(body))
    throw fieldInvalid("The body", `must be a JSON object with ${Object.keys(kinds).join(", ")}`);
  const unknown = Object.keys(body).find((name) => !Object.hasOwn(kinds, name));
  if (unknown !== undefined)
    throw fieldInvalid(unknown.slice(0, 40), `is not known; known: ${Object.keys(kinds).join(", ")}`);
  const fields: Record<string, unknown> = {};
  for (const [name, kind] of Object.entries(kinds)) {
    const value = (body as Record<string, unknown>)[name];
    if (value === undefined && !Object.hasOwn(wanted ?? {}, name)) continue;
    const { read, rule } = readers[kind];
    fields[name] = read(value);
    if (fields[name] === undefined) throw fieldInvalid(name, rule);
  }
  return fields as ReturnType<typeof readFields<Wanted, Optional>>;
}

/** @throws {ControlRefusal} for a query parameter that is no whole number from `least`. */
export function wholeNumber(name: string, text: string | undefined, least: number): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,15}$/.test(text) && Number(text) >= least) return Number(text);
  throw fieldInvalid(`The query parameter ${name}`, `must be a whole number, ${least} or more`);
}

/** Refuses what a field may not be. */
export function fieldInvalid(name: string, rule: string): ControlRefusal {
  return new ControlRefusal(400, "CALL_INVALID", `${name} ${rule}.`);
}

const readers: Record<Kind, { read: (value: unknown) => unknown; rule: string }> = {
  dateTime: { read: readDateTime, rule: 'must be a time as ISO 8601, like "2026-01-31T12:00:00Z"' },
  number: { read: (value) => (Number.isFinite(value) ? value : undefined), rule: "must be a number" },
  text: { read: (value) => (typeof value === "string" ? value : undefined), rule: "must be text" },
};

/** @see https://www.rfc-editor.org/rfc/rfc3339#section-5.6 */
function readDateTime(value: unknown): number | undefined {
  const form = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i;
  const [, day] = form.exec(String(value)) ?? [];
  if (typeof value !== "string" || day === undefined) return undefined;
  // `Date` takes 30 February for 2 March.
  const midnight = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(midnight) || !new Date(midnight).toISOString().startsWith(day)) return undefined;
  const time = Date.parse(value);
  return Number.isNaN(time) ? undefined : time;
}

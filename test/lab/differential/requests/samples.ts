import fc from "fast-check";
import type { Draw } from "./draw.ts";
import { flatten, isRecord, type Schema, typesOf } from "./schema.ts";

/** How large a value is drawn: what is required and no more, all there may be, or something between. */
export type Size = "least" | "most" | "some";

/** Draws values that keep a schema, as far as its keywords are understood; the servers have the last word. */
export function createSamples(document: object, draw: Draw) {
  const makers: Record<string, (schema: Schema, size: Size, depth: number) => unknown> = {
    object,
    array,
    string: text,
    number,
    integer: number,
    boolean: () => draw.chance(0.5),
    null: () => null,
  };
  return sample;

  function sample(given: Schema | undefined, size: Size, depth = 0): unknown {
    const schema = flatten(document, given);
    const ready = readyMade(schema);
    // Examples of objects are used too, though not where everything or nothing more is wanted.
    if (
      ready.length > 0 &&
      (schema.const !== undefined || schema.enum || (size === "some" && draw.chance(0.5)))
    )
      return draw.of(ready);
    const alternatives = schema.oneOf ?? schema.anyOf;
    if (alternatives?.length && depth < 12) return alternative(schema, alternatives, size, depth);
    const types = typesOf(schema).filter((type) => type !== "null" || draw.chance(0.2));
    const type = types.length > 0 ? draw.of(types) : draw.of(["string", "integer", "boolean", "object"]);
    return makers[type]?.(schema, size, depth) ?? null;
  }

  function alternative(schema: Schema, alternatives: Schema[], size: Size, depth: number): unknown {
    const { oneOf, anyOf, discriminator, ...shared } = schema;
    const chosen = draw.of(alternatives);
    const value = sample({ ...shared, allOf: [chosen] }, size, depth + 1);
    if (!discriminator || !isRecord(value) || chosen.$ref === undefined) return value;
    const mapped = Object.entries(discriminator.mapping ?? {}).find(([, target]) => target === chosen.$ref);
    const property = discriminator.propertyName;
    if (mapped) value[property] = mapped[0];
    return value;
  }

  function object(schema: Schema, size: Size, depth: number): Record<string, unknown> {
    const { properties = {}, required = [], additionalProperties, minProperties = 0 } = schema;
    const wanted = Object.entries(properties).filter(([name, described]) => {
      if (required.includes(name)) return true;
      if (size === "least" || depth > 5 || described.readOnly) return false;
      return size === "most" || draw.chance(0.5);
    });
    const value = Object.fromEntries(wanted.map(([name, part]) => [name, sample(part, size, depth + 1)]));
    for (const name of required) value[name] ??= name in value ? null : text({}, size);
    const surplus = isRecord(additionalProperties) ? (additionalProperties as Schema) : undefined;
    const more = surplus && depth < 6 ? Math.max(minProperties, size === "least" ? 0 : 1) : 0;
    for (let place = 0; place < more; place++) value[`key-${place}`] = sample(surplus, size, depth + 1);
    return value;
  }

  function array(schema: Schema, size: Size, depth: number): unknown[] {
    const { items, minItems = 0, maxItems = minItems + 2, uniqueItems = false } = schema;
    const most = Math.min(maxItems, minItems + 3);
    const count = size === "least" || depth > 6 ? minItems : size === "most" ? most : between(minItems, most);
    const values: unknown[] = [];
    for (let tries = 0; values.length < count && tries < count * 10; tries++) {
      const value = sample(items, size, depth + 1);
      const seen = uniqueItems && values.some((each) => JSON.stringify(each) === JSON.stringify(value));
      if (!seen) values.push(value);
    }
    return values;
  }

  function text(schema: Schema, size: Size): string {
    const { pattern, format, minLength = 0, maxLength, contentEncoding } = schema;
    if (contentEncoding === "base64") return Buffer.from(`picture ${draw.below(100)}`).toString("base64");
    if (format !== undefined && formats[format]) return draw.of(formats[format]);
    if (pattern !== undefined) return matching(schema);
    const natural = draw.of(words);
    const length =
      size === "most" && maxLength !== undefined && maxLength <= 5000
        ? maxLength
        : Math.max(minLength, natural.length);
    return natural
      .repeat(Math.ceil(length / natural.length) || 1)
      .slice(0, Math.min(length, maxLength ?? length));
  }

  /** Text that the pattern matches and that is as long as wanted, if some is found. */
  function matching({ pattern, minLength = 0, maxLength = 200 }: Schema): string {
    const found = textsFor(pattern!);
    const fitting = found.filter(({ length }) => length >= minLength && length <= maxLength);
    return draw.of(fitting.length > 0 ? fitting : found);
  }

  function number(schema: Schema, size: Size): number {
    const { multipleOf, exclusiveMinimum, exclusiveMaximum } = schema;
    const fraction = typesOf(schema).includes("integer") ? 1 : 0.5;
    const step = multipleOf ?? fraction;
    const minimum = schema.minimum ?? (exclusiveMinimum === undefined ? undefined : exclusiveMinimum + step);
    const maximum = schema.maximum ?? (exclusiveMaximum === undefined ? undefined : exclusiveMaximum - step);
    if (size === "least" && minimum !== undefined) return minimum;
    if (size === "most" && maximum !== undefined) return maximum;
    const low = minimum ?? Math.min(0, maximum ?? 0);
    const steps = Math.floor(((maximum ?? low + 20 * step) - low) / step);
    return low + draw.below(Math.max(1, Math.min(steps + 1, 1000))) * step;
  }

  function between(low: number, high: number): number {
    return low + draw.below(high - low + 1);
  }
}

const textsOf = new Map<string, string[]>();

/** A few texts that a pattern matches, the same each time; they take long to find. */
function textsFor(pattern: string): string[] {
  const known = textsOf.get(pattern);
  if (known) return known;
  const found = findTexts(pattern);
  textsOf.set(pattern, found);
  return found;
}

function findTexts(pattern: string): string[] {
  try {
    const arbitrary = fc.stringMatching(new RegExp(pattern, "u"), { size: "xsmall" });
    return fc.sample(arbitrary, { seed: 1, numRuns: 20 });
  } catch {
    // What the generator cannot read is left to chance.
    return words;
  }
}

function readyMade(schema: Schema): unknown[] {
  if (schema.const !== undefined) return [schema.const];
  if (schema.enum) return schema.enum;
  return [schema.example, ...(schema.examples ?? []), schema.default].filter((value) => value !== undefined);
}

const words = ["alice", "a text", "7", "Ünïcode ✓", "x", "true", "comma,separated"];

const formats: Record<string, string[]> = {
  date: ["2024-02-29", "1999-12-31"],
  "date-time": ["2024-02-29T23:59:59Z", "1999-12-31T00:00:00.5+01:00"],
  time: ["23:59:59Z"],
  duration: ["P1DT12H"],
  email: ["alice@example.com"],
  hostname: ["example.com"],
  ipv4: ["192.0.2.1"],
  ipv6: ["2001:db8::1"],
  uri: ["https://example.com/a?b=c"],
  url: ["https://example.com/a?b=c"],
  uuid: ["123e4567-e89b-42d3-a456-426614174000"],
  byte: ["YWxpY2U="],
  "json-pointer": ["/a/b"],
};

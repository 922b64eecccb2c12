/**
 * The parts that our own schemas are written in: `record({ name: text }, { note: text })`. They are JSON Schema
 * as it stands in an OpenAPI document, and `FromSchema` is the TypeScript type of the values.
 */
export const text = { type: "string" } as const;
export const boolean = { type: "boolean" } as const;

/** A number; `above` excludes the bound itself. */
export function number<
  const Bounds extends { minimum?: number; exclusiveMinimum?: number; maximum?: number },
>(bounds: Bounds) {
  return { type: "number", ...bounds } as const;
}

export function integer<const Bounds extends { minimum: number; maximum?: number }>(bounds: Bounds) {
  return { type: "integer", ...bounds } as const;
}

export function listOf<const Items>(items: Items) {
  return { type: "array", items } as const;
}

/** An object with properties of any name. */
export function mapOf<const Values extends object>(values: Values) {
  return { type: "object", additionalProperties: values } as const;
}

/** A schema by its name under `components`. */
export function ref<const Name extends string>(name: Name) {
  return { $ref: `#/components/schemas/${name}` } as const;
}

type Parts = Readonly<Record<string, object>>;

/** An object with these properties and no others. */
export function record<const Required extends Parts, const Optional extends Parts = Record<never, never>>(
  required: Required,
  optional: Optional = {} as Optional,
) {
  return {
    type: "object",
    properties: { ...required, ...optional },
    required: Object.keys(required) as (keyof Required)[],
    additionalProperties: false,
  } as const;
}

/** An object with exactly one of these properties. */
export function exactlyOne<const Alternatives extends Parts>(alternatives: Alternatives) {
  const names = Object.keys(alternatives) as (keyof Alternatives)[];
  return {
    type: "object",
    properties: alternatives,
    oneOf: names.map((name) => ({ required: [name] as const })),
    additionalProperties: false,
  } as const;
}

/** The values that a schema of these parts describes; `Named` holds what `ref` refers to. */
export type FromSchema<Schema, Named = Record<never, never>> =
  // biome-ignore format: one row for each form of schema
  Schema extends { $ref: `#/components/schemas/${infer Name}` } ? FromSchema<Named[Name & keyof Named], Named>
  : Schema extends { const: infer Value } ? Value
  : Schema extends { enum: readonly (infer Value)[] } ? Value
  : Schema extends { anyOf: readonly (infer Alternative)[] } ? AnyOf<Alternative, Named>
  : Schema extends { type: infer Type extends keyof Scalars } ? Scalars[Type]
  : Schema extends { items: infer Items; minItems: 2; maxItems: 2 } ? [FromSchema<Items, Named>, FromSchema<Items, Named>]
  : Schema extends { items: infer Items } ? FromSchema<Items, Named>[]
  : Schema extends { additionalProperties: infer Value extends object } ? Record<string, FromSchema<Value, Named>>
  : Schema extends { properties: infer Props; oneOf: { required: readonly (infer Name)[] }[] } ? ExactlyOne<Props, Name, Schema, Named>
  : Schema extends { properties: infer Props; required: (infer Name)[] } ? Properties<Props, Name, Exclude<keyof Props, Name>, Named>
  : unknown;

type Scalars = { string: string; number: number; integer: number; boolean: boolean };

type AnyOf<Alternative, Named> = Alternative extends unknown ? FromSchema<Alternative, Named> : never;

/** A property that `dependentRequired` ties to another one may stand beside that one. */
type ExactlyOne<Props, Name, Schema, Named> = Name extends unknown
  ? Properties<Props, Name, Beside<Schema, Name>, Named>
  : never;
type Beside<Schema, Name> = Schema extends { dependentRequired: infer Ties }
  ? { [Key in keyof Ties]: Ties[Key] extends readonly [Name] ? Key : never }[keyof Ties]
  : never;

type Properties<Props, Required, Optional, Named> = Merged<
  { [Key in keyof Props & Required]: FromSchema<Props[Key], Named> } & {
    [Key in keyof Props & Optional]?: FromSchema<Props[Key], Named>;
  }
>;
/** One object type in editors and messages instead of an intersection. */
type Merged<Type> = Type extends infer Whole ? { [Key in keyof Whole]: Whole[Key] } : never;

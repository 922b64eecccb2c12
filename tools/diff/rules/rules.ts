/**
 * `breaking`: a consumer that keeps to the old contract is refused or gets what that does not allow. `risky`: it
 * may be, or it cannot be proved that it is not. `compatible`: it is not.
 */
export type Level = "breaking" | "risky" | "compatible";

/** Who sends it: the consumer or the provider. */
export type Direction = "request" | "response";

export type Rule = {
  id: string;
  level: Level;
  /** What has changed; names in braces are filled in. */
  fact: string;
  /** Who is hurt and what to do. */
  advice: string;
};

const [B, R, C] = ["breaking", "risky", "compatible"] as const;

const ADVICE: Record<Direction, Record<Level, string>> = {
  request: {
    breaking: "a consumer that sends what was allowed before is refused, so change it first",
    risky:
      "a consumer that relies on the old contract may be refused or misunderstood, so check what it sends",
    compatible: "no consumer is hurt and nothing has to be done",
  },
  response: {
    breaking: "a consumer that relies on the old contract may fail on the new response, so change it first",
    risky:
      "a consumer that knows only the old contract may fail, so check what it does with the new response",
    compatible: "no consumer is hurt and nothing has to be done",
  },
};

/** What can change in a schema: in requests, in responses. */
const SCHEMA_RULES: [kind: string, request: Level | undefined, response: Level | undefined, fact: string][] =
  [
    ["type-narrowed", B, C, "{at} no longer allows {removed}"],
    ["type-widened", C, B, "{at} also allows {added}"],
    ["type-changed", B, B, "{at} is {new} instead of {old}"],
    ["type-stated", R, C, "{at} states its type, {new}"],
    ["type-not-stated", C, R, "{at} no longer states its type, {old}"],
    ["nullable-added", C, B, "{at} may be null"],
    ["nullable-removed", B, C, "{at} may no longer be null"],
    ["enum-added", B, C, "{at} allows only {new}"],
    ["enum-removed", C, R, "{at} is no longer limited to {old}"],
    ["enum-value-added", C, R, "{at} has the new values {added}"],
    ["enum-value-removed", B, C, "{at} no longer has the values {removed}"],
    ...bounds("minimum", "of at least", "lower"),
    ...bounds("maximum", "of at most", "upper"),
    ...bounds("min-length", "at least as many characters as", "lower"),
    ...bounds("max-length", "at most as many characters as", "upper"),
    ...bounds("min-items", "at least as many items as", "lower"),
    ...bounds("max-items", "at most as many items as", "upper"),
    ...bounds("min-properties", "at least as many properties as", "lower"),
    ...bounds("max-properties", "at most as many properties as", "upper"),
    ["multiple-of-added", B, C, "{at} must be a multiple of {new}"],
    ["multiple-of-removed", C, B, "{at} need no longer be a multiple of {old}"],
    ["multiple-of-changed", B, B, "{at} must be a multiple of {new} instead of {old}"],
    ["pattern-added", B, C, "{at} must match the pattern {new}"],
    ["pattern-removed", C, B, "{at} need no longer match the pattern {old}"],
    ["pattern-changed", R, R, "{at} must match the pattern {new} instead of {old}"],
    ["format-added", B, C, "{at} must have the format {new}"],
    ["format-removed", C, B, "{at} need no longer have the format {old}"],
    ["format-changed", B, B, "{at} has the format {new} instead of {old}"],
    ["format-narrowed", B, C, "{at} has the format {new} instead of the wider {old}"],
    ["format-widened", C, B, "{at} has the format {new} instead of the narrower {old}"],
    ["format-hint-changed", R, R, "{at} has the format {new} instead of {old}, which no validator checks"],
    ["content-encoding-changed", B, B, "{at} is encoded as {new} instead of {old}"],
    ["content-media-type-changed", B, B, "{at} holds {new} instead of {old}"],
    ["unique-items-added", B, C, "{at} must not repeat an item"],
    ["unique-items-removed", C, B, "{at} may repeat an item"],
    ["property-added", C, C, "{at} is a new property"],
    ["required-property-added", B, undefined, "{at} is a new property that is required"],
    ["property-restricted", R, undefined, "{at} is now described, and had any form before"],
    ["property-described-otherwise", B, B, "{at} is described by another schema than before"],
    [
      "property-added-to-closed-object",
      undefined,
      R,
      "{at} is a new property of an object that had no others",
    ],
    ["property-removed", R, R, "{at} is no longer described"],
    ["property-forbidden", B, undefined, "{at} is no longer allowed"],
    ["required-property-removed", undefined, B, "{at} is no longer described and was always there"],
    ["property-became-required", B, C, "{at} is now required"],
    ["property-became-optional", C, B, "{at} is no longer required"],
    ["property-became-read-only", R, undefined, "{at} is now read-only"],
    ["property-no-longer-read-only", C, undefined, "{at} is no longer read-only"],
    ["required-property-no-longer-read-only", B, undefined, "{at} is no longer read-only and is required"],
    ["property-became-write-only", undefined, R, "{at} is now write-only and no longer sent"],
    [
      "required-property-became-write-only",
      undefined,
      B,
      "{at} was always there, is now write-only and no longer sent",
    ],
    ["property-no-longer-write-only", undefined, C, "{at} is no longer write-only"],
    ["additional-properties-forbidden", B, C, "{at} no longer allows properties that are not described"],
    ["additional-properties-allowed", C, R, "{at} allows properties that are not described"],
    ["dependent-required-added", B, C, "{at} requires {new} beside {name}"],
    ["dependent-required-removed", C, B, "{at} no longer requires {old} beside {name}"],
    ["any-of-member-added", C, B, "{at} has a new alternative, {new}"],
    ["any-of-member-removed", B, C, "{at} no longer has the alternative {old}"],
    ["one-of-member-added", C, B, "{at} has a new alternative, {new}"],
    ["one-of-member-removed", B, C, "{at} no longer has the alternative {old}"],
    ["not-added", B, C, "{at} excludes some values with not"],
    ["not-removed", C, B, "{at} no longer excludes values with not"],
    ["constraint-added", B, C, "{at} is now limited by {new}"],
    ["constraint-removed", C, B, "{at} is no longer limited by {old}"],
    ["constraint-changed", R, R, "{at} has another {new}"],
    ["discriminator-changed", R, R, "{at} is told apart by {new} instead of {old}"],
    ["default-added", R, C, "{at} has the default {new}, and had none"],
    ["default-removed", R, R, "{at} no longer has the default {old}"],
    ["default-changed", B, R, "{at} has the default {new} instead of {old}"],
    ["schema-narrowed", B, C, "{at} no longer allows everything that it allowed"],
    ["schema-widened", C, B, "{at} allows more than before"],
    ["schema-changed", R, R, "{at} is written otherwise, and it cannot be proved that it allows the same"],
  ];

function bounds(
  keyword: string,
  words: string,
  side: "lower" | "upper",
): [kind: string, request: Level, response: Level, fact: string][] {
  const [tighter, looser] = side === "lower" ? ["raised", "lowered"] : ["lowered", "raised"];
  return [
    [`${keyword}-added`, B, C, `{at} has the new limit ${words} {new}`],
    [`${keyword}-removed`, C, B, `{at} no longer has the limit ${words} {old}`],
    [`${keyword}-${tighter}`, B, C, `{at} has the limit ${words} {new} instead of {old}`],
    [`${keyword}-${looser}`, C, B, `{at} has the limit ${words} {new} instead of {old}`],
  ];
}

/** Advice that says more than the level does. */
const OWN_ADVICE: Record<string, string> = {
  "request-property-removed": "a consumer that sends it is no longer heard, so check what it wants by it",
  "request-default-changed":
    "a consumer that leaves it out gets another result, so send the old value from now on",
  "request-default-added":
    "a consumer that leaves it out may get another result, so compare it with what it got before",
  "request-default-removed":
    "a consumer that leaves it out may get another result, so send the old value from now on",
  "response-required-property-removed": "a consumer that reads it finds nothing, so change it first",
  "response-property-removed": "a consumer that reads it may find nothing, so check what it does without",
  "response-enum-value-added":
    "a consumer that knows only the old values may fail, so give it a way to handle others",
};

type Row = [id: string, level: Level, fact: string, advice?: string];

const NONE = "no consumer is hurt and nothing has to be done";

const OTHER_RULES: Row[] = [
  [
    "path-removed",
    B,
    "The path is gone",
    "a consumer that calls it gets an error, so move it to another operation first",
  ],
  [
    "operation-removed",
    B,
    "The operation is gone",
    "a consumer that calls it gets an error, so move it to another operation first",
  ],
  ["operation-added", C, "The operation is new", NONE],
  [
    "operation-id-changed",
    R,
    "The operationId is {new} instead of {old}",
    "code that is generated from it no longer compiles, so rename its calls",
  ],
  [
    "operation-id-removed",
    R,
    "The operationId {old} is gone",
    "code that is generated from it no longer compiles, so rename its calls",
  ],
  ["operation-id-added", C, "The operationId {new} is new", NONE],
  [
    "operation-deprecated",
    C,
    "The operation is deprecated",
    "no consumer is hurt yet, so plan to move away from it",
  ],
  ["operation-no-longer-deprecated", C, "The operation is no longer deprecated", NONE],
  [
    "base-path-changed",
    B,
    "The base path is {new} instead of {old}",
    "a consumer that calls the old one is not served by this contract, so change its base URL",
  ],
  [
    "server-removed",
    B,
    "The server {old} is gone",
    "a consumer that calls it is not served by this contract, so change its base URL",
  ],
  ["server-added", C, "The server {new} is new", NONE],
  [
    "default-server-changed",
    R,
    "The first server is {new} instead of {old}",
    "a consumer that takes the first one calls another, so state the base URL",
  ],
  [
    "request-parameter-removed",
    R,
    "The {at} is gone",
    "a consumer that sends it is no longer heard, so check what it wants by it",
  ],
  ["request-parameter-added", C, "The {at} is new and optional", NONE],
  [
    "request-required-parameter-added",
    B,
    "The {at} is new and required",
    "a consumer that does not send it is refused, so send it first",
  ],
  [
    "request-parameter-became-required",
    B,
    "The {at} is now required",
    "a consumer that leaves it out is refused, so send it first",
  ],
  ["request-parameter-became-optional", C, "The {at} is no longer required", NONE],
  [
    "request-parameter-moved",
    B,
    "The {at} was a {old}",
    "a consumer that sends it in the old place is no longer heard, so move it",
  ],
  [
    "request-parameter-style-changed",
    B,
    "The {at} is written as {new} instead of {old}",
    "a consumer that writes it the old way is misunderstood, so change it",
  ],
  [
    "request-parameter-empty-forbidden",
    B,
    "The {at} may no longer be empty",
    "a consumer that sends it without a value is refused, so change it first",
  ],
  ["request-parameter-empty-allowed", C, "The {at} may be empty", NONE],
  [
    "request-parameter-deprecated",
    C,
    "The {at} is deprecated",
    "no consumer is hurt yet, so plan to do without it",
  ],
  ["request-body-added", C, "The operation takes an optional body", NONE],
  [
    "request-required-body-added",
    B,
    "The operation requires a body",
    "a consumer that sends none is refused, so send one first",
  ],
  [
    "request-body-removed",
    B,
    "The operation no longer takes a body",
    "a consumer that sends one is refused or no longer heard, so change it first",
  ],
  [
    "request-body-became-required",
    B,
    "The body is now required",
    "a consumer that sends none is refused, so send one first",
  ],
  ["request-body-became-optional", C, "The body is no longer required", NONE],
  [
    "request-media-type-removed",
    B,
    "The body may no longer be {old}",
    "a consumer that sends it is refused, so send {new} first",
  ],
  ["request-media-type-added", C, "The body may also be {new}", NONE],
  [
    "request-form-field-style-changed",
    B,
    "The form field {name} is written as {new} instead of {old}",
    "a consumer that writes it the old way is misunderstood, so change it",
  ],
  [
    "response-success-status-removed",
    B,
    "The status {old} is gone",
    "a consumer that waits for it does not see it, so teach it the other ones",
  ],
  [
    "response-success-status-added",
    R,
    "The status {new} is new",
    "a consumer that knows only the old ones may take it for a failure, so teach it the new one",
  ],
  ["response-error-status-removed", C, "The status {old} is gone", NONE],
  ["response-error-status-added", C, "The status {new} is new", NONE],
  [
    "response-body-removed",
    B,
    "The {at} is gone",
    "a consumer that reads it finds nothing, so change it first",
  ],
  ["response-body-added", C, "The {at} is new", NONE],
  [
    "response-media-type-removed",
    B,
    "The {at} can no longer be {old}",
    "a consumer that reads it gets something else, so teach it {new} first",
  ],
  ["response-media-type-added", C, "The {at} can also be {new}", NONE],
  ["response-media-type-narrowed", C, "The {at} is {new} instead of {old}"],
  [
    "response-media-type-widened",
    B,
    "The {at} is {new} instead of {old}",
    "a consumer may get what it cannot read, so ask for the old type in Accept",
  ],
  [
    "response-header-removed",
    R,
    "The {at} is gone",
    "a consumer that reads it may find nothing, so check what it does without",
  ],
  [
    "response-required-header-removed",
    B,
    "The {at} is gone and was always there",
    "a consumer that reads it finds nothing, so change it first",
  ],
  ["response-header-added", C, "The {at} is new", NONE],
  [
    "response-header-became-optional",
    B,
    "The {at} is no longer always there",
    "a consumer that reads it may find nothing, so change it first",
  ],
  ["response-header-became-required", C, "The {at} is always there", NONE],
  [
    "security-added",
    B,
    "The operation wants credentials: {new}",
    "a consumer without them is refused, so get them and send them first",
  ],
  ["security-removed", C, "The operation no longer wants credentials", NONE],
  [
    "security-alternative-removed",
    B,
    "The credentials {old} alone no longer suffice",
    "a consumer that sends nothing else is refused, so send {new} first",
  ],
  ["security-alternative-added", C, "The credentials {new} suffice too", NONE],
  ["security-scheme-removed", C, "The operation no longer wants {old} beside {new}", NONE],
  [
    "security-scheme-added",
    B,
    "The operation wants {new} beside {old}",
    "a consumer that sends only the old credentials is refused, so send both first",
  ],
  [
    "security-scope-added",
    B,
    "The operation wants the scope {new} of {name}",
    "a consumer whose token lacks it is refused, so ask for it first",
  ],
  ["security-scope-removed", C, "The operation no longer wants the scope {old} of {name}", NONE],
  [
    "security-scheme-changed",
    B,
    "The security scheme {name} is {new} instead of {old}",
    "a consumer that sends the old credentials is refused, so change them first",
  ],
  [
    "security-url-changed",
    R,
    "The security scheme {name} has the URL {new} instead of {old}",
    "a consumer that asks the old one for tokens may get none, so change it",
  ],
];

/** Every rule by its id. */
export const RULES: ReadonlyMap<string, Rule> = new Map(
  [
    ...OTHER_RULES.map(([id, level, fact, advice = NONE]): Rule => ({ id, level, fact, advice })),
    ...SCHEMA_RULES.flatMap(([kind, request, response, fact]) =>
      (Object.entries({ request, response }) as [Direction, Level | undefined][]).flatMap(
        ([direction, level]): Rule[] => {
          const id = `${direction}-${kind}`;
          if (level === undefined) return [];
          return [{ id, level, fact: `The ${fact}`, advice: OWN_ADVICE[id] ?? ADVICE[direction][level] }];
        },
      ),
    ),
  ].map((rule) => [rule.id, rule]),
);

/** The sentence of a change. A level that a proof has lowered changes the advice too. */
export function sentence(rule: Rule, level: Level, facts: Record<string, string>): string {
  const advice = level === rule.level ? rule.advice : level === C ? NONE : rule.advice;
  const text = `${rule.fact}: ${advice}.`;
  return text.replaceAll(/\{(\w+)\}/g, (_, name: string) => facts[name] ?? "");
}

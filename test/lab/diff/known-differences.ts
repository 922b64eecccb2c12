import type { Level } from "../../../tools/diff/rules/rules.ts";

/** Where the diff and oasdiff 1.15.0 differ, and why the diff is right. */
export type KnownDifference = {
  /** Of the pair's title and, in brackets, the rules of the diff and then those of oasdiff. */
  pairs: RegExp;
  ours: Level | "none";
  theirs: (Level | "none")[];
  reason: string;
};

const [B, R, C, N] = ["breaking", "risky", "compatible", "none"] as const;

export const knownDifferences: KnownDifference[] = [
  // ── The same in other words: oasdiff compares how it is written ─────────────────────────────────────
  {
    pairs: /(allOf|anyOf|oneOf) around one|allOf of two/,
    ours: N,
    theirs: [B, R, C],
    reason: "One schema in a list says what it says alone, and two in allOf what one with both says.",
  },
  {
    pairs: /a multiple of 1/,
    ours: N,
    theirs: [B, C],
    reason: "A multiple of 1 is a whole number, so both accept the same.",
  },
  {
    pairs: /whole numbers above 0|boolean and numeric exclusive limits/,
    ours: N,
    theirs: [B, R, C],
    reason: "The limit is the same number, and only written as exclusive.",
  },
  { pairs: /const and enum/, ours: N, theirs: [B, C], reason: "An enum of one value is a const." },
  {
    pairs: /null in two ways|nullable and a type list/,
    ours: N,
    theirs: [B, C],
    reason: "nullable, a type list and an alternative all allow null.",
  },
  {
    pairs: /enum and (its type|a limit that it keeps)/,
    ours: N,
    theirs: [B, R],
    reason: "Every value of the enum has the type and keeps the limit already.",
  },
  {
    pairs: /password/,
    ours: N,
    theirs: [B],
    reason: "The format password only says how an input field looks.",
  },
  {
    pairs: /byte and contentEncoding/,
    ours: N,
    theirs: [B],
    reason: "OpenAPI 3.1 replaced the format byte by contentEncoding base64.",
  },
  {
    pairs: /oneOf or anyOf of what excludes/,
    ours: N,
    theirs: [B, C],
    reason: "No value fits two of the alternatives, so one of them and any of them mean the same.",
  },
  {
    pairs: /unevaluatedProperties/,
    ours: N,
    theirs: [B, R, C],
    reason: "Beside allOf alone it closes the object as additionalProperties does.",
  },
  { pairs: /a base path in each path/, ours: N, theirs: [B], reason: "The consumer calls the same URLs." },
  { pairs: /the case of a header/, ours: N, theirs: [R], reason: "Names of headers have no case." },
  {
    pairs: /a parameter on the path/,
    ours: N,
    theirs: [R, C],
    reason: "A parameter of the path is one of each of its operations.",
  },
  {
    pairs: /a renamed security scheme|security of each operation/,
    ours: N,
    theirs: [C],
    reason: "The consumer sends the same header; the name of the scheme is not sent.",
  },
  {
    pairs: /a referenced|a renamed schema|an unused schema|texts|the charset/,
    ours: N,
    theirs: [C],
    reason: "No request and no response is another one.",
  },
  {
    pairs: /^request (writeOnly|readOnly)|^response (readOnly|writeOnly)|^response a readOnly/,
    ours: N,
    theirs: [C],
    reason: "readOnly says nothing of requests' other properties, and writeOnly nothing of requests.",
  },
  {
    pairs: /api-tag-|-deprecated/,
    ours: N,
    theirs: [C],
    reason: "A tag and the deprecation of a property change no request and no response.",
  },
  {
    pairs: /deprecated parameter/,
    ours: N,
    theirs: [C],
    reason: "What is no longer deprecated is as it was.",
  },
  // ── What oasdiff has no rule for ────────────────────────────────────────────────────────────────────
  {
    pairs: /\[(request-parameter-(style-changed|empty-forbidden)|request-form-field-style-changed)/,
    ours: B,
    theirs: [N],
    reason: "A list that is written another way is read as one other value.",
  },
  {
    pairs: /\[(server-removed|base-path-changed)/,
    ours: B,
    theirs: [N],
    reason: "A consumer that calls the old URL is not served any more.",
  },
  {
    pairs: /\[default-server-changed|\[security-url-changed/,
    ours: R,
    theirs: [N],
    reason: "A consumer that takes the first server, or the old URL, goes to another one.",
  },
  {
    pairs: /\[security-(added|scheme-changed)/,
    ours: B,
    theirs: [N, C],
    reason: "A consumer without the credentials is refused.",
  },
  {
    pairs:
      /\[(request|response)-(additional-properties|max-items|max-properties|min-properties|multiple-of|not|unique-items|pattern|maximum|minimum|format|type-(narrowed|widened|changed))-?\w*/,
    ours: B,
    theirs: [N],
    reason: "oasdiff has no rule for this keyword in this direction at this place; ajv tells the two apart.",
  },
  {
    pairs: /\[(request|response)-(pattern-changed|additional-properties-allowed|enum-value-added)/,
    ours: R,
    theirs: [N],
    reason: "oasdiff looks at properties only, or in the other direction only.",
  },
  { pairs: /./, ours: C, theirs: [N], reason: "oasdiff does not list every change that hurts nobody." },
  // ── What a proof decides ────────────────────────────────────────────────────────────────────────────
  {
    pairs:
      /\[request-(enum-(added|removed)|type-widened|format-(hint-changed|removed)|max\w*-raised|type-not-stated|schema-widened|one-of-member-added|property-became-optional|property-became-required)/,
    ours: C,
    theirs: [B, R],
    reason: "Every request of the old contract is one of the new; ajv refutes nothing of it.",
  },
  {
    pairs:
      /\[response-(enum-added|type-narrowed|type-stated|format-(added|hint-changed)|one-of-member-removed|media-type-narrowed|property-no-longer-write-only)/,
    ours: C,
    theirs: [B, R],
    reason: "Every response of the new contract is one of the old; ajv refutes nothing of it.",
  },
  // ── Other levels ────────────────────────────────────────────────────────────────────────────────────
  {
    pairs: /\[request-(max-length|maximum|minimum)-\w+/,
    ours: B,
    theirs: [R],
    reason: "A limit where none was refuses requests that the old contract allows.",
  },
  {
    pairs: /\[request-enum-value-removed/,
    ours: B,
    theirs: [C],
    reason: "oasdiff looks at properties only; the value is refused in a body too.",
  },
  {
    pairs: /\[request-format-changed|form field's type/,
    ours: B,
    theirs: [C],
    reason: "A date is no date-time, and any text is no number.",
  },
  {
    pairs:
      /\[request-property-described-otherwise|\[response-property-described-otherwise|\[request-property-forbidden/,
    ours: B,
    theirs: [R, C],
    reason: "What held for the property before was another schema, or nothing is allowed now.",
  },
  {
    pairs: /\[request-property-became-required|\[request-required-property-no-longer-read-only/,
    ours: B,
    theirs: [C],
    reason: "A request without the property is refused; a default does not change what is required.",
  },
  {
    pairs: /\[response-property-became-optional/,
    ours: B,
    theirs: [C],
    reason: "The required property stood in an allOf that is gone.",
  },
  {
    pairs: /\[request-schema-narrowed|\[response-schema-widened|\[response-any-of-member-added/,
    ours: B,
    theirs: [C],
    reason: "The schema accepts less in requests, or allows more in responses.",
  },
  {
    pairs: /\[(request|response)-schema-changed|\[response-enum-value-added/,
    ours: R,
    theirs: [C, B],
    reason:
      "Not proved, so it is risky; a new value of a response may be met by a consumer that knows the old ones.",
  },
  {
    pairs: /\[request-default-changed/,
    ours: B,
    theirs: [C],
    reason: "Whoever leaves it out gets another result without notice, in a body as in a parameter.",
  },
  {
    pairs: /\[(request|response)-default-/,
    ours: R,
    theirs: [B, C],
    reason: "Nothing is refused, but whoever leaves it out, or reads it, may get another result.",
  },
  {
    pairs: /\[(request|response)-constraint-changed/,
    ours: R,
    theirs: [B],
    reason: "Whether another condition accepts less is not worked out.",
  },
  {
    pairs: /\[(request|response)-discriminator-changed/,
    ours: R,
    theirs: [C],
    reason: "Code that is generated from the discriminator reads another property.",
  },
  {
    pairs: /\[(request|response)-format-hint-changed/,
    ours: R,
    theirs: [B],
    reason: "No validator knows the format.",
  },
  {
    pairs: /\[request-type-stated|\[response-type-not-stated/,
    ours: R,
    theirs: [B],
    reason: "The properties said already that it is an object; only other types are affected.",
  },
  {
    pairs: /\[response-enum-removed/,
    ours: R,
    theirs: [B, C],
    reason: "The same as new values: a consumer that knows only the old ones may fail.",
  },
  {
    pairs: /\[request-property-(became-read-only|restricted)/,
    ours: R,
    theirs: [C],
    reason: "A consumer that sends the property may be refused or no longer heard.",
  },
  {
    pairs: /\[response-property-(added-to-closed-object|became-write-only)/,
    ours: R,
    theirs: [C],
    reason: "A consumer that validates refuses the new property, or misses the old one.",
  },
  {
    pairs: /\[response-required-property-became-write-only/,
    ours: B,
    theirs: [C],
    reason: "The property was always there and is not sent any more.",
  },
  {
    pairs: /\[response-success-status-added/,
    ours: R,
    theirs: [C],
    reason: "A consumer that waits for the documented status may take another one for a failure.",
  },
  {
    pairs: /\[request-parameter-moved/,
    ours: B,
    theirs: [R],
    reason: "The consumer sends it where nobody reads it.",
  },
  {
    pairs: /\[request-media-type-removed/,
    ours: B,
    theirs: [C, R],
    reason: "A form with a file has another media type, which oasdiff compares only when one stays.",
  },
  {
    pairs: /\[path-removed/,
    ours: B,
    theirs: [C],
    reason: "A deprecated operation works until it is gone; then its consumers get an error.",
  },
  {
    pairs: /\[operation-id-/,
    ours: R,
    theirs: [C],
    reason: "Code that is generated from the operationId no longer compiles.",
  },
  {
    pairs: /\[security-(alternative-removed|scheme-added|scope-added|added)/,
    ours: B,
    theirs: [R, C],
    reason: "A consumer with only the old credentials is refused.",
  },
];

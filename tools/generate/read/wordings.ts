import type { Json, JsonObject } from "../../../contracts/openapi/json.ts";
import type { Severity } from "./problem.ts";
import type { Dialect } from "./shapes.ts";

// What a value is read as that the standard writes in another way.

/** The name of a value's type, as JSON Schema has it. */
export function typeName(value: Json): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
}

export function asText(value: Json): string | undefined {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : undefined;
}

export function asNumber(value: Json): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value !== "string" || value.trim() === "") return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

/** YAML 1.1 has more words for true and false. */
export function asBoolean(value: Json): boolean | undefined {
  if (typeof value === "boolean") return value;
  if (typeof value !== "string") return undefined;
  if (/^(true|yes|on|y)$/i.test(value)) return true;
  return /^(false|no|off|n)$/i.test(value) ? false : undefined;
}

const TYPES = ["array", "boolean", "integer", "null", "number", "object", "string"];

/** Names of types that other languages and tools have. */
const MEANT: Record<string, string> = {
  ...{
    str: "string",
    text: "string",
    char: "string",
    date: "string",
    datetime: "string",
    "date-time": "string",
  },
  ...{ uuid: "string", uri: "string", url: "string", email: "string", password: "string", byte: "string" },
  ...{
    enum: "string",
    binary: "string",
    bool: "boolean",
    int: "integer",
    int32: "integer",
    int64: "integer",
  },
  ...{
    long: "integer",
    short: "integer",
    float: "number",
    double: "number",
    decimal: "number",
    numeric: "number",
  },
  ...{ list: "array", map: "object", dict: "object", hash: "object", json: "object", nil: "null" },
};

/** The types that a `type` means. */
export function asTypes(
  value: Json,
  dialect: Dialect,
): { types: string[]; isExact: boolean; format?: string } {
  const written = Array.isArray(value) ? value : [value];
  const types = written.flatMap((one) => {
    if (typeof one !== "string") return [];
    if (TYPES.includes(one) || (one === "file" && dialect === "2.0")) return one;
    const name = one.toLowerCase();
    return TYPES.includes(name) ? name : Object.hasOwn(MEANT, name) ? MEANT[name]! : [];
  });
  const unique = [...new Set(types)];
  const isExact = unique.length === written.length && unique.every((type, index) => type === written[index]);
  return { types: unique, isExact };
}

const IN_2_0 = ["query", "header", "path", "formData", "body"];
const IN_3 = ["query", "header", "path", "cookie"];
const STYLES = ["matrix", "label", "form", "simple", "spaceDelimited", "pipeDelimited", "deepObject"];
const FORMATS = ["csv", "ssv", "tsv", "pipes", "multi"];

const CHOICES_3: Record<string, string[]> = {
  "parameter.in": IN_3,
  "parameter.style": STYLES,
  "header.style": ["simple"],
  "scheme.type": ["apiKey", "http", "oauth2", "openIdConnect", "mutualTLS"],
  "scheme.in": ["query", "header", "cookie"],
};

/** The words that a field allows, by shape and field. */
export const CHOICES: Record<Dialect, Record<string, string[]>> = {
  "2.0": {
    "parameter.in": IN_2_0,
    "parameter.collectionFormat": FORMATS,
    "header.collectionFormat": FORMATS,
    "textItems.collectionFormat": FORMATS,
    "scheme.type": ["basic", "apiKey", "oauth2"],
    "scheme.in": ["query", "header"],
    "scheme.flow": ["implicit", "password", "application", "accessCode"],
  },
  "3.0": CHOICES_3,
  "3.1": CHOICES_3,
};

/** The word that another one means: letters of another case, or hyphens. */
export function chosen(allowed: string[], word: string): string | undefined {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[^a-z]/g, "");
  return allowed.find((one) => plain(one) === plain(word));
}

type Make = (holder: JsonObject, file: string) => Json | undefined;

/** What stands for a required field that is missing; without one its object is left out. */
export const MISSING: Record<string, Make> = {
  "root.info": (_, file) => ({ title: file.replace(/^.*[/\\]/, ""), version: "0.0.0" }),
  "root.paths": () => ({}),
  "info.title": (_, file) => file.replace(/^.*[/\\]/, ""),
  "info.version": () => "0.0.0",
  "operation.responses": () => ({ default: { description: "" } }),
  "response.description": () => "",
  "license.name": () => "",
  "server.url": () => "/",
  "variable.default": ({ enum: values }) => (Array.isArray(values) ? (values[0] ?? "") : ""),
  "flow.scopes": () => ({}),
};

/** Where components of a shape stand. */
export const SECTIONS: Record<Dialect, Record<string, string[]>> = {
  "2.0": { schema: ["definitions"], parameter: ["parameters"], response: ["responses"] },
  ...both({
    schema: ["components", "schemas"],
    parameter: ["components", "parameters"],
    response: ["components", "responses"],
    header: ["components", "headers"],
    example: ["components", "examples"],
    body: ["components", "requestBodies"],
    link: ["components", "links"],
    callback: ["components", "callbacks"],
    scheme: ["components", "securitySchemes"],
  }),
};

/** Shapes that stand for themselves in every place: what a reference leads to takes its place. */
export const NO_SECTION: Partial<Record<Dialect, string[]>> = { "2.0": ["header", "textItems"] };

function both<Value>(value: Value): Record<"3.0" | "3.1", Value> {
  return { "3.0": value, "3.1": value };
}

// What no value can be compared with.

type Useless = { keyword: string; message: string; severity: Severity };

/** Keywords that assert nothing without another one. A compiler of schemas takes them for a mistake. */
const COMPANIONS: [keyword: string, companions: string[]][] = [
  ["if", ["then", "else"]],
  ["then", ["if"]],
  ["else", ["if"]],
  ["minContains", ["contains"]],
  ["maxContains", ["contains"]],
];

const COUNTS = [
  ...["maxLength", "minLength", "maxItems", "minItems", "maxProperties", "minProperties"],
  ...["minContains", "maxContains"],
];

/** The keywords of a schema that no value can be compared with. */
export function uselessKeywords(schema: JsonObject): Useless[] {
  const has = (keyword: string) => Object.hasOwn(schema, keyword);
  const alone = COMPANIONS.filter(([keyword, companions]) => has(keyword) && !companions.some(has));
  const counts = COUNTS.filter((keyword) => has(keyword) && !isCount(schema[keyword]));
  return [
    ...alone.map(([keyword, companions]): Useless => {
      const message = `\`${keyword}\` asserts nothing without \`${companions.join("` or `")}\`.`;
      return { keyword, message, severity: "note" };
    }),
    ...counts.map((keyword): Useless => {
      const message = `\`${keyword}\` must be a whole number from 0, not ${JSON.stringify(schema[keyword])}.`;
      return { keyword, message, severity: "warning" };
    }),
    ...(has("multipleOf") && !(Number(schema.multipleOf) > 0)
      ? [
          {
            keyword: "multipleOf",
            message: `\`multipleOf\` must be more than 0, not ${JSON.stringify(schema.multipleOf)}.`,
            severity: "warning" as const,
          },
        ]
      : []),
  ];
}

function isCount(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 0;
}

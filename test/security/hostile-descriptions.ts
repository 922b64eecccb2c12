import { execFileSync } from "node:child_process";
import { mkdir, symlink, truncate, writeFile } from "node:fs/promises";

/** The head of a description. */
export const head = 'openapi: 3.0.3\ninfo: { title: t, version: "1" }\npaths: {}\n';
const names = Array.from({ length: 12 }, (_, index) => `l${index}`);
/** Ten aliases of the line above in each line. */
const laughs = (line: (name: string, above: string[]) => string) =>
  names
    .map((name, index) => line(name, index === 0 ? [] : Array(10).fill(`*${names[index - 1]}`)))
    .join("\n");

/** A file, as text or as what makes it, and the problem that it is refused for. */
type Case = [title: string, make: string | ((file: string) => unknown), problem: string];

/** Files that are refused at their place. */
export const refused: Case[] = [
  ["a device without end", (file) => symlink("/dev/zero", file), "1:1 This is not a regular file."],
  ["a device of random bytes", (file) => symlink("/dev/urandom", file), "1:1 This is not a regular file."],
  ["a terminal or none", (file) => symlink("/dev/null", file), "1:1 This is not a regular file."],
  ["a pipe without a writer", (file) => execFileSync("mkfifo", [file]), "1:1 This is not a regular file."],
  ["a directory", (file) => mkdir(file), "1:1 This is a directory, not a file."],
  ["a link to itself", (file) => symlink(file, file), "1:1 The file cannot be read (ELOOP)."],
  ["a link to nothing", (file) => symlink(`${file}.gone`, file), "1:1 The file is not there."],
  [
    "a sparse file of a terabyte",
    async (file) => {
      await writeFile(file, head);
      await truncate(file, 1e12);
    },
    "1:1 The file is larger than 50000000 bytes; --max-spec-size allows more.",
  ],
  [
    "lists of aliases",
    `${head}x:\n${laughs((name, above) => `  ${name}: &${name} [${above}]`)}\n`,
    "The aliases of the file stand for more than 100000 values.",
  ],
  [
    "maps of aliases",
    `${head}x:\n${laughs((name, above) => `  ${name}: &${name} {${above.map((alias, key) => `k${key}: ${alias}`)}}`)}\n`,
    "The aliases of the file stand for more than 100000 values.",
  ],
  [
    "one long text behind many aliases of a list",
    `${head}x-a: &a [${"a,".repeat(2000)}]\nx-b: [${"*a,".repeat(2000)}]\n`,
    "The aliases of the file stand for more than 100000 values.",
  ],
  ["an alias inside itself", `${head}x: &a [*a]\n`, "4:9 The alias contains itself."],
  ["an alias inside itself, in a map", `${head}x: &a { b: { c: *a } }\n`, "The alias contains itself."],
  [
    "a chain of aliases",
    `${head}${Array.from({ length: 200 }, (_, i) => `x-${i}: &a${i} [${i === 0 ? "" : `*a${i - 1}`}]\n`).join("")}`,
    "The nesting exceeds 100 levels.",
  ],
  ["deep lists", `${head}x: ${"[".repeat(100_000)}`, "YAML syntax: nesting exceeded maxDepth (100)."],
  [
    "deep JSON",
    `{"openapi":"3.0.3","x":${'{"a":'.repeat(100_000)}`,
    "JSON syntax: nesting exceeded 100 levels.",
  ],
  ["a key __proto__", `${head}x: { __proto__: { a: 1 } }\n`, "The key __proto__ cannot be used"],
  ["a key __proto__ in JSON", `{"openapi":"3.0.3","__proto__":{}}`, "1:20 The key __proto__ cannot be used"],
  ["zero bytes", `${head}x: "\0"\n`, "YAML syntax: "],
  [
    "another encoding",
    (file) => writeFile(file, Buffer.from([0xff, 0xfe, 0x61, 0])),
    "1:1 The bytes here are not UTF-8",
  ],
  ["nothing", "", "1:1 The file is empty."],
  ["a private key", "-----BEGIN PRIVATE KEY-----\nAAAA\n", "spec."],
];

type Schema = Record<string, unknown>;

/** A description whose one response is the schema `L0`. */
function described({
  schemas = { L0: {} },
  path = "/a",
  operation = {},
  type = "application/json",
  root = {},
}: {
  schemas?: Record<string, Schema>;
  path?: string;
  operation?: Schema;
  type?: string;
  root?: Schema;
}): string {
  const content = { [type]: { schema: { $ref: "#/components/schemas/L0" } } };
  const get = { operationId: "a", responses: { 200: { description: "ok", content } }, ...operation };
  return JSON.stringify({
    openapi: "3.0.3",
    info: { title: "t", version: "1" },
    ...root,
    paths: { [path]: { get } },
    components: { schemas },
  });
}

/** Schemas of which each refers to the next. */
function levels(count: number, schemaOf: (next: Schema) => Schema): Record<string, Schema> {
  const names = Array.from({ length: count }, (_, level) => `L${level}`);
  const chain = names.map((name, level) => [name, schemaOf({ $ref: `#/components/schemas/L${level + 1}` })]);
  return { ...Object.fromEntries(chain), [`L${count}`]: { type: "string" } };
}

const many = <Each>(count: number, make: (index: number) => Each) =>
  Array.from({ length: count }, (_, index) => make(index));
const text = { type: "string" };

/** Small descriptions of much, each with the problem that it is refused for, or none where code is made of it. */
export const bombs: [title: string, document: string, problem?: string][] = [
  ["allOf of twice the next", described({ schemas: levels(30, (next) => ({ allOf: [next, next] })) })],
  ["anyOf of twice the next", described({ schemas: levels(30, (next) => ({ anyOf: [next, next] })) })],
  [
    "oneOf of the next and a list of it",
    described({ schemas: levels(30, (next) => ({ oneOf: [next, { type: "array", items: next }] })) }),
  ],
  [
    "properties of twice the next",
    described({ schemas: levels(30, (next) => ({ type: "object", properties: { a: next, b: next } })) }),
  ],
  [
    "required properties of twice the next",
    described({
      schemas: levels(30, (next) => ({
        type: "object",
        required: ["a", "b"],
        properties: { a: next, b: next },
      })),
    }),
  ],
  [
    "items and a property of the next",
    described({
      schemas: levels(30, (next) => ({
        type: "object",
        properties: { a: { type: "array", minItems: 2, items: next }, b: next },
      })),
    }),
  ],
  [
    "additional properties of the next",
    described({
      schemas: levels(30, (next) => ({
        type: "object",
        properties: { a: next },
        additionalProperties: next,
      })),
    }),
  ],
  ["not of twice the next", described({ schemas: levels(30, (next) => ({ not: { anyOf: [next, next] } })) })],
  [
    "a discriminator of twice the next",
    described({
      schemas: levels(20, (next) => ({
        oneOf: [next, next],
        discriminator: { propertyName: "t", mapping: { a: next.$ref, b: next.$ref } },
      })),
    }),
  ],
  [
    "a parameter of twice the next",
    described({
      schemas: levels(30, (next) => ({ type: "object", properties: { a: next, b: next } })),
      operation: { parameters: [{ name: "q", in: "query", schema: { $ref: "#/components/schemas/L0" } }] },
    }),
  ],
  [
    "lists of lists of a hundred",
    described({ schemas: levels(8, (next) => ({ type: "array", minItems: 100, items: next })) }),
  ],
  [
    "a list of at least a billion",
    described({ schemas: { L0: { type: "array", minItems: 1e9, items: text } } }),
  ],
  [
    "a text of at least a billion characters",
    described({ schemas: { L0: { type: "string", minLength: 1e9 } } }),
  ],
  [
    "a schema that holds itself twice",
    described({
      schemas: {
        L0: {
          type: "object",
          properties: { a: { $ref: "#/components/schemas/L0" }, b: { $ref: "#/components/schemas/L0" } },
        },
      },
    }),
  ],
  [
    "a schema that is all of itself",
    described({ schemas: { L0: { allOf: [{ $ref: "#/components/schemas/L0" }] } } }),
  ],
  ["a reference to a reference, 1000 times", described({ schemas: levels(1000, (next) => next) })],
  [
    "a chain of 2000 properties",
    described({ schemas: levels(2000, (next) => ({ type: "object", properties: { a: next } })) }),
    "call stack",
  ],
  ["a path of 100,000 braces", described({ path: `/${"{".repeat(100_000)}` }), "The path "],
  ["a path of 30,000 parameters", described({ path: `/${"{a}".repeat(30_000)}` }), "The path "],
  [
    "a path of 100,000 slashes",
    described({ path: `${"/".repeat(100_000)}a` }),
    "The path is longer than 2000 characters.",
  ],
  [
    "a pattern of 100,000 parentheses",
    described({ schemas: { L0: { type: "string", pattern: "(".repeat(50_000) + ")".repeat(50_000) } } }),
    "The pattern is longer than 5000 characters.",
  ],
  [
    "a pattern of 20,000 options",
    described({ schemas: { L0: { type: "string", pattern: "a?".repeat(20_000) } } }),
    "The pattern is longer than 5000 characters.",
  ],
  [
    "a pattern of repeated repetitions",
    described({ schemas: { L0: { type: "string", pattern: "^(a{1,1000}){1,1000}$" } } }),
  ],
  [
    "3,000 parameters",
    described({
      operation: { parameters: many(3000, (index) => ({ name: `p${index}`, in: "query", schema: text })) },
    }),
    "parameters has more than 500 members.",
  ],
  [
    "2,000 headers",
    described({
      operation: {
        responses: {
          200: {
            description: "ok",
            headers: Object.fromEntries(many(2000, (index) => [`X-${index}`, { schema: text }])),
          },
        },
      },
    }),
    "headers has more than 500 members.",
  ],
  [
    "oneOf of 2,000",
    described({ schemas: { L0: { oneOf: many(2000, (index) => ({ required: [`p${index}`] })) } } }),
    "oneOf has more than 500 members.",
  ],
  [
    "allOf of 2,000",
    described({
      schemas: { L0: { allOf: many(2000, (index) => ({ properties: { [`p${index}`]: text } })) } },
    }),
    "allOf has more than 500 members.",
  ],
  ["an enum of 30,000", described({ schemas: { L0: { enum: many(30_000, (index) => `v${index}`) } } })],
  [
    "an example of 10,000 properties",
    described({
      schemas: {
        L0: { type: "object", example: Object.fromEntries(many(10_000, (index) => [`k${index}`, index])) },
      },
    }),
  ],
  [
    "a default of a million characters",
    described({ schemas: { L0: { type: "string", default: "x".repeat(1e6) } } }),
  ],
  [
    "500 statuses",
    described({
      operation: {
        responses: Object.fromEntries(many(500, (index) => [String(100 + index), { description: "x" }])),
      },
    }),
  ],
  ["an operationId of 200,000 characters", described({ operation: { operationId: "a-".repeat(100_000) } })],
  [
    "a property of 100,000 braces",
    described({ schemas: { L0: { type: "object", properties: { ["{".repeat(100_000)]: text } } } }),
  ],
  [
    "a parameter of 50,000 brackets",
    described({
      operation: {
        parameters: [{ name: "[".repeat(50_000), in: "query", schema: { type: "array", items: text } }],
      },
    }),
  ],
  [
    "a description that ends 100,000 comments",
    described({ schemas: { L0: { description: "*/".repeat(100_000) } } }),
  ],
  [
    "a server of 100,000 braces",
    described({ root: { servers: [{ url: `http://h/${"{".repeat(100_000)}` }] } }),
  ],
  [
    "a media type of 100,000 blanks",
    described({ type: `a/${" ".repeat(100_000)}b` }),
    "The responses cannot be written: invalid media type.",
  ],
];

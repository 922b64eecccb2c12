import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { contractOf } from "../../tools/commands/mock-spec.ts";
import { generate } from "../../tools/generate/generate.ts";
import { SpecError } from "../../tools/generate/read/problem.ts";

const head = 'openapi: 3.0.3\ninfo: { title: t, version: "1" }\npaths: {}\n';
/** Enough for every refusal on a busy machine; what it is about took minutes, or did not end. */
const limitMs = 5_000;

const names = Array.from({ length: 12 }, (_, index) => `l${index}`);
/** Ten aliases of the line above in each line. */
const laughs = (line: (name: string, above: string[]) => string) =>
  names
    .map((name, index) => line(name, index === 0 ? [] : Array(10).fill(`*${names[index - 1]}`)))
    .join("\n");

type Case = [title: string, make: string | ((file: string) => unknown), problem: string];

const cases: Case[] = [
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

it.each(cases)("is refused at its place: %s", { timeout: 30_000 }, async (_, make, problem) => {
  const folder = await mkdtemp(join(tmpdir(), "hostile-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const isJson = typeof make === "string" && make.startsWith("{");
  const spec = join(folder, isJson ? "spec.json" : "spec.yaml");
  if (typeof make === "string") await writeFile(spec, make);
  else await make(spec);

  for (const read of [() => generate({ spec, out: join(folder, "out") }), () => contractOf({ spec })]) {
    const began = performance.now();
    const error = await read().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SpecError);
    expect((error as SpecError).message.replaceAll(`${folder}/`, "")).toContain(problem);
    expect((error as SpecError).message).toMatch(/spec\.\w+:\d+:\d+ /);
    expect(performance.now() - began).toBeLessThan(limitMs);
  }
});

it.each(["spec", "overlay"])("--max-spec-size holds for the %s", async (file) => {
  const folder = await mkdtemp(join(tmpdir(), "hostile-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, "spec.yaml"), `${head}${file === "spec" ? `# ${"a".repeat(500)}` : ""}\n`);
  await writeFile(join(folder, "overlay.yaml"), `overlay: 1.0.0\n# ${"a".repeat(500)}\n`);
  const options = {
    spec: join(folder, "spec.yaml"),
    overlay: join(folder, "overlay.yaml"),
    out: join(folder, "out"),
  };
  await expect(generate({ ...options, maxSpecSize: 300 })).rejects.toThrow(
    `${file}.yaml:1:1 The file is larger than 300 bytes; --max-spec-size allows more.`,
  );
});

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { collectResponses } from "../../mocks/prism/responses.ts";
import { contractOf } from "../../tools/commands/mock-spec.ts";
import { generate } from "../../tools/generate/generate.ts";
import { SpecError } from "../../tools/generate/read/problem.ts";
import { processorSeconds } from "../lab/bench/servers/process-cost.ts";
import { bombs, head, refused } from "./hostile-descriptions.ts";

/** Enough for every refusal on a busy machine; what it is about took minutes, or did not end. */
const limitMs = 5_000;

it.each(refused)("is refused at its place: %s", { timeout: 30_000 }, async (_, make, problem) => {
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

/** Those that hung before; `test/lab/hostile` measures all, each in a process of its own. */
const hung = /^(allOf|properties|required|a list of at least|a path|a pattern of 1|oneOf of 2|a reference)/;
it.each(bombs.filter(([title]) => hung.test(title)))("ends soon: %s", async (_, document, problem) => {
  const folder = await mkdtemp(join(tmpdir(), "hostile-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const spec = join(folder, "spec.json");
  await writeFile(spec, document);
  const before = process.cpuUsage();
  const made = await generate({ spec, out: join(folder, "out"), collectResponses }).then(
    () => undefined,
    (error: Error) => error,
  );
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1000).toBeLessThan(limitMs);
  expect(made?.message.replaceAll(`${folder}/`, "") ?? "").toMatch(problem ? /^spec\.json:\d+:\d+ / : /^$/);
  expect(made?.message ?? "").toContain(problem ?? "");
});

it("a signal ends a generation that is busy", async () => {
  const folder = await mkdtemp(join(tmpdir(), "hostile-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const operations = Array.from({ length: 2000 }, (_, index) => [
    `/p${index}`,
    { get: { responses: { 200: { description: "ok" } } } },
  ]);
  await writeFile(
    join(folder, "spec.json"),
    JSON.stringify({
      openapi: "3.0.3",
      info: { title: "t", version: "1" },
      paths: Object.fromEntries(operations),
    }),
  );
  const args = [
    "tools/commands/necid.ts",
    "generate",
    "--spec",
    join(folder, "spec.json"),
    "--out",
    join(folder, "out"),
  ];
  const child = spawn(process.execPath, args, {
    stdio: "ignore",
    env: { ...process.env, XDG_CACHE_HOME: folder },
  });
  const ended = once(child, "exit");
  // Until it is busy: what it has read then is more than a start takes.
  await expect
    .poll(() => processorSeconds(child.pid!), { timeout: 20_000, interval: 20 })
    .toBeGreaterThan(0.8);
  const began = performance.now();
  child.kill("SIGINT");
  expect(await ended).toEqual([null, "SIGINT"]);
  expect(performance.now() - began).toBeLessThan(1_000);
  expect(await readdir(folder)).not.toContain("out");
});

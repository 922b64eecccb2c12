import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { cleanUpAtEnd } from "../../../tools/process/clean-up.ts";
import { sourceFiles } from "../../lab/house/imports.ts";
import { workspace } from "../workspace.ts";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

async function emptyFolder(): Promise<string> {
  return (await workspace({})).path("");
}

async function ended(how: string, signal?: NodeJS.Signals) {
  const parent = await emptyFolder();
  const program = resolve(import.meta.dirname, "ending-process.ts");
  const child = spawn(process.execPath, [program, parent, how], { stdio: ["ignore", "pipe", "ignore"] });
  const exit = once(child, "exit");
  if (signal) {
    await once(child.stdout, "data");
    expect(readdirSync(parent).length).toBe(2);
    child.kill(signal);
  }
  const [code, by] = await exit;
  return { end: code ?? by, left: readdirSync(parent) };
}

test.each<[how: string, end: number, signal?: NodeJS.Signals]>([
  ["success", 0],
  ["failure", 1],
  ["exit", 4],
  ["listener", 3, "SIGINT"],
])("temporary folders are removed: %s", async (how, end, signal) => {
  expect(await ended(how, signal)).toEqual({ end, left: [] });
});

test.each(signals)("temporary folders are removed, and %s ends the process as ever", async (signal) => {
  expect(await ended("waiting", signal)).toEqual({ end: signal, left: [] });
});

test("what was cleaned up is not cleaned up again, and nobody listens any more", () => {
  const before = signals.map((signal) => process.listenerCount(signal));
  const done: string[] = [];
  const one = cleanUpAtEnd(() => done.push("one"));
  const two = cleanUpAtEnd(() => done.push("two"));
  one();
  one();
  two();
  expect(done).toEqual(["one", "two"]);
  expect(signals.map((signal) => process.listenerCount(signal))).toEqual(before);
});

/** A command with a temporary folder, as it is started in a folder of its own, and the name of that folder. */
const commands: [name: string, prepare: (folder: string) => string[], temporary: string][] = [
  [
    "diff",
    (folder) => {
      const git = (...args: string[]) =>
        execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@example.com", ...args], {
          cwd: folder,
        });
      git("init", "--quiet");
      git("add", "--all");
      git("commit", "--quiet", "--message=one");
      // A `tar` that waits for the end of the command.
      mkdirSync(join(folder, "bin"));
      writeFileSync(
        join(folder, "bin/tar"),
        "#!/bin/sh\nwhile kill -0 $PPID 2>/dev/null; do sleep 0.02; done\n",
      );
      chmodSync(join(folder, "bin/tar"), 0o755);
      return ["diff", "HEAD:spec/api.json", "spec/api.json"];
    },
    "necid-diff-",
  ],
  ["update", () => ["update", "vendor.json", "--spec", "spec/api.json", "--dry-run"], ".update-"],
];
const cases = commands.flatMap((command) => signals.map((signal) => [...command, signal] as const));

test.each(cases)(
  "the temporary folder of %s is gone after a signal",
  async (_, prepare, temporary, signal) => {
    const folder = await emptyFolder();
    mkdirSync(join(folder, "spec"));
    mkdirSync(join(folder, "temporary"));
    writeFileSync(join(folder, "spec/api.json"), description({ $ref: "thing.json" }));
    writeFileSync(join(folder, "spec/thing.json"), '{ "type": "object" }');
    writeFileSync(join(folder, "vendor.json"), description({ type: "object" }));
    const args = prepare(folder);

    const child = spawn(process.execPath, [resolve("tools/commands/necid.ts"), ...args], {
      cwd: folder,
      stdio: "ignore",
      env: {
        ...process.env,
        TMPDIR: join(folder, "temporary"),
        PATH: `${join(folder, "bin")}:${process.env.PATH}`,
      },
    });
    const exit = once(child, "exit");
    const names = () => readdirSync(join(folder, "temporary"));
    await expect.poll(names, { interval: 1 }).toEqual([expect.stringContaining(temporary)]);
    child.kill(signal);
    expect(await exit).toEqual([null, signal]);
    expect(names()).toEqual([]);
  },
);

function description(schema: object): string {
  const responses = { 200: { description: "", content: { "application/json": { schema } } } };
  const paths = { "/things": { get: { operationId: "getThing", responses } } };
  return JSON.stringify({ openapi: "3.0.3", info: { title: "Things", version: "1" }, paths });
}

test("no other file of the product makes a temporary folder", () => {
  const files = [...sourceFiles(), "tools/commands/start.js"].filter((file) =>
    /^(contracts|mocks|tools)\//.test(file),
  );
  expect(files.every((file) => existsSync(file))).toBe(true);
  expect(files.filter((file) => readFileSync(file, "utf8").includes("mkdtemp"))).toEqual([
    "tools/process/clean-up.ts",
  ]);
});

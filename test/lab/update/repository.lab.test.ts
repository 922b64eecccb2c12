import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

/** Updates in a clean checkout of this repository, with all that an update checks. */

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "checkout-"));
  execFileSync("git", ["clone", "--quiet", "--shared", resolve("."), folder]);
  symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function update(...args: string[]) {
  const command = ["tools/commands/start.js", "update", ...args];
  const ran = spawnSync(process.execPath, command, { cwd: folder, encoding: "utf8", maxBuffer: 2 ** 26 });
  return { code: ran.status, stdout: ran.stdout, stderr: ran.stderr };
}

function changedFiles(): string {
  return execFileSync("git", ["status", "--porcelain", "--", "spec", "generated"], {
    cwd: folder,
    encoding: "utf8",
  });
}

const green = /types: ok\npacts: ok\nverification of the mock: ok\n$/;
const v11 = ["spec/necid-v1.1.yaml", "--spec", "spec/necid-v1.yaml"];
const withOverlay = [...v11, "--new-overlay", "spec/necid-v1.1.overlay.yaml"];

test("v1.1 from v1, and v1 from v1.1: the report is right and the project green", () => {
  const forth = update("spec/necid-v1.1.yaml");
  expect([forth.code, forth.stderr]).toEqual([0, ""]);
  expect(forth.stdout).toMatch(
    /^spec\/necid-v1\.yaml → spec\/necid-v1\.1\.yaml, generated in generated\/necid-v1\.1\n/,
  );
  expect(forth.stdout).toContain("Corrections\n  100 of 100 still apply\n");
  expect(forth.stdout).toContain("  6 breaking, 3 risky, 27 compatible\n");
  expect(forth.stdout).toContain("  ApiSubjectsByIdPut: id is now subjectId\n");
  expect(forth.stdout).toContain("necid-client-necid-v1.json: a request to register a face\n");
  expect(forth.stdout).toMatch(green);
  const back = update("spec/necid-v1.yaml");
  expect([back.code, back.stderr]).toEqual([0, ""]);
  expect(back.stdout).toContain("  ApiSubjectsByIdPut: subjectId is now id\n");
  expect(back.stdout).toMatch(green);
  expect(changedFiles()).toBe("");
});

test("v1.1 in the place of v1: what must be mended is listed, and nothing is changed", () => {
  const { code, stdout, stderr } = update(...withOverlay);
  expect(code).toBe(1);
  expect(stdout).toMatch(/types: not ok\npacts: not ok\nverification of the mock: not ok\n$/);
  expect(stderr).toMatch(/^test\/mocks\/necid\/service\.flows\.test\.ts:\d+:\d+ .*subjectId.* \(TS2345\)$/m);
  expect(stderr).toMatch(/\nThe old files are back, and nothing was changed\. .*\n$/);
  expect(changedFiles()).toBe("");
});

test("v1.1 in the place of v1, kept, and back: the project is green", () => {
  expect(update(...withOverlay, "--keep").code).toBe(1);
  expect(changedFiles()).toContain(" M spec/necid-v1.yaml\n");
  const kept = mkdtempSync(join(tmpdir(), "vendor-"));
  const committed = (file: string) => {
    writeFileSync(join(kept, file), execFileSync("git", ["show", `HEAD:spec/${file}`], { cwd: folder }));
    return join(kept, file);
  };
  try {
    const overlay = committed("necid-v1.overlay.yaml");
    const args = ["--spec", "spec/necid-v1.yaml", "--new-overlay", overlay];
    const back = update(committed("necid-v1.yaml"), ...args);
    expect([back.code, back.stderr]).toEqual([0, ""]);
    expect(back.stdout).toMatch(green);
    expect(changedFiles()).toBe("");
  } finally {
    rmSync(kept, { recursive: true });
  }
});

test("a version that is not there yet is added beside the others", () => {
  const git = (...args: string[]) => execFileSync("git", args, { cwd: folder });
  const files = ["spec/necid-v1.1.yaml", "spec/necid-v1.1.overlay.yaml", "generated/necid-v1.1"];
  const kept = mkdtempSync(join(tmpdir(), "vendor-"));
  try {
    execFileSync("cp", [join(folder, files[0]!), join(folder, files[1]!), kept]);
    // What the client and the mock of v1.1 need is missing until the update has brought it.
    for (const file of files) rmSync(join(folder, file), { recursive: true });
    const { code, stdout, stderr } = update(
      ...[join(kept, "necid-v1.1.yaml"), "--new-overlay", join(kept, "necid-v1.1.overlay.yaml")],
    );
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("\nspec/necid-v1.1.yaml and generated/necid-v1.1 are replaced.\n");
    expect(stdout).toMatch(green);
    expect(changedFiles()).toBe("");
  } finally {
    git("checkout", "--quiet", "--", "spec", "generated");
    rmSync(kept, { recursive: true });
  }
});

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { createRandom } from "../../../mocks/random/random.ts";
import { recover } from "../../../tools/update/replacement.ts";
import { workspace } from "../../tools/workspace.ts";

const kills = 20;

test(`${kills} SIGKILLs at random moments leave the old state or the new one whole`, async () => {
  const { path, args, state, complete } = await project();
  complete("v1.1");
  const next = state();
  const began = performance.now();
  complete("v1");
  const took = performance.now() - began;
  const old = state();

  const random = createRandom(process.env.KILL_SEED ?? "kills");
  for (let kill = 1; kill <= kills; kill++) {
    const child = spawn(process.execPath, args("v1.1"), { stdio: "ignore" });
    await wait(random() * took);
    child.kill("SIGKILL");
    if (child.exitCode === null && child.signalCode === null) await once(child, "close");
    // The start of the next command.
    recover(path("generated"), { project: path("") });
    const found = state();
    expect([old, next]).toContainEqual(found);
    if (found[0] !== old[0]) complete("v1");
  }
  complete("v1.1");
  expect([state(), readdirSync(path("generated"))]).toEqual([next, ["spec"]]);
}, 300_000);

test("a SIGKILL at each rename leaves the old state or the new one whole", async () => {
  const { path, args, state, complete } = await project();
  complete("v1.1");
  const next = state();
  complete("v1");
  const old = state();
  const kill = ["--import", resolve("test/lab/update/kill-at-rename.ts")];
  let renames = 0;
  for (; ; renames++) {
    const env = { ...process.env, KILL_AT_RENAME: String(renames + 1) };
    const { signal } = spawnSync(process.execPath, [...kill, ...args("v1.1")], { env });
    if (signal === null) break;
    recover(path("generated"), { project: path("") });
    expect([old, next]).toContainEqual(state());
    if (state()[0] !== old[0]) complete("v1");
  }
  expect(renames).toBeGreaterThan(9);
  expect([state(), readdirSync(path("generated"))]).toEqual([next, ["spec"]]);
}, 300_000);

async function project() {
  const read = (file: string) => readFileSync(`spec/${file}`, "utf8");
  const { path } = await workspace({
    "spec.yaml": read("necid-v1.yaml"),
    "spec.overlay.yaml": read("necid-v1.overlay.yaml"),
  });
  const args = (version: string) => [
    "tools/commands/necid.ts",
    "update",
    `spec/necid-${version}.yaml`,
    ...["--spec", path("spec.yaml"), "--out", path("generated/spec"), "--tests", path("*.test.ts")],
    ...["--new-overlay", `spec/necid-${version}.overlay.yaml`],
  ];
  const state = () => [
    readFileSync(path("spec.yaml"), "utf8"),
    readFileSync(path("spec.overlay.yaml"), "utf8"),
    ...readdirSync(path("generated/spec")).map((name) =>
      readFileSync(path(`generated/spec/${name}`), "utf8"),
    ),
  ];
  const complete = (version: string) => expect(spawnSync(process.execPath, args(version)).status).toBe(0);
  return { path, args, state, complete };
}

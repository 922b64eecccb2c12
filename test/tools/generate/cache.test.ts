import { readdir, writeFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { cachedGeneration } from "../../../tools/generate/cache.ts";
import type { Generated } from "../../../tools/generate/generate.ts";
import { workspace } from "../workspace.ts";

/** Counts how often a run generates: it writes one file, and leaves the given result. */
async function counted(result: Partial<Generated> = {}) {
  const { path, put } = await workspace({ "spec.yaml": "a: 1\n", "overlay.yaml": "b: 1\n" });
  let made = 0;
  const run = async (cache = path("cache")) => {
    const { unchanged = false } = await cachedGeneration(
      { spec: path("spec.yaml"), overlay: path("overlay.yaml"), out: path("") },
      cache,
      async () => {
        made += 1;
        await writeFile(path("made.json"), "{}");
        return { written: ["made.json"], stale: [], warnings: [], ...result };
      },
    );
    return { made, unchanged };
  };
  return { path, put, run };
}

const first = { made: 1, unchanged: false };
const skipped = { made: 1, unchanged: true };
const again = { made: 2, unchanged: false };

it("a second run with nothing new is skipped and gives what the first gave", async () => {
  const { path } = await workspace({ "spec.yaml": "a: 1\n", "made.json": "{}" });
  const warning = { file: "spec.yaml", line: 1, column: 1, message: "odd", severity: "warning" as const };
  const generated = { written: ["made.json"], stale: [], warnings: [warning] };
  const run = (make: () => Promise<Generated>) =>
    cachedGeneration({ spec: path("spec.yaml"), out: path("") }, path("cache"), make);
  await run(async () => generated);
  expect(await run(() => Promise.reject(new Error("made again")))).toEqual({ ...generated, unchanged: true });
});

it.each([
  ["nothing", {}, skipped],
  ["the spec", { "spec.yaml": "a: 2\n" }, again],
  ["the overlay", { "overlay.yaml": "b: 2\n" }, again],
  ["a file that was made", { "made.json": "mine" }, again],
])("after a change of %s", async (_, change, second) => {
  const { put, run } = await counted();
  expect(await run()).toEqual(first);
  await put(change);
  expect(await run()).toEqual(second);
  expect((await run()).unchanged).toBe(true);
});

it("what is left stale is not cached", async () => {
  const { run } = await counted({ stale: ["made.json"] });
  expect([await run(), await run()]).toEqual([first, again]);
});

it("a spec that refers to other files is made each time", async () => {
  const { run } = await counted({ usesOtherFiles: true });
  expect([await run(), await run()]).toEqual([first, again]);
});

it("a folder that cannot be written to costs time, nothing else", async () => {
  const { path, run } = await counted();
  const inAFile = path("spec.yaml/cache");
  expect([await run(inAFile), await run(inAFile)]).toEqual([first, again]);
});

it("a cache entry that cannot be read is ignored", async () => {
  const { path, run } = await counted();
  await run();
  for (const entry of await readdir(path("cache"))) await writeFile(path(`cache/${entry}`), "{");
  expect(await run()).toEqual(again);
});

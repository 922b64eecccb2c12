import { execFile } from "node:child_process";
import { chmod, chown, lstat, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import { cacheFolder } from "../../contracts/trust/cache-folder.ts";

const run = promisify(execFile);
const isRoot = process.getuid?.() === 0;

async function home(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "cache-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

type Prepare = (base: string) => unknown;

async function folder(path: string, mode: number) {
  await mkdir(path, { recursive: true });
  await chmod(path, mode);
}

/** `base` is what `XDG_CACHE_HOME` names. */
const refused: [title: string, prepare: Prepare][] = [
  ["that others can write to", (base) => folder(join(base, "necid"), 0o777)],
  ["that the group can write to", (base) => folder(join(base, "necid"), 0o770)],
  ["that others can read", (base) => folder(join(base, "necid"), 0o755)],
  ["that others can enter", (base) => folder(join(base, "necid"), 0o711)],
  ["that is sticky and open, as the temporary folder is", (base) => folder(join(base, "necid"), 0o1777)],
  [
    "that is a symbolic link",
    async (base) => {
      await folder(join(base, "other"), 0o700);
      await symlink("other", join(base, "necid"));
    },
  ],
  ["that is a symbolic link to nothing", (base) => symlink("gone", join(base, "necid"))],
  ["that is a file", (base) => writeFile(join(base, "necid"), "")],
  ["below one that others can write to", (base) => chmod(base, 0o777)],
  ["below one that the group can write to", (base) => chmod(base, 0o770)],
  [
    "below a file",
    async (base) => {
      await rm(base, { recursive: true });
      await writeFile(base, "");
    },
  ],
];

/** Only root can give folders away. */
const foreign: [title: string, prepare: Prepare][] = [
  [
    "of another user",
    async (base) => {
      await folder(join(base, "necid"), 0o700);
      await chown(join(base, "necid"), 65_534, 65_534);
    },
  ],
  ["below one of another user", (base) => chown(base, 65_534, 65_534)],
];

describe("a cache folder", () => {
  it.each([...refused, ...(isRoot ? foreign : [])])("is not used %s", async (_, prepare) => {
    const base = join(await home(), "base");
    await mkdir(base, { mode: 0o700 });
    await prepare(base);
    expect(cacheFolder({ XDG_CACHE_HOME: base })).toBeUndefined();
  });

  it.each<[title: string, env: (base: string) => Record<string, string>, path: string]>([
    ["below XDG_CACHE_HOME", (base) => ({ XDG_CACHE_HOME: join(base, "a") }), "a/necid"],
    ["below the home folder", (base) => ({ HOME: base }), ".cache/necid"],
    [
      "below the home folder, XDG_CACHE_HOME empty",
      (base) => ({ HOME: base, XDG_CACHE_HOME: "" }),
      ".cache/necid",
    ],
    [
      "below the home folder, XDG_CACHE_HOME relative",
      (base) => ({ HOME: base, XDG_CACHE_HOME: "a" }),
      ".cache/necid",
    ],
  ])("is made for its user alone %s", async (_, env, path) => {
    const base = await home();
    expect(cacheFolder(env(base))).toBe(join(base, path));
    expect((await lstat(join(base, path))).mode & 0o777).toBe(0o700);
    expect(cacheFolder(env(base))).toBe(join(base, path));
  });

  it.each([{ HOME: "" }, { HOME: "relative" }, { HOME: "/dev/null" }, { HOME: "/proc" }])(
    "is not there without a home: %o",
    (env) => {
      expect(cacheFolder(env)).toBeUndefined();
    },
  );
});

describe("the command line", () => {
  it.each([
    [0o700, true],
    [0o777, false],
  ])("keeps compiled code in a folder of the mode %o: %s", async (mode, keeps) => {
    const base = await home();
    await folder(join(base, "necid"), mode);
    await mkdir(join(base, "tmp"));
    const env = { PATH: process.env.PATH, XDG_CACHE_HOME: base, TMPDIR: join(base, "tmp") };
    await run(process.execPath, ["tools/commands/necid.ts", "--version"], { env });
    expect((await readdir(join(base, "necid"))).includes("compiled")).toBe(keeps);
    expect(await readdir(join(base, "tmp"))).toEqual([]);
  });
});

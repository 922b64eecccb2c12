import { execFile } from "node:child_process";
import { hash } from "node:crypto";
import { existsSync, globSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { gunzipSync } from "node:zlib";
import { choose, type Rule } from "./choose.ts";

const run = promisify(execFile);

/** A package with the description files that are chosen from it: path and SHA-256. */
export type Package = { from: string; integrity: string; beside?: string[]; files: Record<string, string> };

/** A description file of a package, as it lies in the cache folder. */
export type Description = { from: string; path: string; file: string };

/** A package could not be fetched, or is not the one of `files.json`. */
export class PackageFetchError extends Error {
  readonly code = "PACKAGE_FETCH";

  constructor(message: string) {
    super(message);
    this.name = "PackageFetchError";
  }
}

/** The chosen files: `files.json` beside this file. */
export function chosenPackages(): Package[] {
  return JSON.parse(readFileSync(filesJson, "utf8"));
}

export const filesJson = join(import.meta.dirname, "files.json");

/**
 * Gets the chosen files of a package from the npm registry, unless an earlier run did. Only these files are kept.
 * @param options.folder where they are kept.
 * @throws {PackageFetchError} when the package cannot be downloaded, or something is not what `files.json` says.
 */
export async function fetchPackage(
  { from, integrity, beside = [], files }: Package,
  { folder, say }: { folder: string; say(line: string): void },
): Promise<Description[]> {
  const kept = join(folder, from.replaceAll("/", "+"));
  const fileOf = (path: string) => join(kept, path.replace(/\.gz$/, ""));
  const paths = Object.keys(files);
  if (!paths.every((path) => existsSync(fileOf(path)))) {
    say(`Downloading ${from} …`);
    const others = paths.filter((path) => !beside.some((above) => path.startsWith(`${above}/`)));
    await unpacked(from, [...beside, ...others], async (unpackedFolder, archive) => {
      if (integrityOf(archive) !== integrity)
        throw new PackageFetchError(`${from} is not the package of files.json: its integrity differs.`);
      for (const path of paths) if (path.endsWith(".gz")) await gunzip(join(unpackedFolder, path));
      await rm(kept, { recursive: true, force: true });
      await mkdir(dirname(kept), { recursive: true });
      await run("cp", ["-r", unpackedFolder, kept]);
    });
  }
  for (const path of paths) {
    if (hash("sha256", await readFile(fileOf(path))) === files[path]) continue;
    throw new PackageFetchError(`${fileOf(path)} is not the file of files.json. Remove it and start again.`);
  }
  return paths.map((path) => ({ from, path, file: fileOf(path) }));
}

/** Downloads a package and chooses files of it by a rule. */
export async function choosePackage(rule: Rule): Promise<Package> {
  const { from, beside } = rule;
  return unpacked(from, ["."], async (folder, archive) => {
    const names = (await readdir(folder, { recursive: true })).map((name) => name.replaceAll("\\", "/"));
    const files: Record<string, string> = {};
    for (const path of choose(names, rule)) {
      const bytes = await readFile(join(folder, path));
      files[path] = hash("sha256", path.endsWith(".gz") ? gunzipSync(bytes) : bytes);
    }
    return { from, integrity: integrityOf(archive), ...(beside && { beside }), files };
  });
}

/** Unpacks parts of a package into a folder that is there while `use` runs. `npm pack` checks the registry's hash. */
async function unpacked<Result>(
  from: string,
  parts: string[],
  use: (folder: string, archive: Buffer) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), "corpus-package-"));
  try {
    await run("npm", ["pack", from, "--silent", "--pack-destination", folder], { cwd: folder });
    const [name] = globSync("*.tgz", { cwd: folder });
    const archive = join(folder, name!);
    // Some archives call their folder otherwise than `package`.
    await mkdir(join(folder, "package"));
    const inside = parts.flatMap((part) => (part === "." ? [] : [`package/${part}`]));
    await run("tar", ["-xzf", archive, ...inside], { cwd: folder });
    return await use(join(folder, "package"), await readFile(archive));
  } catch (error) {
    if (error instanceof PackageFetchError) throw error;
    const [line] = (error as Error).message.split("\n");
    throw new PackageFetchError(`${from} could not be fetched from the npm registry: ${line}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function integrityOf(archive: Buffer): string {
  return `sha512-${hash("sha512", archive, "base64")}`;
}

async function gunzip(file: string): Promise<void> {
  const plain = join(dirname(file), basename(file, ".gz"));
  await writeFile(`${plain}.part`, gunzipSync(await readFile(file)));
  await rename(`${plain}.part`, plain);
  await rm(file);
}

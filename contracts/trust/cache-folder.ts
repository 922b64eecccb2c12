import { lstatSync, mkdirSync, realpathSync, statSync } from "node:fs";
import module from "node:module";
import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";

/**
 * The folder for what the commands keep from one run to the next: `necid` below `XDG_CACHE_HOME`, or below
 * `~/.cache`. It is made where it is missing. What lies in it is run as code, so that it is used only where nobody
 * else can write.
 *
 * @returns `undefined` where there is no such folder; then nothing is kept.
 * @see https://specifications.freedesktop.org/basedir-spec/latest/
 */
export function cacheFolder(env: Record<string, string | undefined>): string | undefined {
  try {
    const base = baseFolder(env);
    const folder = join(base, "necid");
    make(base);
    make(folder);
    return isPrivate(folder) ? folder : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Keeps the compiled code of the modules that are loaded from now on for the next start, in `compiled` below the cache
 * folder, or in the folder that NODE_COMPILE_CACHE names. NODE_DISABLE_COMPILE_CACHE turns it off.
 */
export function keepCompiledCode(env: Record<string, string | undefined>): void {
  const folder = cacheFolder(env);
  if (folder !== undefined) module.enableCompileCache?.(join(folder, "compiled"));
}

/**
 * Writes what `keepCompiledCode` keeps, soon and once more when requests may have loaded the rest. Node itself writes it
 * when a process ends, which one that is killed never does: a mock in a container, or a runner's child.
 */
export function writeCompiledCodeSoon(): void {
  for (const delayMs of [100, 2000]) setTimeout(() => module.flushCompileCache?.(), delayMs).unref();
}

/** Not with `recursive`: that does not end where a folder is there and nothing can be made in it, as in `/proc`. */
function make(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

function baseFolder({ XDG_CACHE_HOME, LOCALAPPDATA, HOME = homedir() }: Record<string, string | undefined>) {
  // A relative path is not valid, and is ignored.
  if (XDG_CACHE_HOME && isAbsolute(XDG_CACHE_HOME)) return XDG_CACHE_HOME;
  if (process.platform === "win32" && LOCALAPPDATA) return LOCALAPPDATA;
  if (!isAbsolute(HOME)) throw new Error("no home");
  return join(HOME, ".cache");
}

/** Whether a folder is this user's, and nobody else can read it, write to it or put another one in its place. */
function isPrivate(folder: string): boolean {
  // Windows has no modes; the folder stands below the user's own there.
  const user = process.getuid?.();
  if (user === undefined) return lstatSync(folder).isDirectory();

  const status = lstatSync(folder);
  if (!status.isDirectory() || status.uid !== user || (status.mode & 0o077) !== 0) return false;
  let above = dirname(realpathSync(folder));
  for (;;) {
    const { uid, mode } = statSync(above);
    const isSticky = (mode & 0o1000) !== 0;
    if (uid !== user && uid !== 0) return false;
    if ((mode & 0o022) !== 0 && !isSticky) return false;
    if (above === dirname(above)) return true;
    above = dirname(above);
  }
}

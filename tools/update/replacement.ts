import { randomUUID } from "node:crypto";
import {
  constants,
  copyFileSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, resolve, sep } from "node:path";
import { cleanUpAtEnd } from "../process/clean-up.ts";

/** Files of a project that take the place of others, all of them or none. */
export type Replacement = {
  /** Where new files are made. */
  folder: string;
  /** A name for a new file beside the one whose place it will take. It is removed with what was prepared. */
  draftOf(file: string): string;
  /** Puts each `staged` file in the place of `file`. They may be on different file systems. */
  replace(files: readonly StagedFile[]): void;
  /** Keeps a copy of a folder that another program is about to write to. */
  keep(folder: string): void;
  /** Makes the new files final. Until then `takeBack`, and `recover` after a kill, restore the old ones. */
  finish(): void;
  /** Restores all that was replaced or kept, and removes what was prepared. */
  takeBack(): void;
};

export type StagedFile = { file: string; staged: string };

/** `drafts` are to be removed; `entries` say what was there before. */
type Journal = { entries: Entry[]; drafts: string[] };

/** `copy` is a name in the folder of the replacement. It is missing where nothing was there. */
type Entry = { path: string; kind: "file" | "folder"; copy?: string };

/** Another process is replacing the same files. */
export class ReplacementRunningError extends Error {
  readonly code = "REPLACEMENT_RUNNING";
  readonly pid: number;
  readonly folder: string;

  constructor(pid: number, folder: string) {
    super(
      `Another update is running, process ${pid}. Wait for its end. If that process is no update, remove ${folder} after a look at what is in it.`,
    );
    this.name = "ReplacementRunningError";
    this.pid = pid;
    this.folder = folder;
  }
}

/** A journal that no update of this project wrote, or none that can be read. */
export class ForeignJournalError extends Error {
  readonly code = "JOURNAL_FOREIGN";

  constructor(folder: string, reason: string) {
    super(
      `${join(folder, JOURNAL)} ${reason}. Nothing was restored. Start it in the folder of the project, or remove ${folder} after a look at what is in it.`,
    );
    this.name = "ForeignJournalError";
  }
}

const JOURNAL = "journal.json";
const NAME = /^\.update-(\d+)-[0-9a-f]{8}$/;

/**
 * Prepares a replacement in a folder of its own below `parent`.
 *
 * The journal is on disk before the first file is replaced, and so is a copy of each old file. It is removed when
 * the replacement is final. A process that is killed in between leaves the journal, with which `recover` restores
 * the old files.
 */
export function createReplacement(parent: string): Replacement {
  const folder = join(parent, `.update-${process.pid}-${randomUUID().slice(0, 8)}`);
  const takeBack = cleanUpAtEnd(() => void restore(folder));
  mkdirSync(folder, { recursive: true });
  const journal: Journal = { entries: [], drafts: [] };
  const save = () => writeWhole(join(folder, JOURNAL), JSON.stringify(journal));

  function draftOf(file: string): string {
    const draft = join(dirname(file), `.${basename(file)}.${basename(folder).slice(1)}`);
    journal.drafts.push(resolve(draft));
    save();
    return draft;
  }

  function remember(path: string, kind: Entry["kind"]): void {
    const entry: Entry = { path: resolve(path), kind };
    if (existsSync(path)) {
      entry.copy = `old-${journal.entries.length}`;
      cpSync(path, join(folder, entry.copy), { recursive: true });
    }
    journal.entries.push(entry);
    save();
  }

  return {
    folder,
    draftOf,
    replace(files) {
      for (const { file } of files) remember(file, "file");
      const drafted = files.map(({ file, staged }) => ({ file, staged, draft: draftOf(file) }));
      for (const { staged, draft } of drafted) {
        mkdirSync(dirname(draft), { recursive: true });
        if (staged !== draft) copyFileSync(staged, draft, constants.COPYFILE_EXCL);
      }
      for (const { file, draft } of drafted) renameSync(draft, file);
    },
    keep: (path) => remember(path, "folder"),
    finish() {
      rmSync(join(folder, JOURNAL), { force: true });
      // Nothing is to be restored any more.
      takeBack();
    },
    takeBack,
  };
}

/**
 * Restores what a killed replacement left half done below `parent`, and removes its folder. A project that comes from
 * somebody else may bring a journal of its own: one that names a file outside the project is refused.
 *
 * @param options.project the folder of the project.
 * @default options.project the working directory
 * @returns whether there was one that had begun to replace files.
 * @throws {ReplacementRunningError} when its process still runs.
 * @throws {ForeignJournalError} before anything is restored.
 */
export function recover(parent: string, { project = process.cwd() } = {}): boolean {
  const left = namesIn(parent).filter((name) => NAME.test(name));
  for (const name of left) {
    const pid = Number(NAME.exec(name)![1]);
    if (pid !== process.pid && isRunning(pid)) throw new ReplacementRunningError(pid, join(parent, name));
  }
  for (const name of left) refuseForeign(join(parent, name), realpathSync(project));
  return left.map((name) => restore(join(parent, name))).includes(true);
}

function refuseForeign(folder: string, project: string): void {
  const file = join(folder, JOURNAL);
  const found = lstatSync(file, { throwIfNoEntry: false });
  if (!found) return;
  if (!found.isFile()) throw new ForeignJournalError(folder, "is not a regular file");
  const journal = read(file);
  if (!journal) throw new ForeignJournalError(folder, "is no journal of an update");
  const paths = [...journal.entries.map(({ path }) => path), ...journal.drafts];
  const foreign = paths.find((path) => !realFolder(path).startsWith(`${project}${sep}`));
  if (foreign !== undefined) throw new ForeignJournalError(folder, `names ${foreign}, outside ${project}`);
}

function read(file: string): Journal | undefined {
  try {
    const journal = JSON.parse(readFileSync(file, "utf8")) as Journal;
    const { entries, drafts } = journal;
    const isEntry = ({ path, kind, copy }: Entry) =>
      typeof path === "string" &&
      (kind === "file" || kind === "folder") &&
      (copy === undefined || /^old-\d+$/.test(copy));
    return entries.every(isEntry) && drafts.every((draft) => typeof draft === "string") ? journal : undefined;
  } catch {
    return undefined;
  }
}

/** The path of a file whose folders may be links, or not there any more. */
function realFolder(path: string): string {
  const folder = dirname(resolve(path));
  const isTop = folder === dirname(folder);
  const real = existsSync(folder) || isTop ? realpathSync(folder) : realFolder(folder);
  return join(real, basename(path));
}

/** None where it is no folder, or cannot be read. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** A kill in between does no harm: what is restored twice is the same. */
function restore(folder: string): boolean {
  const file = join(folder, JOURNAL);
  const { entries, drafts }: Journal = existsSync(file)
    ? JSON.parse(readFileSync(file, "utf8"))
    : { entries: [], drafts: [] };
  for (const entry of entries.toReversed()) restoreEntry(folder, entry);
  for (const draft of drafts) rmSync(draft, { force: true });
  rmSync(file, { force: true });
  rmSync(folder, { recursive: true, force: true });
  return entries.length > 0;
}

function restoreEntry(folder: string, { path, kind, copy }: Entry): void {
  if (copy === undefined || kind === "folder") rmSync(path, { recursive: true, force: true });
  if (copy === undefined) removeIfEmpty(dirname(path));
  else if (kind === "folder") cpSync(join(folder, copy), path, { recursive: true });
  else {
    const draft = join(dirname(path), `.${basename(path)}.${basename(folder).slice(1)}`);
    copyFileSync(join(folder, copy), draft);
    renameSync(draft, path);
  }
}

function removeIfEmpty(folder: string): void {
  if (existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder);
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** A reader finds the old text or the new one, also after a kill. */
function writeWhole(file: string, text: string): void {
  const draft = `${file}.draft`;
  writeFileSync(draft, text);
  renameSync(draft, file);
}

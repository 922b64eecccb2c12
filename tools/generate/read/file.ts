import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";

/** How large a description file may be unless `--max-spec-size` says otherwise, in bytes. */
export const DEFAULT_MAX_SPEC_SIZE = 50_000_000;

/** A file that is not read. The message is one sentence that fits behind the name of the file. */
export class UnreadableFileError extends Error {
  readonly code = "FILE_UNREADABLE";
  /** The system's code, `ENOENT`, where the system gave one. */
  readonly reason: string | undefined;

  constructor(message: string, reason?: string) {
    super(message);
    this.name = "UnreadableFileError";
    this.reason = reason;
  }
}

/**
 * Reads a regular file of at most `maxBytes`. A device, a pipe and a socket are refused without a byte read: they
 * may have no end, or wait for a writer.
 * @throws {UnreadableFileError}
 */
export function readRegularFile(file: string, maxBytes: number): Buffer {
  const handle = open(file);
  try {
    const status = fstatSync(handle);
    if (status.isDirectory()) throw new UnreadableFileError("This is a directory, not a file.", "EISDIR");
    if (!status.isFile()) throw new UnreadableFileError("This is not a regular file.");
    if (status.size > maxBytes) throw new UnreadableFileError(tooLarge(maxBytes));
    return readAll(handle, { size: status.size, maxBytes });
  } finally {
    closeSync(handle);
  }
}

function open(file: string): number {
  try {
    // Without O_NONBLOCK the opening of a pipe waits for a writer. Windows does not have it.
    return openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    const { code = "unknown" } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") throw new UnreadableFileError("The file is not there.", code);
    throw new UnreadableFileError(`The file cannot be read (${code}).`, code);
  }
}

/** A file of the proc file system has the size 0 and content all the same. A file may also grow while it is read. */
function readAll(handle: number, { size, maxBytes }: { size: number; maxBytes: number }): Buffer {
  const chunks: Buffer[] = [];
  for (let total = 0; ; ) {
    const chunk = Buffer.allocUnsafe(Math.max(size - total, 0) + 4096);
    const count = readSync(handle, chunk);
    if (count === 0) return Buffer.concat(chunks);
    total += count;
    if (total > maxBytes) throw new UnreadableFileError(tooLarge(maxBytes));
    chunks.push(chunk.subarray(0, count));
  }
}

function tooLarge(maxBytes: number): string {
  return `The file is larger than ${maxBytes} bytes; --max-spec-size allows more.`;
}

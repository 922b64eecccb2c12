import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { JsonObject } from "../../contracts/openapi/json.ts";
import { formatPointer, type Tokens } from "../../contracts/openapi/pointer.ts";
import { readApiGateway } from "../generate/read/api-gateway.ts";
import {
  bundleDocument,
  parseDocument,
  readDocument,
  refersElsewhere,
  type SpecDocument,
} from "../generate/read/document.ts";
import { refusedReferences } from "../generate/read/lint.ts";
import { createLocator } from "../generate/read/locate.ts";
import { applyOverlay } from "../generate/read/overlay.ts";
import { type Problem, SpecError } from "../generate/read/problem.ts";
import { redocly } from "../generate/read/redocly.ts";
import { accessOf } from "../generate/read/references.ts";
import { upgrade } from "../generate/read/upgrade.ts";
import type { Dialect } from "./schema/pool.ts";

/** 1-based. */
export type FileLine = { file: string; line: number };

/** One side of a comparison as read: the document, and where its values were written. */
export type Source = {
  document: JsonObject;
  dialect: Dialect;
  locate: (tokens: Tokens) => FileLine;
};

const run = promisify(execFile);

/**
 * Reads one side: a file, or a file of a git revision (`HEAD~1:spec/api.yaml`), as it is written, faults included.
 * With an overlay it is upgraded to OpenAPI 3.1 first and completed.
 * @throws {SpecError} when it cannot be read, or an action of the overlay matches nothing.
 */
export async function readSource(name: string, overlay?: string): Promise<Source> {
  const { base, value } = await readBase(name);
  if (base.kind === "overlay") throw refusal(name, "This is an overlay; give it with --overlay.");
  if (overlay !== undefined) return completed(base, value, overlay);
  return {
    document: value,
    dialect: base.kind === "swagger" ? "2.0" : base.version.startsWith("3.0") ? "3.0" : "3.1",
    locate: (tokens) => ({ file: base.file, line: base.locate(formatPointer(tokens), "key").line }),
  };
}

async function completed(base: SpecDocument, value: JsonObject, overlay: string): Promise<Source> {
  const { base: completion } = await readBase(overlay);
  if (completion.kind !== "overlay") throw refusal(overlay, "This is not an overlay.");
  const { openapi: upgraded } = await upgrade(value);
  const { openapi, traces } = await applyOverlay(upgraded, completion);
  const { locate, locateProblem } = createLocator(openapi, { base, overlay: completion, traces });
  return {
    document: openapi,
    dialect: "3.1",
    locate: (tokens) => {
      const { file, line } = locate(tokens) ?? locateProblem(formatPointer(tokens), "");
      return { file, line };
    },
  };
}

type Base = { base: SpecDocument; value: JsonObject };

async function readBase(name: string): Promise<Base> {
  const [, revision, path] = existsSync(name) ? [] : (/^([^:]+):(.+)$/.exec(name) ?? []);
  if (revision === undefined || path === undefined) {
    const base = readApiGateway(await readDocument(name));
    return { base, value: await bundled(base) };
  }
  const base = readApiGateway(await parseDocument(name, await git(name, ["show", `${revision}:${path}`])));
  if (!refersElsewhere(base)) return { base, value: base.value };
  const folder = await mkdtemp(join(tmpdir(), "necid-diff-"));
  try {
    const archive = join(folder, "revision.tar");
    await git(name, ["archive", "--output", archive, revision]);
    await run("tar", ["-xf", archive, "-C", folder]);
    return { base, value: await bundled({ ...base, file: join(folder, path) }, name) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @throws {SpecError} with each reference that leads out of the folder of the file. */
async function bundled(document: SpecDocument, name = document.file): Promise<JsonObject> {
  if (!refersElsewhere(document)) return document.value;
  const access = accessOf(document.file);
  const refused = refusedReferences(await redocly(), document, access);
  if (refused.length === 0) return bundleDocument(document, access);
  throw new SpecError(
    refused.map(({ pointer, message }) => ({
      file: name,
      ...document.locate(pointer),
      message,
      severity: "error",
    })),
  );
}

async function git(name: string, options: string[]): Promise<string> {
  try {
    // Archives hold every file of the tree, wherever the command is started.
    const { stdout: top } = await run("git", ["rev-parse", "--show-toplevel"]);
    const { stdout } = await run("git", options, { cwd: top.trim(), maxBuffer: 2 ** 30 });
    return stdout;
  } catch (error) {
    const { stderr = "", message } = error as { stderr?: string; message: string };
    const reason = (stderr.trim() || message).replace(/^fatal: /, "").split("\n")[0]!;
    throw refusal(name, `git cannot read it: ${reason.replace(/\.$/, "")}.`);
  }
}

function refusal(file: string, message: string): SpecError {
  const problem: Problem = { file, line: 1, column: 1, message, severity: "error" };
  return new SpecError([problem]);
}

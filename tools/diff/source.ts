import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { JsonObject } from "../../contracts/openapi/json.ts";
import { formatPointer, type Tokens } from "../../contracts/openapi/pointer.ts";
import { readApiGateway } from "../generate/read/api-gateway.ts";
import { correctBase, upgradeDocument } from "../generate/read/contract.ts";
import { readDescription } from "../generate/read/description.ts";
import {
  parseDocument,
  readDocument,
  refersElsewhere,
  type SpecDocument,
} from "../generate/read/document.ts";
import { createLocator } from "../generate/read/locate.ts";
import { type OriginIndex, originAt, placeOf } from "../generate/read/origins.ts";
import { applyOverlay } from "../generate/read/overlay.ts";
import { type Problem, SpecError } from "../generate/read/problem.ts";
import { accessOf } from "../generate/read/references.ts";
import { withTemporaryFolder } from "../process/clean-up.ts";
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
  const { base, value, index } = await readBase(name);
  if (base.kind === "overlay") throw refusal(name, "This is an overlay; give it with --overlay.");
  if (overlay !== undefined) return completed({ ...base, value }, overlay);
  return {
    document: value,
    dialect: base.kind === "swagger" ? "2.0" : base.version.startsWith("3.0") ? "3.0" : "3.1",
    locate: (tokens) => {
      if (!index) return { file: base.file, line: base.locate(formatPointer(tokens), "key").line };
      const { file, line } = placeOf(originAt(index, tokens), "key");
      return { file, line };
    },
  };
}

async function completed(base: SpecDocument, overlay: string): Promise<Source> {
  const { base: completion } = await readBase(overlay);
  if (completion.kind !== "overlay") throw refusal(overlay, "This is not an overlay.");
  const { openapi: upgraded, index } = await upgradeDocument(
    await correctBase(base, completion),
    accessOf(base.file),
  );
  const { openapi, traces } = await applyOverlay(upgraded, completion);
  const { locate, locateProblem } = createLocator(openapi, { index, overlay: completion, traces });
  return {
    document: openapi,
    dialect: "3.1",
    locate: (tokens) => {
      const { file, line } = locate(tokens) ?? locateProblem(formatPointer(tokens), "");
      return { file, line };
    },
  };
}

type Base = { base: SpecDocument; value: JsonObject; index?: OriginIndex };

async function readBase(name: string): Promise<Base> {
  const [, revision, path] = existsSync(name) ? [] : (/^([^:]+):(.+)$/.exec(name) ?? []);
  if (revision === undefined || path === undefined) {
    const base = readApiGateway(await readDocument(name));
    return bundled(base);
  }
  const base = readApiGateway(await parseDocument(name, await git(name, ["show", `${revision}:${path}`])));
  if (!refersElsewhere(base)) return { base, value: base.value };
  return withTemporaryFolder(join(tmpdir(), "necid-diff-"), async (folder) => {
    const archive = join(folder, "revision.tar");
    await git(name, ["archive", "--output", archive, revision]);
    await run("tar", ["-xf", archive, "-C", folder]);
    return { ...(await bundled({ ...base, file: join(folder, path) }, name)), base };
  });
}

/**
 * The document with the files that it refers to. One without such references stays as it is written, faults included.
 * @throws {SpecError} with each reference that cannot be followed.
 */
async function bundled(document: SpecDocument, name = document.file): Promise<Base> {
  if (document.kind === "overlay" || !refersElsewhere(document))
    return { base: document, value: document.value };
  const { value, origins, problems } = await readDescription(document, accessOf(document.file));
  const errors = problems.filter(({ severity }) => severity === "error");
  if (errors.length > 0)
    throw new SpecError(
      errors.map((problem) => ({ ...problem, file: problem.file.replace(document.file, name) })),
    );
  return { base: document, value, index: origins.index(value) };
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

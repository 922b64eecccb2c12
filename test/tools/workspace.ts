import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type GenerateCommand, type GenerateTerminal, runGenerate } from "../../tools/commands/generate.ts";

/** A folder of a test's own, inside the repository when its files must find `node_modules`. */
export async function workspace(files: Record<string, string>, parent = tmpdir()) {
  const folder = await mkdtemp(join(parent, "tools-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = (name: string) => join(folder, name);
  const put = async (more: Record<string, string | Uint8Array>) => {
    for (const [name, text] of Object.entries(more)) await writeFile(path(name), text);
  };
  await put(files);

  /** Runs the command on files of the folder and shows its output with paths relative to the folder. */
  const run = async (
    command: GenerateCommand = {},
    collectResponses?: GenerateTerminal["collectResponses"],
  ) => {
    let stdout = "";
    let stderr = "";
    const code = await runGenerate(
      {
        ...command,
        spec: path(command.spec ?? "spec.yaml"),
        overlay: command.overlay && path(command.overlay),
        out: path("out"),
      },
      { stdout: (text) => void (stdout += text), stderr: (text) => void (stderr += text), collectResponses },
    );
    const relative = (text: string) => text.replaceAll(`${folder}/`, "");
    return { code, stdout: relative(stdout), stderr: relative(stderr) };
  };
  const written = async () => (await readdir(path("out")).catch(() => [])).sort();
  return { path, put, run, written };
}

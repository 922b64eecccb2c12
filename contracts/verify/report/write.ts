import { randomUUID } from "node:crypto";
import { appendFile, mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { github } from "./github.ts";
import { html } from "./html.ts";
import { junit } from "./junit.ts";
import type { Report } from "./report.ts";

/**
 * Writes a redacted report to a folder as `report.json`, `junit.xml` and `report.html`. In a GitHub
 * workflow it also prints annotations and appends to the step summary.
 *
 * @param options.directory is created if it does not exist. Without it no file is written.
 * @param options.env `GITHUB_ACTIONS` and `GITHUB_STEP_SUMMARY`.
 */
export async function writeReport(
  report: Report,
  {
    directory,
    env,
    stdout,
  }: {
    directory?: string;
    env: Record<string, string | undefined>;
    stdout: (text: string) => void;
  },
): Promise<void> {
  if (directory !== undefined) await writeFiles(report, directory);
  if (env.GITHUB_ACTIONS !== "true") return;
  const { annotations, stepSummary } = github(report);
  stdout(annotations);
  if (env.GITHUB_STEP_SUMMARY) await appendFile(env.GITHUB_STEP_SUMMARY, stepSummary);
}

async function writeFiles(report: Report, directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  const texts = {
    "report.json": `${JSON.stringify(report, null, 2)}\n`,
    "junit.xml": junit(report),
    "report.html": html(report),
  };
  for (const [name, text] of Object.entries(texts)) {
    // Written under another name first: a reader never sees half a file.
    const draft = join(directory, `.${name}.${randomUUID()}`);
    await writeFile(draft, text, { flag: "wx" });
    await rename(draft, join(directory, name));
  }
}

import { appendFile, mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { github } from "./github.ts";
import { html } from "./html.ts";
import { junit } from "./junit.ts";
import type { Report } from "./report.ts";

/**
 * Writes a sealed report to a folder as `report.json`, `junit.xml` and `report.html`, and for GitHub where it
 * runs in a workflow: annotations on stdout, and its step summary.
 *
 * @param options.directory is made where it is missing; without one, no file is written.
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
  if (directory !== undefined) await writeForms(report, directory);
  if (env.GITHUB_ACTIONS !== "true") return;
  const { annotations, stepSummary } = github(report);
  stdout(annotations);
  if (env.GITHUB_STEP_SUMMARY) await appendFile(env.GITHUB_STEP_SUMMARY, stepSummary);
}

async function writeForms(report: Report, directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  const forms = {
    "report.json": `${JSON.stringify(report, null, 2)}\n`,
    "junit.xml": junit(report),
    "report.html": html(report),
  };
  for (const [name, text] of Object.entries(forms)) {
    // Whoever waits for the file never reads half of it.
    const draft = join(directory, `.${name}.${process.pid}`);
    await writeFile(draft, text);
    await rename(draft, join(directory, name));
  }
}

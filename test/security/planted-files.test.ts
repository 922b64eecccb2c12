import { existsSync, linkSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { writeReport } from "../../contracts/verify/report/write.ts";
import { openLedger } from "../../contracts/verify/run/ledger.ts";
import { lockLedger } from "../../contracts/verify/run/ledger-lock.ts";
import { startWorld } from "../../mocks/testing/start-world.ts";
import { savePact } from "../../mocks/world/pact-file.ts";
import { cachedGeneration } from "../../tools/generate/cache.ts";
import { writeFiles } from "../../tools/generate/output.ts";
import { createReplacement } from "../../tools/update/replacement.ts";
import { greenReport } from "../contracts/verify/report/sample.ts";
import { run, temporary } from "../tools/commands/terminal.ts";

/** A file that somebody writes: the names that others may foresee, and what writes it. */
type Written = [what: string, names: (pid: number) => string[], write: (folder: string) => unknown];

const drafts = (name: string) => (pid: number) =>
  [".tmp", ".new", ".draft", `.${pid}`, `.${pid}.tmp`, `.${pid}.new`].flatMap((end) => [
    `${name}${end}`,
    `.${name}${end}`,
  ]);

const written: Written[] = [
  [
    "the ledger",
    drafts("ledger.jsonl"),
    (folder) => openLedger(join(folder, "ledger.jsonl"), { target: "t", secretAccessKey: "s" }).close(),
  ],
  [
    "the lock of the ledger",
    (pid) => [...drafts("ledger.jsonl.lock")(pid), ...drafts("ledger.jsonl.lock.takeover")(pid)],
    (folder) => lockLedger(join(folder, "ledger.jsonl"))(),
  ],
  [
    "a report",
    (pid) => ["report.json", "junit.xml", "report.html"].flatMap((name) => [name, ...drafts(name)(pid)]),
    (folder) => writeReport(greenReport(), { directory: folder, env: {}, stdout() {} }),
  ],
  [
    "generated code",
    (pid) => drafts("client.js")(pid),
    (folder) => writeFiles(folder, { "client.js": "// Made\n" }),
  ],
  [
    "what a generation keeps",
    (pid) => drafts("entry.json")(pid),
    (folder) =>
      cachedGeneration(
        { spec: "spec/necid-v1.yaml", out: folder },
        folder,
        async () => ({ written: [], stale: [] }) as never,
      ),
  ],
  [
    "a pact",
    (pid) => drafts("pact.json")(pid),
    (folder) =>
      savePact(join(folder, "pact.json"), {
        consumer: { name: "c" },
        provider: { name: "p" },
        interactions: [],
        metadata: { pactSpecification: { version: "3.0.0" } },
      }),
  ],
  [
    "the files of an update",
    (pid) => drafts("client.js")(pid),
    (folder) => {
      const replacement = createReplacement(folder);
      const staged = join(replacement.folder, "staged");
      writeFileSync(staged, "new");
      replacement.replace([{ file: join(folder, "client.js"), staged }]);
      replacement.finish();
    },
  ],
  [
    "what a test covers",
    (pid) => [`${pid}.jsonl`, ...drafts(`${pid}.jsonl`)(pid)],
    async (folder) => {
      vi.stubEnv("NECID_COVERAGE", folder);
      onTestFinished(() => void vi.unstubAllEnvs());
      await (await startWorld()).close();
    },
  ],
];

describe.each(["a symbolic link", "a hard link"])("%s", (kind) => {
  test.each(written)(
    "under a foreseeable name is neither followed nor written through: %s",
    async (_, names, write) => {
      const folder = temporary("folder");
      mkdirSync(folder);
      const victim = temporary("victim");
      writeFileSync(victim, "untouched");
      for (const name of names(process.pid))
        (kind === "a hard link" ? linkSync : symlinkSync)(victim, join(folder, name));
      await write(folder);
      expect(readFileSync(victim, "utf8")).toBe("untouched");
    },
  );
});

test.each(["test/necid.test.ts", ".github/workflows/necid.yml"])(
  "a link to nothing in the place of %s is not followed when a project begins",
  async (name) => {
    const folder = temporary("project");
    const elsewhere = temporary("elsewhere");
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, "package.json"), "{}");
    symlinkSync(elsewhere, join(folder, name));
    const command = [resolve("tools/commands/necid.ts"), "init", "--runner", "vitest"];
    await expect(run(process.execPath, command, { cwd: folder })).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`${name} cannot be written (EEXIST)`),
    });
    expect(existsSync(elsewhere)).toBe(false);
  },
);

import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { readOperations } from "../../contracts/openapi/operations.ts";
import { createRouter } from "../../contracts/openapi/router.ts";
import { controlDescription } from "../../mocks/control/description.ts";
import { startMock } from "../../mocks/mock.ts";
import { readSnippets } from "./snippets.ts";

const run = promisify(execFile);
const commands = readSnippets("docs/control-api.md")
  .filter(({ mode, option }) => mode === "run" && option === "")
  .flatMap(({ text }) => text.split("\n"))
  .filter((line) => line.startsWith("curl -s "));

test("the page's calls, pasted one after another, all succeed", async () => {
  const folder = mkdtempSync(join(tmpdir(), "necid-control-"));
  const mock = await startMock({ stateFile: join(folder, "state.json") });
  try {
    for (const command of commands) {
      const line = command.replaceAll("127.0.0.1:4010", `127.0.0.1:${mock.port}`);
      const { stdout } = await run("sh", ["-c", `${line} -w '\\n%{http_code}'`]);
      expect({ command, status: stdout.split("\n").at(-1) }).toEqual({
        command,
        status: expect.stringMatching(/^20[014]$/),
      });
    }
  } finally {
    await mock.close();
    rmSync(folder, { recursive: true });
  }
});

test("the page has every control call", () => {
  const operations = readOperations(controlDescription);
  const route = createRouter(operations, "/__necid");
  const shown = commands.flatMap((command) =>
    [
      ...command.matchAll(
        /curl -s (?:-X ([A-Z]+) )?["']?http:\/\/127\.0\.0\.1:4010([\w/.-]+)(.*?(?= \| )|.*)/g,
      ),
    ].map(
      ([, method, path, rest]) =>
        route(method ?? (rest!.includes(" -d ") ? "POST" : "GET"), path!.replace(/\/$/, "/x"))?.operation.key,
    ),
  );
  expect([...new Set(shown)].toSorted()).toEqual(operations.map(({ key }) => key).toSorted());
});

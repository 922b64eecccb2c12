import { execFileSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { load as parseYaml } from "js-yaml";
import { expect, test } from "vitest";

const recipes = [
  ...globSync("docs/ci/*/*.yml"),
  ...globSync(".github/workflows/*.yml"),
  "action.yml",
  "compose.yaml",
].sort();

type Step = { uses?: string; run?: string };
type Job = { steps?: Step[]; script?: string[]; "timeout-minutes"?: number; timeout?: string };

test.each(recipes)("%s is YAML whose scripts bash can read", (file) => {
  const document = parseYaml(readFileSync(file, "utf8")) as Record<string, unknown>;
  const scripts = jobsOf(document).flatMap(scriptsOf);
  if (file !== "compose.yaml") expect(scripts.length).toBeGreaterThan(0);
  for (const script of scripts) {
    // Expressions of GitHub are replaced before bash sees them.
    execFileSync("bash", ["-n", "-c", script.replaceAll(/\$\{\{[^}]*\}\}/g, "x")]);
  }
});

test.each(recipes.filter((file) => file.startsWith("docs/ci/")))(
  "every job of %s has a limit of time",
  (file) => {
    const document = parseYaml(readFileSync(file, "utf8")) as Record<string, unknown>;
    const jobs = jobsOf(document);
    expect(jobs.length).toBeGreaterThan(0);
    expect(jobs.filter((job) => !job["timeout-minutes"] && !job.timeout)).toEqual([]);
  },
);

test("the recipes for GitHub ask for rights, and verify with a limit and secrets", () => {
  for (const file of globSync("docs/ci/github/*.yml")) {
    expect(parseYaml(readFileSync(file, "utf8"))).toMatchObject({
      permissions: { contents: expect.any(String) },
    });
  }
  const nightly = readFileSync("docs/ci/github/verify-nightly.yml", "utf8");
  expect(nightly).toContain("--max-calls");
  expect([...nightly.matchAll(/NECID_\w*KEY\w*: (.*)/g)].map(([, value]) => value)).toEqual(
    Array(4).fill(expect.stringMatching(/^\$\{\{ secrets\.\w+ \}\}$/)),
  );
});

const commands = [...recipes, "Dockerfile"].flatMap((file) =>
  [...readFileSync(file, "utf8").matchAll(/\bnecid(?:\.js")? (verify|mock|diff|generate)\b(.*)$/gm)].map(
    ([, verb, rest]) => [file, verb!, rest!.split(" -- ")[0]!] as const,
  ),
);

test.each(commands)("%s: necid %s has the options of%s", (_, verb, rest) => {
  const help = execFileSync(process.execPath, ["tools/commands/necid.ts", verb, "--help"], {
    encoding: "utf8",
  });
  const named = [...rest.matchAll(/--[a-z][a-z-]+/g)].map(([name]) => name);
  expect(named.filter((name) => !help.includes(`  ${name} `))).toEqual([]);
});

test("the image runs as a user without rights, is asked for its health, and handles signals itself", () => {
  const dockerfile = readFileSync("Dockerfile", "utf8");
  const last = dockerfile.slice(dockerfile.lastIndexOf("\nFROM "));
  expect(last).toMatch(/^USER node$/m);
  expect(last).toMatch(/^HEALTHCHECK .*\\\n {2}CMD \["node", /m);
  expect(last).toMatch(/^ENTRYPOINT \["node", /m);
  expect([...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image)).toEqual(
    Array(2).fill(expect.stringMatching(/^node:\d+\.\d+\.\d+-/)),
  );
});

test("the image holds every file that the mock reads", () => {
  const copied = [...readFileSync("Dockerfile", "utf8").matchAll(/^COPY --from=build \/build\/(\S+)/gm)];
  expect(copied.map(([, name]) => name)).toEqual(["package.json", "node_modules", "generated", "dist"]);
});

function jobsOf(document: Record<string, unknown>): Job[] {
  const { jobs, runs } = document as { jobs?: Record<string, Job>; runs?: Job };
  if (jobs) return Object.values(jobs);
  if (runs) return [runs];
  return Object.values(document).filter((value): value is Job =>
    Array.isArray((value as Job | null)?.script),
  );
}

function scriptsOf({ steps = [], script = [] }: Job): string[] {
  return [...steps.flatMap(({ run }) => run ?? []), ...script];
}

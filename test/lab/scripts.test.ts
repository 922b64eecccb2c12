import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { delimiter, resolve } from "node:path";
import { expect, test } from "vitest";

const { scripts, allowScripts }: { scripts: Record<string, string>; allowScripts: Record<string, boolean> } =
  JSON.parse(readFileSync("package.json", "utf8"));

/** npm runs these by itself, and nobody gives them options. */
const hooks = new Set(["prepack", "prepare"]);
/** Scripts that pass options on to another program, with how it says that there is no such option. */
const others: Record<string, RegExp> = {
  test: /Unknown option `--nonsense`/,
  "check:lab": /Unknown option `--nonsense`/,
  ends: /Unknown option `--nonsense`/,
  prism: /Unknown argument: nonsense/,
};
const names = Object.keys(scripts).filter((name) => !hooks.has(name));

type Ran = { code: number; stdout: string; stderr: string };

/** As `npm run NAME -- OPTION` does, without npm. */
function runScript(name: string, option: string): Promise<Ran> {
  const path = [resolve("node_modules/.bin"), process.env.PATH].join(delimiter);
  const { FORCE_COLOR: _, ...env }: NodeJS.ProcessEnv = { ...process.env, NO_COLOR: "1", PATH: path };
  return new Promise((done) => {
    execFile("sh", ["-c", `${scripts[name]} ${option}`], { env }, (error, stdout, stderr) =>
      done({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

test.each(names)("npm run %s -- --help prints help and runs nothing", async (name) => {
  const { code, stdout, stderr } = await runScript(name, "--help");
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toMatch(/^(vitest\/\S+\n\n)?Usage:/);
});

test.each(names)(
  "npm run %s -- --nonsense says that there is no such option, and runs nothing",
  async (name) => {
    const ran = await runScript(name, "--nonsense");
    const said = others[name];
    if (said) {
      expect({ code: ran.code, stdout: ran.stdout }).toEqual({ code: 1, stdout: "" });
      expect(ran.stderr).toMatch(said);
      return;
    }
    const stderr = "error: unknown option '--nonsense'\n(add --help for the options)\n";
    expect(ran).toEqual({ code: 2, stdout: "", stderr });
  },
);

test("npm knows of each package that has an install script whether it may run it", () => {
  const { packages }: { packages: Record<string, { hasInstallScript?: true }> } = JSON.parse(
    readFileSync("package-lock.json", "utf8"),
  );
  const withScript = Object.entries(packages)
    .filter(([, { hasInstallScript }]) => hasInstallScript)
    .map(([path]) => path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length));
  expect(new Set(withScript)).toEqual(new Set(Object.keys(allowScripts)));
});

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, it, test } from "vitest";
import { MissingPackagesError } from "../../contracts/openapi/optional-packages.ts";
import { faultsOf, installedFor, type Lock, type Manifest, readJson } from "../lab/supply-chain/packages.ts";

const manifest = readJson<Manifest>("package.json");
const lock = readJson<Lock>("package-lock.json");

test("what a consumer installs runs no script, is pinned, comes from the registry and may be used", () => {
  expect(faultsOf(manifest, lock)).toEqual([]);
  expect(installedFor(Object.keys(manifest.dependencies!), lock).length).toBeGreaterThan(5);
});

describe("a fault is found", () => {
  const sha512 = `sha512-${"A".repeat(86)}==`;
  const locked = (name: string, rest: object = {}) => ({
    version: "1.0.0",
    resolved: `https://registry.npmjs.org/${name}/-/${name}-1.0.0.tgz`,
    integrity: sha512,
    license: "MIT",
    ...rest,
  });
  const below = (rest: object): Lock => ({
    packages: {
      "node_modules/a": locked("a", { dependencies: { b: "1" } }),
      "node_modules/b": locked("b", rest),
    },
  });
  const good: Manifest = { dependencies: { a: "1.0.0" } };

  it.each<[what: string, manifest: Manifest, lock: Lock, fault: string]>([
    [
      "an install script of ours",
      { ...good, scripts: { install: "x" } },
      below({}),
      "The package has the script install.",
    ],
    [
      "a preinstall script of ours",
      { ...good, scripts: { preinstall: "x" } },
      below({}),
      "The package has the script preinstall.",
    ],
    [
      "a postinstall script of ours",
      { ...good, scripts: { postinstall: "x" } },
      below({}),
      "The package has the script postinstall.",
    ],
    ["a range", { dependencies: { a: "^1.0.0" } }, below({}), "a has no exact version, but ^1.0.0."],
    ["a tag", { dependencies: { a: "latest" } }, below({}), "a has no exact version, but latest."],
    [
      "a dependency that is not locked",
      { dependencies: { c: "1.0.0" } },
      below({}),
      "c is not in the lock file.",
    ],
    ["an install script below", good, below({ hasInstallScript: true }), "b has an install script."],
    ["a link", good, below({ link: true }), "b is a link."],
    ["another package under the name", good, below({ name: "c" }), "b is another package, c."],
    [
      "a git repository",
      good,
      below({ resolved: "git+ssh://git@github.com/x/b.git#1" }),
      "b does not come from the registry.",
    ],
    [
      "another host",
      good,
      below({ resolved: "https://registry.example.com/b/-/b-1.0.0.tgz" }),
      "b does not come from the registry.",
    ],
    [
      "a file of another package",
      good,
      below({ resolved: "https://registry.npmjs.org/c/-/c-1.0.0.tgz" }),
      "b does not come from the registry.",
    ],
    [
      "a file of another package by two dots",
      good,
      below({ resolved: "https://registry.npmjs.org/b/-/../../c/-/c-1.0.0.tgz" }),
      "b does not come from the registry.",
    ],
    [
      "an optional package of ours that runs a script",
      { dependencies: {}, optionalDependencies: { a: "1.0.0" } },
      below({ hasInstallScript: true }),
      "b has an install script.",
    ],
    [
      "an optional package of ours by a range",
      { ...good, optionalDependencies: { b: "*" } },
      below({}),
      "b has no exact version, but *.",
    ],
    [
      "a peer that npm installs",
      { ...good, peerDependencies: { c: "*" } },
      below({}),
      "c is a peer that npm installs.",
    ],
    [
      "packages in its own file",
      { ...good, bundleDependencies: ["a"] },
      below({}),
      "The package brings other packages in its own file.",
    ],
    ["SHA-1", good, below({ integrity: "sha1-AAAAAAAAAAAAAAAAAAAAAAAAAAA=" }), "b has no SHA-512."],
    ["no hash", good, below({ integrity: undefined }), "b has no SHA-512."],
    ["a licence that asks for more", good, below({ license: "AGPL-3.0" }), "b has the licence AGPL-3.0."],
    ["no licence", good, below({ license: undefined }), "b has the licence unknown."],
  ])("%s", (_, given, locks, fault) => {
    expect(faultsOf(given, locks)).toEqual([fault]);
  });

  it("a nested version is the one that counts", () => {
    const packages = {
      ...below({}).packages,
      "node_modules/a/node_modules/b": locked("b", { hasInstallScript: true }),
    };
    expect(faultsOf(good, { packages })).toEqual(["b has an install script."]);
  });
});

test("of the optional packages only one runs a script, and the command that installs them runs none", () => {
  const optional = installedFor(Object.keys(manifest.peerDependencies!), lock).filter(
    ({ path }) => !/^node_modules\/(vitest|vite|esbuild)$/.test(path),
  );
  const running = optional.filter(({ hasInstallScript }) => hasInstallScript).map(({ path }) => path);
  expect(running).toEqual(["node_modules/@scarf/scarf"]);
  expect(new MissingPackagesError("prism", ["@stoplight/prism-http"]).message).toContain(
    "npm i -D --ignore-scripts ",
  );
});

test.each(["action.yml", "Dockerfile"])("%s installs without install scripts", (file) => {
  const lines = readFileSync(file, "utf8").match(/\bnpm (?:ci|i|install|prune)\b.*/g) ?? [];
  expect(lines.length).toBeGreaterThan(0);
  expect(lines.filter((line) => !line.includes("--ignore-scripts"))).toEqual([]);
});

test("commands list the licences and write an SBOM", () => {
  const installed = installedFor(Object.keys(manifest.dependencies!), lock);
  const run = (script: string) =>
    execFileSync("npm", ["run", "-s", script], { encoding: "utf8", maxBuffer: 1e8 });
  const licences = run("licences").trimEnd().split("\n");
  expect(licences.at(-1)).toBe(`${installed.length} packages, 0 not permissive`);
  const { components } = JSON.parse(run("sbom")) as { components: { name: string; version: string }[] };
  const names = components.map(({ name, version }) => `${name} ${version}`);
  for (const { path, version } of installed) {
    expect(names).toContain(`${path.slice(path.lastIndexOf("node_modules/") + 13)} ${version}`);
  }
});

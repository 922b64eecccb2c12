import { execFile } from "node:child_process";
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { optionalPackages } from "../../contracts/openapi/optional-packages.ts";
import { folderSize } from "../lab/examples/folder-size.ts";

const run = promisify(execFile);
const node = process.execPath;
const tsc = "node_modules/typescript/bin/tsc";

// A folder inside the project, so that `necid-contract-kit/…` resolves to the project's own exports.
let directory: string;
beforeAll(async () => {
  directory = mkdtempSync("node_modules/.consumer-");
  await run("npm", ["run", "build"]);
});
afterAll(() => rmSync(directory, { recursive: true }));

const consumer = `
import { createClient, isStatus } from "necid-contract-kit/client";
import { face } from "necid-contract-kit/faces";
import { loadContract } from "necid-contract-kit/contract";
import { startMock } from "necid-contract-kit/mock";
import contract from "necid-contract-kit/openapi.json" with { type: "json" };

const mock = await startMock();
const client = createClient({ ...mock.credentials, apiKey: mock.apiKeys[0], baseUrl: mock.url });
const { data, response } = await client.operations.ApiSubjectsPost({ body: { face: face("alice", { quality: 0.5 }) } });
const left: string | undefined = data?.attributes.faceQualityScore;
const refused = await client.POST("/subjects", { body: { face: "?" } });
let code: 1001 | 2001 | 2002 | undefined;
if (isStatus(refused, 400)) code = refused.error.errorCode;
const { validation } = await loadContract();
const answer = { status: 201, mediaType: "application/json", body: data, headers: Object.fromEntries(response.headers) };
const faults = validation.response("ApiSubjectsPost", answer).length;
console.log(JSON.stringify([response.status, left, code, contract.info.title, faults]));
await mock.close();
`;

test("the compiled package serves a consumer: client, mock and contract, typed", async () => {
  const file = join(directory, "consumer.ts");
  writeFileSync(file, consumer);
  const strict = [
    "--noEmit",
    "--strict",
    "--target",
    "es2024",
    "--module",
    "nodenext",
    "--types",
    "node",
    "--resolveJsonModule",
  ];
  await run(node, [tsc, ...strict, file]);
  const { stdout } = await run(node, [
    "--input-type=module",
    "-e",
    consumer.replaceAll(/(const \w+|let code): [^=;]+/g, "$1"),
  ]);
  expect(JSON.parse(stdout)).toEqual([201, "0.5", 1001, "Biometric API", 0]);
});

test("its types refuse what the contract refuses", async () => {
  const file = join(directory, "wrong.ts");
  writeFileSync(file, consumer.replace(`face: "?"`, "face: 1"));
  const compiled = run(node, [
    tsc,
    "--noEmit",
    "--strict",
    "--target",
    "es2024",
    "--module",
    "nodenext",
    "--types",
    "node",
    "--resolveJsonModule",
    file,
  ]);
  await expect(compiled).rejects.toMatchObject({
    stdout: expect.stringMatching(/Type 'number' is not assignable to type 'string'/),
  });
});

test("its binary knows its version", async () => {
  const { version, bin } = JSON.parse(readFileSync("package.json", "utf8"));
  const { stdout } = await run(node, [bin.necid, "--version"]);
  expect(stdout).toBe(`${version}\n`);
});

test("a consumer gets at most 15 packages and 10 MB, and no install script", async () => {
  const { stdout } = await run("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"]);
  // An array up to npm 10, an object by the package's name since.
  const [packed] = Object.values<{ files: { size: number }[] }>(JSON.parse(stdout));
  const installed = [...dependenciesOf(".")];
  const own = packed!.files.reduce((sum, { size }) => sum + Math.ceil(size / 4096) * 4096, 0);
  const bytes = installed.map(folderSize).reduce((sum, size) => sum + size, own);
  expect(installed.length + 1).toBeLessThanOrEqual(15);
  expect(bytes / 2 ** 20).toBeLessThanOrEqual(10);
  const scripts = installed.flatMap((folder) => Object.keys(manifestOf(folder).scripts ?? {}));
  expect(scripts.filter((name) => /^(pre|post)?install$/.test(name))).toEqual([]);
});

test("every package that the shipped code imports is a dependency or an optional peer", async () => {
  const { dependencies, peerDependencies, devDependencies } = manifestOf(".");
  const broughtByPrismCli = { "@stoplight/prism-http-server": "" };
  // `necid init` writes tests that import this package. A configuration in TypeScript is read by the compiler of the
  // project that has it. The help of `generate` says `from "necid" in package.json`.
  const others = { "necid-contract-kit": "", typescript: "", necid: "" };
  const known = { ...dependencies, ...peerDependencies, ...broughtByPrismCli, ...others };
  const imported = globSync("{contracts,mocks,tools}/**/*.ts")
    .filter((file) => !file.endsWith(".d.ts"))
    .flatMap((file) => packagesIn(readFileSync(file, "utf8")));
  expect([...new Set(imported)].filter((name) => !(name in known))).toEqual([]);
  const untried = Object.keys(peerDependencies!).filter((name) => !(name in devDependencies!));
  expect(untried).toEqual([]);
});

test("the optional packages are those of the parts that load them", () => {
  const { peerDependencies } = manifestOf(".");
  const ofParts = optionalPackages().map(({ name }) => name);
  expect([...ofParts, "vitest"].sort()).toEqual(Object.keys(peerDependencies!).sort());
});

type Manifest = Partial<
  Record<"dependencies" | "peerDependencies" | "devDependencies" | "scripts", Record<string, string>>
> & { exports?: Record<string, string | Entry>; typesVersions?: { "*": Record<string, string[]> } };
type Entry = { node: { require: { types: string; default: string } }; types: string; default: string };

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
}

/** The folders of all packages that npm installs for this one, each once. */
function dependenciesOf(folder: string, found = new Set<string>()): Set<string> {
  for (const name of Object.keys(manifestOf(folder).dependencies ?? {})) {
    const nested = join(folder, "node_modules", name);
    const place = existsSync(nested) ? nested : join("node_modules", name);
    if (found.has(place)) continue;
    found.add(place);
    dependenciesOf(place, found);
  }
  return found;
}

/** Type imports of the package of a dependency (`openapi-typescript-helpers`) come with that one. */
function packagesIn(text: string): string[] {
  const found = text.matchAll(
    /^(?:import|export) (?!type)[^;]*? ?from "([^".#][^"]*)"|\bimport\("([^".#][^"]*)"\)|\brequire\("([^".#][^"]*)"\)/gm,
  );
  return [...found]
    .map(([, fixed, loaded, required]) => (fixed ?? loaded ?? required)!)
    .filter((name) => !name.startsWith("node:") && !name.includes("$"))
    .map((name) =>
      name
        .split("/")
        .slice(0, name.startsWith("@") ? 2 : 1)
        .join("/"),
    );
}

/** The doors for CommonJS, and the ES modules behind them. */
const doors = globSync("mocks/testing/commonjs/*.cjs").map((file) => {
  const [, module] = /"\.\.\/\.\.\/\.\.\/dist\/(.*)\.js"/.exec(readFileSync(file, "utf8"))!;
  return [file, module!] as const;
});

test.each(doors)("the types of %s name what %s exports", async (file, module) => {
  const types = readFileSync(file.replace(/cjs$/, "d.cts"), "utf8");
  const declared = [...types.matchAll(/^export declare const (\w+)/gm)].map(([, name]) => name);
  if (types.includes("export = ")) declared.push("default");
  const exported = await import(join(process.cwd(), `${module}.ts`));
  expect(declared.sort()).toEqual(Object.keys(exported).sort());
  const classes = Object.keys(exported).filter(
    (name) => name !== "default" && /^class /.test(String(exported[name])),
  );
  expect([...types.matchAll(/^export type (\w+) =/gm)].map(([, name]) => name).sort()).toEqual(
    classes.sort(),
  );
});

test("every entry of code has a door for CommonJS, and types for the oldest module resolution", () => {
  const { exports, typesVersions } = manifestOf(".");
  const entries = Object.entries(exports ?? {}).filter(
    (entry): entry is [string, Entry] => typeof entry[1] === "object",
  );
  for (const [name, { node, types, default: code }] of entries) {
    const require = { types: expect.stringMatching(/\.d\.cts$/), default: expect.stringMatching(/\.cjs$/) };
    expect(node).toEqual({ require, types, default: code });
    expect(typesVersions?.["*"][name.slice(2)]).toEqual([types]);
  }
  const files = entries.map(([, { node }]) => node.require.default.slice(2));
  expect(files.sort()).toEqual(doors.map(([file]) => file).sort());
});

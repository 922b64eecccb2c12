import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { GenerateConfig } from "../../../contracts/load/config.ts";
import { isObject } from "../../../contracts/openapi/json.ts";
import { similarName } from "../../../contracts/openapi/similar-name.ts";

/** The config of a project cannot be used. The message names the file and what is wrong in it. */
export class ConfigError extends Error {
  readonly code = "CONFIG";

  constructor(file: string, problem: string) {
    super(`${file}: ${problem}`);
    this.name = "ConfigError";
  }
}

const names = ["ts", "mts", "js", "mjs", "cjs", "json"].map((ending) => `necid.config.${ending}`);

/**
 * What the project in a folder keeps for `necid generate`: the first of `necid.config.ts`, `.js` and `.json`, else
 * `necid` in `package.json`.
 *
 * @returns `undefined` where the project keeps nothing.
 * @throws {ConfigError} when it cannot be read, or is of another form.
 */
export async function readProjectConfig(folder = "."): Promise<GenerateConfig[] | undefined> {
  const file = names.find((name) => existsSync(join(folder, name)));
  if (file !== undefined) return readConfig(await load(join(folder, file), file), file);
  const manifest = join(folder, "package.json");
  if (!existsSync(manifest)) return undefined;
  const { necid } = readJson(manifest, "package.json");
  return necid === undefined ? undefined : readConfig(necid, "package.json, necid");
}

/**
 * Keeps the options of a run in `package.json`.
 * @throws {ConfigError} when there is none, or a config file stands beside it.
 */
export function saveProjectConfig(config: GenerateConfig, folder = "."): void {
  const other = names.find((name) => existsSync(join(folder, name)));
  if (other !== undefined) throw new ConfigError(other, "It keeps the options already. Change them there.");
  const file = join(folder, "package.json");
  if (!existsSync(file)) throw new ConfigError("package.json", "It is not there. Run `npm init` first.");
  const text = readFileSync(file, "utf8");
  const indent = /^[ \t]+/m.exec(text)?.[0] ?? "  ";
  writeFileSync(
    file,
    `${JSON.stringify({ ...readJson(file, "package.json"), necid: config }, null, indent)}\n`,
  );
}

async function load(path: string, name: string): Promise<unknown> {
  if (name.endsWith(".json")) return readJson(path, name);
  try {
    const loaded = await importModule(path);
    return loaded.default ?? loaded;
  } catch (error) {
    const [line] = String((error as Error).message ?? error).split("\n");
    throw new ConfigError(name, `It cannot be loaded: ${line}`);
  }
}

async function importModule(path: string): Promise<Record<string, unknown>> {
  const url = pathToFileURL(resolve(path)).href;
  try {
    return await import(url);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_UNKNOWN_FILE_EXTENSION") throw error;
    // Node before 22.18 does not take types away; the package that writes types brings TypeScript with it.
    const typescript = createRequire(import.meta.url)("typescript") as typeof import("typescript");
    const { outputText } = typescript.transpileModule(readFileSync(path, "utf8"), {
      compilerOptions: { module: typescript.ModuleKind.ESNext, target: typescript.ScriptTarget.ES2022 },
    });
    return import(`data:text/javascript,${encodeURIComponent(outputText)}`);
  }
}

function readJson(path: string, name: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(readFileSync(path, "utf8"));
    if (isObject(value)) return value;
  } catch (error) {
    throw new ConfigError(name, `It is no JSON file: ${(error as Error).message}`);
  }
  throw new ConfigError(name, "It must hold an object.");
}

function readConfig(given: unknown, name: string): GenerateConfig[] {
  const inner = isObject(given) && "generate" in given ? given.generate : given;
  if (isObject(given) && "generate" in given) refuseUnknown(given, ["generate"], name);
  const list = Array.isArray(inner) ? inner : [inner];
  if (list.length === 0) throw new ConfigError(name, "generate must name a description at least.");
  return list.map((one, index) => readOne(one, list.length > 1 ? `${name}, generate[${index}]` : name));
}

function readOne(given: unknown, name: string): GenerateConfig {
  if (!isObject(given)) throw new ConfigError(name, 'It must be an object like { spec: "orders.yaml" }.');
  refuseUnknown(given, Object.keys(rules), name);
  for (const [field, [isRight, rule]] of Object.entries(rules)) {
    if (!isRight(given[field])) throw new ConfigError(name, `${field} must be ${rule}.`);
  }
  return given as unknown as GenerateConfig;
}

function refuseUnknown(given: object, known: string[], name: string): void {
  const unknown = Object.keys(given).find((field) => !known.includes(field));
  if (unknown === undefined) return;
  const similar = similarName(unknown, known);
  const hint = similar === undefined ? `Known: ${known.join(", ")}.` : `Did you mean ${similar}?`;
  throw new ConfigError(name, `${unknown} is not known. ${hint}`);
}

const isText = (value: unknown) => typeof value === "string" && value !== "";
const optional = (isRight: (value: unknown) => boolean) => (value: unknown) =>
  value === undefined || isRight(value);
const rules: Record<string, [isRight: (value: unknown) => boolean, rule: string]> = {
  spec: [isText, "the path of a Swagger or OpenAPI file"],
  overlay: [optional(isText), "the path of an overlay"],
  out: [optional(isText), "the path of a folder"],
  strict: [optional((value) => typeof value === "boolean"), "true or false"],
  allowRefs: [optional((value) => Array.isArray(value) && value.every(isText)), "a list of folders"],
  maxSpecSize: [optional((value) => Number.isInteger(value) && Number(value) > 0), "a whole number of bytes"],
};

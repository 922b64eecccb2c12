import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";

/** Hides a package from a process, as if it were not installed. */
const hiding = (name: string) =>
  `data:text/javascript,${encodeURIComponent(`
    import { registerHooks } from "node:module";
    registerHooks({
      resolve(specifier, context, next) {
        if (specifier !== ${JSON.stringify(name)}) return next(specifier, context);
        const isRequire = context.conditions.includes("require");
        throw Object.assign(new Error("hidden"), { code: isRequire ? "MODULE_NOT_FOUND" : "ERR_MODULE_NOT_FOUND" });
      },
    });
  `)}`;

test.each<[verb: string, args: string[], name: string, purpose: string]>([
  ["diff", ["spec/necid-v1.yaml", "spec/necid-v1.1.yaml"], "js-yaml", "Reading a Swagger file"],
  ["verify", ["--target", "mock", "--part", "pact"], "@pact-foundation/pact-core", "Verifying pacts"],
  ["generate", ["--check"], "json-p3", "Reading a Swagger file"],
])("necid %s %j without %s says what to install", async (verb, args, name, purpose) => {
  const ended = await promisify(execFile)(process.execPath, [
    "--import",
    hiding(name),
    "tools/commands/start.js",
    verb,
    ...args,
  ]).catch((error) => error);
  expect([ended.code, ended.stdout]).toEqual([2, ""]);
  const version = "\\d+\\.\\d+\\.\\d+";
  const sentence = `${purpose} needs packages that are not installed: npm i -D --ignore-scripts ${name}@${version}`;
  expect(ended.stderr).toMatch(new RegExp(`^${sentence}\n$`));
});

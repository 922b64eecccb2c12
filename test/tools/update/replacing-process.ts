import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import { createReplacement } from "../../../tools/update/replacement.ts";

/** Replaces files of a folder, and is killed at the step of the file system that the second argument counts. */
const [project, killedAt] = process.argv.slice(2);
const file = (name: string) => join(project!, name);

let steps = 0;
for (const name of [
  "renameSync",
  "copyFileSync",
  "cpSync",
  "writeFileSync",
  "rmSync",
  "mkdirSync",
] as const) {
  const original = fs[name] as (...given: unknown[]) => unknown;
  Object.assign(fs, {
    [name]: (...given: unknown[]) => {
      if (++steps === Number(killedAt)) process.kill(process.pid, "SIGKILL");
      return original(...given);
    },
  });
}
syncBuiltinESMExports();

const replacement = createReplacement(file("generated"));
const staged = (name: string, text: string) => {
  fs.writeFileSync(join(replacement.folder, name), text);
  return join(replacement.folder, name);
};
replacement.replace([
  { file: file("spec/api.yaml"), staged: staged("a", "new spec") },
  { file: file("generated/api/one.js"), staged: staged("b", "new one") },
  { file: file("generated/api/two.js"), staged: staged("c", "new two") },
]);
replacement.keep(file("generated/api/pacts"));
fs.writeFileSync(file("generated/api/pacts/app.json"), "new pact");
fs.writeFileSync(file("generated/api/pacts/other.json"), "another pact");
replacement.finish();

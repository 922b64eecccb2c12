import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join, relative, resolve, sep } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/**
 * Compiles the declarations of several generated folders as one program, strictly.
 * @param folders each with `schema.d.ts`, `client.d.ts` and `validators.d.ts`, all below `root`.
 * @returns the errors of each folder that has some.
 */
export async function compileTypes(
  folders: string[],
  { root, compiler }: { root: string; compiler: string },
): Promise<Map<string, string[]>> {
  const files = folders.flatMap((folder) =>
    ["schema.d.ts", "client.d.ts", "validators.d.ts"]
      .map((name) => join(folder, name))
      .filter((file) => existsSync(file)),
  );
  const config = join(root, "tsconfig.json");
  const compilerOptions = {
    target: "es2024",
    lib: ["es2024", "dom", "dom.iterable"],
    module: "nodenext",
    moduleResolution: "nodenext",
    strict: true,
    exactOptionalPropertyTypes: false,
    allowImportingTsExtensions: true,
    types: [],
    noEmit: true,
    // Errors in declarations are what is looked for; those of TypeScript itself have none.
    skipLibCheck: false,
    skipDefaultLibCheck: true,
  };
  await writeFile(
    config,
    JSON.stringify({ compilerOptions, files: files.map((file) => relative(root, file)) }),
  );
  const output = await run(compiler, ["-p", config, "--pretty", "false"], {
    cwd: root,
    maxBuffer: 1e9,
  }).then(
    () => "",
    (error: { stdout?: string; message: string }) => error.stdout || error.message,
  );
  const errors = new Map<string, string[]>();
  for (const line of output.split("\n").filter((line) => /error TS\d+/.test(line))) {
    const file = resolve(root, line.slice(0, line.search(/\(\d+,\d+\)/)));
    const folder = folders.find((one) => file.startsWith(one + sep)) ?? "";
    errors.set(folder, [...(errors.get(folder) ?? []), line]);
  }
  if (output !== "" && errors.size === 0) errors.set("", [output]);
  return errors;
}

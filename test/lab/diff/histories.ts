import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { runProgram } from "../../../tools/commands/reader/options.ts";
import { terminal } from "../../../tools/commands/reader/terminal.ts";
import { diffSources } from "../../../tools/diff/diff.ts";
import type { Level } from "../../../tools/diff/rules/rules.ts";
import { readSource } from "../../../tools/diff/source.ts";
import { knownDifferences } from "./known-differences.ts";
import { askOasdiff } from "./oasdiff.ts";
import { upgradeValue } from "./upgrade-value.ts";

const HISTORIES: [name: string, file: string, versions: string[]][] = [
  ["@blockfrost/openapi", "openapi.yaml", ["0.1.54", "0.1.60", "0.1.73", "0.1.84", "0.1.93"]],
  ["@ideal-postcodes/openapi", "dist/openapi.json", ["3.1.0", "4.10.1", "4.12.0", "4.14.1", "4.21.0"]],
  ["@digdir/dialogporten-schema", "swagger.verified.json", ["1.19.0-651ca62", "1.40.0", "1.118.6"]],
];

type Verdict = Level | "none";
const cache = join(import.meta.dirname, "../node_modules/.cache/descriptions");

const program = {
  name: "npm run diff:histories --",
  description: `Compares the verdicts of the diff and of oasdiff on each operation of public APIs, version by version. The descriptions come from npm into test/lab/node_modules/.cache.
Exit codes: 0 alike, or known-differences.ts has a reason, 1 not.`,
  options: {},
};

process.exitCode = await runProgram(program, { args: process.argv.slice(2), terminal }, compareAll);

async function compareAll(): Promise<number> {
  const groups = new Map<string, { count: number; first: string; reason: string }>();
  let [compared, alike] = [0, 0];

  for (const [name, file, versions] of HISTORIES) {
    for (const [index, version] of versions.slice(1).entries()) {
      const sides = await Promise.all(
        [versions[index]!, version].map((each) => readSource(join(fetched(name, each), file))),
      );
      const ours = diffSources(sides[0]!, sides[1]!).changes;
      const documents = await Promise.all(
        sides.map(async ({ document }) => (document.openapi ? document : upgradeValue(document))),
      );
      const theirs = askOasdiff(documents[0]!, documents[1]!);
      const erased = (operation: string) => operation.replaceAll(/\{[^}]*\}/g, "{}");
      const operations = new Set([...ours, ...theirs].map(({ operation }) => erased(operation)));
      for (const operation of operations) {
        if (!operation.includes("/")) continue;
        const own = ours.filter((change) => erased(change.operation) === operation);
        const other = theirs.filter((change) => erased(change.operation) === operation);
        const [one, two] = [worst(own.map(({ level }) => level)), worst(other.map(({ level }) => level))];
        compared++;
        if (one === two) {
          alike++;
          continue;
        }
        const ids = [...new Set(own.filter(({ level }) => level === one).map(({ id }) => id))].sort();
        const their = [...new Set(other.filter(({ level }) => level === two).map(({ id }) => id))].sort();
        const known = knownDifferences.find(
          (each) =>
            each.ours === one &&
            each.theirs.includes(two) &&
            (ids.length > 0 ? ids : [""]).some((id) => each.pairs.test(`[${id}] [${their.join(" ")}]`)),
        );
        const key = `${one} ${ids.join(" ")}\n  oasdiff  ${two} ${their.join(" ")}`;
        const group = groups.get(key) ?? {
          count: 0,
          first: `${name} ${version} ${operation}`,
          reason: known?.reason ?? "",
        };
        groups.set(key, { ...group, count: group.count + 1 });
      }
    }
  }

  const unknown = [...groups].filter(([, { reason }]) => reason === "");
  for (const [key, { count, first, reason }] of [...groups].sort((a, b) => b[1].count - a[1].count))
    console.log(`${count} operations, first ${first}\n  diff     ${key}\n  because  ${reason || "?"}`);
  console.log(
    `${compared} operations changed: ${alike} verdicts alike; ${unknown.length} groups without a reason`,
  );
  return unknown.length > 0 ? 1 : 0;
}

function worst(levels: Level[]): Verdict {
  return (["breaking", "risky", "compatible"] as const).find((level) => levels.includes(level)) ?? "none";
}

function fetched(name: string, version: string): string {
  const folder = join(cache, `${name.replace("/", "+")}@${version}`);
  if (existsSync(folder)) return folder;
  mkdirSync(folder, { recursive: true });
  const packed = execFileSync("npm", ["pack", "--silent", `${name}@${version}`], {
    cwd: folder,
    encoding: "utf8",
  });
  execFileSync("tar", ["-xzf", packed.trim(), "--strip-components=1"], { cwd: folder });
  return folder;
}

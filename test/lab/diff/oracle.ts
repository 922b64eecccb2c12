import type { JsonObject } from "../../../contracts/openapi/json.ts";
import { runProgram } from "../../../tools/commands/reader/options.ts";
import { terminal } from "../../../tools/commands/reader/terminal.ts";
import { diffSources } from "../../../tools/diff/diff.ts";
import type { Level } from "../../../tools/diff/rules/rules.ts";
import { operationPairs } from "../../tools/diff/operation-pairs.ts";
import { type Dialect, documentOf, sourceOf } from "../../tools/diff/pair-documents.ts";
import { schemaPairs } from "../../tools/diff/schema-pairs.ts";
import { knownDifferences } from "./known-differences.ts";
import { askOasdiff } from "./oasdiff.ts";
import { upgradeValue } from "./upgrade-value.ts";

type Verdict = Level | "none";
type Case = { title: string; old: JsonObject; now: JsonObject };

const program = {
  name: "npm run diff:oasdiff --",
  description: `Compares the verdicts of the diff with those of oasdiff on the pairs of the tables, both sides upgraded to OpenAPI 3.
Exit codes: 0 alike, or known-differences.ts has a reason, 1 not.`,
  options: {},
};

process.exitCode = await runProgram(program, { args: process.argv.slice(2), terminal }, compareAll);

async function compareAll(): Promise<number> {
  const cases: Case[] = [];
  for (const [title, a, b, , , only = "3.1"] of schemaPairs) {
    const dialect = (only.includes("3.1") ? "3.1" : only.split(" ").at(-1)) as Dialect;
    for (const part of ["request", "response"] as const) {
      const [one, other] = [a, b].map((schema) => onlyPart(documentOf(schema, dialect), part));
      cases.push({ title: `${part} ${title}, forth`, old: one!, now: other! });
      cases.push({ title: `${part} ${title}, back`, old: other!, now: one! });
    }
  }
  for (const [title, a, b] of operationPairs)
    cases.push({ title: `${title}, forth`, old: a, now: b }, { title: `${title}, back`, old: b, now: a });

  const counts = { same: 0, known: 0, unknown: 0 };
  for (const { title, old, now } of cases) {
    const ours = diffSources(sourceOf(old), sourceOf(now)).changes;
    const theirs = askOasdiff(
      withPathParameters(await upgraded(old)),
      withPathParameters(await upgraded(now)),
    );
    const [own, other] = [worst(ours.map(({ level }) => level)), worst(theirs.map(({ level }) => level))];
    if (own === other) {
      counts.same++;
      continue;
    }
    const ids = ours.filter(({ level }) => level === own).map(({ id }) => id);
    const known = knownDifferences.find(
      (each) =>
        each.ours === own && each.theirs.includes(other) && each.pairs.test(`${title} [${ids.join(" ")}]`),
    );
    counts[known ? "known" : "unknown"]++;
    if (known) continue;
    const said = theirs.map(({ id, level }) => `${level} ${id}`).join(", ");
    console.log(`${title}\n  diff     ${own} ${ids.join(" ")}\n  oasdiff  ${other} ${said}`);
  }
  console.log(
    `${cases.length} pairs: ${counts.same} verdicts alike, ${counts.known} differ for a known reason, ${counts.unknown} for none`,
  );
  return counts.unknown > 0 ? 1 : 0;
}

function worst(levels: Level[]): Verdict {
  return (["breaking", "risky", "compatible"] as const).find((level) => levels.includes(level)) ?? "none";
}

function onlyPart(document: JsonObject, part: "request" | "response"): JsonObject {
  const copy = structuredClone(document);
  const { post } = (copy.paths as Record<string, Record<string, JsonObject>>)["/pairs"]!;
  if (part === "request") post!.responses = { "200": { description: "" } };
  else {
    delete post!.requestBody;
    delete post!.parameters;
  }
  return copy;
}

async function upgraded(document: JsonObject): Promise<JsonObject> {
  if (document.openapi) return structuredClone(document);
  return upgradeValue(document);
}

/** oasdiff refuses a path whose parameters are not declared. */
function withPathParameters(document: JsonObject): JsonObject {
  for (const [path, item] of Object.entries((document.paths ?? {}) as Record<string, JsonObject>)) {
    const names = Array.from(path.matchAll(/\{([^}]+)\}/g), ([, name]) => name!);
    const declared = JSON.stringify(item);
    const missing = names.filter((name) => !declared.includes(`"name":"${name}"`));
    if (missing.length > 0)
      item.parameters = missing.map((name) => ({
        in: "path",
        name,
        required: true,
        schema: { type: "string" },
      }));
  }
  return document;
}

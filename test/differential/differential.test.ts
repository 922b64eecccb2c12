import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { makeCases } from "./cases.ts";
import { specimens } from "./contracts.ts";
import type { Document } from "./described.ts";
import { type Proof, prove } from "./prove.ts";
import { asCurl, staleDifferences } from "./report.ts";

const specimenOf = (name: string) => specimens.find((specimen) => specimen.name === name)!;

describe("our mock answers as stock Prism", () => {
  test.each(specimens)("for $name: $style", async (specimen) => {
    const proof = await prove(specimen, { count: 125, seed: "1" });
    expect(told(proof)).toEqual([]);
    expect(proof.asked).toBe(125);
    // Proofs by nothing but refusals would prove little.
    expect(proof.verdicts.kept).toBeGreaterThan(20);
  });
});

type Tamper = [fault: string, where: string, contract: string, change: (document: Document) => void];

describe("a mock that answers wrongly is noticed", () => {
  test.each<Tamper>([
    [
      "another example",
      "body",
      "vonage-reports",
      ({ paths }) => changeTexts(paths, "example", "example of another"),
    ],
    ["a looser bound", "verdict", "portfolio-optimizer", ({ paths }) => changeNumbers(paths, "minItems")],
    ["another status", "status", "petstore", ({ paths }) => renameStatus(paths, "200", "202")],
    ["no security", "verdict", "security", (document) => withoutSecurity(document)],
  ])("%s", async (_, aspect, contract, tamper) => {
    const { unexplained } = await prove(specimenOf(contract), { count: 125, seed: "1", tamper });
    expect(unexplained.flatMap(({ differences }) => differences.map((each) => each.aspect))).toContain(
      aspect,
    );
  });
});

test("the same seed makes the same requests, another one others", () => {
  const document = JSON.parse(readFileSync(specimenOf("microcks").file!, "utf8")) as Document;
  const sent = (seed: string) => makeCases(document, { count: 300, seed }).map(({ sent }) => asCurl(sent));
  expect(sent("1")).toEqual(sent("1"));
  expect(new Set(sent("1")).size).toBe(300);
  expect(sent("2")).not.toEqual(sent("1"));
});

test("an entry that no request met is stale", () => {
  const entry = { id: "met", reason: "", holds: () => true };
  const other = { ...entry, id: "never met" };
  const proof: Proof = {
    contract: "",
    operations: 0,
    asked: 1,
    verdicts: {},
    kinds: {},
    known: { met: 1 },
    unexplained: [],
  };
  expect(staleDifferences([proof], [entry, other])).toEqual([other]);
});

test("the contracts of others are those that their list describes", () => {
  const list = readFileSync(new URL("contracts/README.md", import.meta.url), "utf8");
  for (const { name, file } of specimens) {
    if (file === undefined) continue;
    const digest = createHash("sha256").update(readFileSync(file)).digest("hex");
    expect(list, name).toContain(`\`${digest}\``);
  }
});

function told({ unexplained }: Proof): unknown[] {
  return unexplained.map(({ case: { kind, sent }, differences }) => ({
    kind,
    request: asCurl(sent),
    differences,
  }));
}

function changeTexts(part: unknown, name: string, text: string): void {
  visit(part, (record) => {
    if (typeof record[name] === "string") record[name] = text;
  });
}

function changeNumbers(part: unknown, name: string): void {
  visit(part, (record) => {
    if (typeof record[name] === "number") delete record[name];
  });
}

function renameStatus(part: unknown, status: string, other: string): void {
  visit(part, (record) => {
    const responses = record.responses as Record<string, unknown> | undefined;
    if (!responses?.[status]) return;
    responses[other] = responses[status];
    delete responses[status];
  });
}

function withoutSecurity(document: Document): void {
  delete document.security;
  visit(document.paths, (record) => {
    delete record.security;
  });
}

function visit(part: unknown, change: (record: Record<string, unknown>) => void): void {
  if (typeof part !== "object" || part === null) return;
  if (!Array.isArray(part)) change(part as Record<string, unknown>);
  for (const inner of Object.values(part)) visit(inner, change);
}

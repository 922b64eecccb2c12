import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { describe, expect, test } from "vitest";
import { makeCases } from "./cases.ts";
import { specimens } from "./contracts.ts";
import type { Document } from "./described.ts";
import { type Finding, type Proof, prove } from "./prove.ts";
import { asCurl, staleDifferences } from "./report.ts";

const specimenOf = (name: string) => specimens.find((specimen) => specimen.name === name)!;

/** The rest is for the long run: `node test/lab/differential/run.ts`. */
const quick = ["necid-v1", "petstore", "bbc-ibl", "security", "vonage-reports", "vonage-verify"];

describe("our mock answers as stock Prism", () => {
  test.each(quick.map(specimenOf))("for $name: $style", async (specimen) => {
    const proof = await prove(specimen, { count: 250, seed: "1" });
    expect(told(proof)).toEqual([]);
    expect(proof.asked).toBe(250);
    // Nothing but refusals, or none, would prove little.
    expect(proof.verdicts.kept).toBeGreaterThan(50);
    expect(proof.verdicts.invalid).toBeGreaterThan(30);
  });

  test("and a mock that answers wrongly is noticed", async () => {
    const { unexplained } = await prove(specimenOf("petstore"), { count: 250, seed: "1", tamper });
    const missed = wrongs.filter(({ shows }) => !unexplained.some(shows));
    expect(missed).toEqual([]);
  });
});

/** What is wrong with the contract that our side serves then, and how that shows. */
const wrongs: { fault: string; shows: (finding: Finding) => boolean }[] = [
  {
    fault: "another example",
    shows: ({ differences }) =>
      differences.some(({ aspect, ours }) => aspect === "body" && ours.includes("another example")),
  },
  {
    fault: "no upper bound",
    shows: ({ case: { kind }, differences }) =>
      kind === "path: maximum" &&
      differences.some(({ aspect, prism }) => aspect === "verdict" && prism === "invalid"),
  },
  {
    fault: "another status",
    shows: ({ differences }) =>
      differences.some(({ aspect, ours, prism }) => aspect === "status" && ours === "202" && prism === "200"),
  },
  {
    fault: "no security",
    shows: ({ differences }) =>
      differences.some(({ aspect, prism }) => aspect === "verdict" && prism === "unauthorized"),
  },
];

function tamper(document: Document): void {
  visit(document, (record) => {
    delete record.maximum;
    delete record.security;
    if (isDeepStrictEqual(record.examples, ["doggie"])) record.examples = ["another example"];
    const { 200: ok, ...others } = (record.responses ?? {}) as Record<string, unknown>;
    if (record.operationId === "getInventory") record.responses = { 202: ok, ...others };
  });
}

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

function visit(part: unknown, change: (record: Record<string, unknown>) => void): void {
  if (typeof part !== "object" || part === null) return;
  if (!Array.isArray(part)) change(part as Record<string, unknown>);
  for (const inner of Object.values(part)) visit(inner, change);
}

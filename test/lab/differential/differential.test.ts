import { hash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { describe, expect, onTestFinished, test } from "vitest";
import { necIdContract, ownContracts, publishedContracts } from "./contracts.ts";
import { fetchContracts } from "./fetch-contracts.ts";
import { type Finding, type Proof, prove } from "./prove.ts";
import { asCurl, staleDifferences } from "./report.ts";
import { makeCases } from "./requests/cases.ts";
import type { Document } from "./requests/described.ts";

const contractOf = (name: string) => ownContracts.find((contract) => contract.name === name)!;

// `npm run check:lab` compares the other own contracts, `npm run differential` the published ones.
const quick = [necIdContract, ...["forms", "queries", "shapes", "security", "signed"].map(contractOf)];

describe("our mock answers as stock Prism", () => {
  test.each(quick)("for $name: $style", async (contract) => {
    const proof = await prove(contract, { count: 250, seed: "1" });
    expect(findingsOf(proof)).toEqual([]);
    expect(proof.requests).toBe(250);
    // Nothing but refusals, or none, would prove little.
    expect(proof.verdicts.kept).toBeGreaterThan(50);
    expect(proof.verdicts.invalid).toBeGreaterThan(30);
  });

  test("and a mock that answers wrongly is noticed", async () => {
    const { unexplained } = await prove(contractOf("forms"), { count: 250, seed: "1", tamper });
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
    if (isDeepStrictEqual(record.examples, ["the red lighthouse"])) record.examples = ["another example"];
    const { 200: ok, ...others } = (record.responses ?? {}) as Record<string, unknown>;
    if (record.operationId === "getInventory") record.responses = { 202: ok, ...others };
  });
}

test("the same seed makes the same requests, another one others", () => {
  const file = new URL("../../../generated/necid-v1/openapi.json", import.meta.url);
  const document = JSON.parse(readFileSync(file, "utf8")) as Document;
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
    requests: 1,
    verdicts: {},
    kinds: {},
    known: { met: 1 },
    unexplained: [],
  };
  expect(staleDifferences([proof], [entry, other])).toEqual([other]);
});

test("the published contracts are named by exact version and digest", () => {
  const names = publishedContracts.map(({ name }) => name);
  expect(names).toHaveLength(11);
  for (const { name, from, sha256 } of publishedContracts) {
    expect(from, name).toMatch(/^@?[\w/-]+@\d+\.\d+\.\d+$/);
    expect(sha256, name).toMatch(/^[0-9a-f]{64}$/);
  }
});

test("a published contract that is not the file of the table is refused", async () => {
  const folder = mkdtempSync(join(tmpdir(), "contracts-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [contract] = publishedContracts;
  writeFileSync(join(folder, `${contract!.name}.json`), "{}");
  await expect(fetchContracts([contract!], { folder, say: expect.unreachable })).rejects.toThrow(
    `${join(folder, "petstore.json")} is not the file of @readme/oas-examples@8.2.2 that test/lab/differential/contracts.ts names. Remove it and start again.`,
  );
  const sha256 = hash("sha256", "{}");
  expect(await fetchContracts([{ ...contract!, sha256 }], { folder, say: expect.unreachable })).toEqual([
    { name: "petstore", style: contract!.style, file: join(folder, "petstore.json") },
  ]);
});

function findingsOf({ unexplained }: Proof): unknown[] {
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
